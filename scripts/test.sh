#!/usr/bin/env bash
# Everything that must hold: system programs, the fast checks, then every test. Ends with pytest's closing line.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/system-tools.sh
scripts/check.sh
# Most tests wait for servers and browsers: four files at a time. A file's tests stay together, for they share a server.
exec .venv/bin/python -m pytest --numprocesses="${SENDJAY_TEST_PROCESSES:-4}" --dist=loadfile --no-loadscope-reorder "$@"
