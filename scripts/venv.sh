#!/usr/bin/env bash
# Makes .venv with the first python3 that is new enough.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

stop() {
  printf '%s\n' "$@" >&2
  exit 1
}

command -v "$python" > /dev/null || stop "Python 3.11 or newer is needed. On Debian: apt-get install python3 python3-venv"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  stop "$("$python" --version) is too old: 3.11 or newer is needed. Name another one with: make PYTHON=python3.12"

# Debian ships python3 without the part that puts pip into a new environment.
if ! "$python" -c 'import ensurepip, venv' 2> /dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo "· Installing python3-venv"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv > /dev/null
  else
    stop "Python cannot make virtual environments here. On Debian: sudo apt-get install python3-venv"
  fi
fi

"$python" -m venv --clear .venv
