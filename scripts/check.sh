#!/usr/bin/env bash
# Every check that needs no server, fastest first. All of them run; the first failure does not hide the others.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH" NO_COLOR=1
failed=()

# check NAME COMMAND…: one line when it holds, its whole output when not.
check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    echo "✓ $name"
  else
    echo "✗ $name"
    printf '%s\n' "$output"
    failed+=("$name")
  fi
}

web() { (cd web && npm run --silent "$1"); }
contracts() { PYTHONPATH=scripts lint-imports --no-cache; }
protocol() { sendjay protocol --check; }

check "Python format" ruff format --check .
check "Python lint" ruff check .
check "Web format and lint" web lint
check "Import contracts" contracts
check "Protocol files are up to date" protocol
check "Web types" web types
check "Python types" basedpyright
check "Web unit tests" web test

if ((${#failed[@]})); then
  printf 'Failed: %s\n' "$(IFS=,; echo "${failed[*]}")"
  exit 1
fi
