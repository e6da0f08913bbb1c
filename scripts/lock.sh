#!/usr/bin/env bash
# Renews requirements/*.lock from pyproject.toml: exact pins with hashes, no download addresses.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" install -qq uv

compile() {
  "$work/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-header --no-annotate --no-emit-index-url "$@" > /dev/null
}

# The build tools are pinned as well: the project itself is installed without fetching anything more.
printf 'hatchling\neditables\n' > "$work/build.in"
compile ${UPGRADE:+--upgrade} pyproject.toml "$work/build.in" --output-file requirements/runtime.lock
compile ${UPGRADE:+--upgrade} --group dev --constraint requirements/runtime.lock --output-file requirements/dev.lock
