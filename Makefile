# `make demo` to try it, `make test` to check it, `make help` for the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# Python packages and the web build need nothing of each other.
MAKEFLAGS += --no-print-directory --jobs=2

export PIP_DISABLE_PIP_VERSION_CHECK := 1
BIN := .venv/bin
INSTALL := $(BIN)/pip install -qq
VENV := .venv/.made
RUNTIME := .venv/.runtime
DEV := .venv/.dev
NODE := web/node_modules/.installed
WEB := src/sendjay/web_dist/index.html
WEB_SOURCES := $(shell find web -name node_modules -prune -o -type f -not -name '*.test.*' -print)

.PHONY: help setup setup-dev demo test check bench format lock clean

help:
	@echo "make demo    set everything up and start a demo company"
	@echo "make test    every check and test (browser tests included)"
	@echo "make check   format, lint, types, contracts and unit tests of the web client"
	@echo "make bench   the figures, one JSON line each"
	@echo "make setup   .venv and the web build only"
	@echo "make format  rewrite the code in the project's format"
	@echo "make lock    renew the pinned Python packages (UPGRADE=1 for the newest)"
	@echo "make clean   remove everything make has made"

setup: $(RUNTIME) $(WEB)
	@echo "· Ready"

setup-dev: $(RUNTIME) $(WEB) $(DEV)

$(VENV): scripts/venv.sh
	@echo "· Python environment (.venv)"
	@scripts/venv.sh
	@touch $@

$(RUNTIME): $(VENV) requirements/runtime.lock pyproject.toml
	@echo "· Python packages"
	@$(INSTALL) --require-hashes -r requirements/runtime.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): $(RUNTIME) requirements/dev.lock
	@echo "· Python packages for checks and tests"
	@$(INSTALL) --require-hashes -r requirements/dev.lock
	@touch $@

$(NODE): web/package.json web/package-lock.json scripts/node-packages.sh
	@echo "· Web packages"
	@scripts/node-packages.sh
	@touch $@

$(WEB): $(NODE) $(WEB_SOURCES)
	@echo "· Web client"
	@cd web && npm run --silent build
	@touch $@

demo: setup
	@$(BIN)/sendjay demo

test: setup-dev
	@scripts/test.sh

check: setup-dev
	@scripts/check.sh

bench: setup-dev
	@$(BIN)/sendjay bench

format: setup-dev
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .
	@cd web && npm run --silent format

lock:
	@scripts/lock.sh

clean:
	@rm -rf .venv web/node_modules src/sendjay/web_dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache bench/build
