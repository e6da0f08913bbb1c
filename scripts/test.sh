#!/usr/bin/env bash
# Everything that must hold: system programs, the fast checks, then every test. Ends with pytest's closing line.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/system-tools.sh
scripts/check.sh
exec .venv/bin/python -m pytest "$@"
