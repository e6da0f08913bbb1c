#!/usr/bin/env bash
# Installs the web packages exactly as locked, after a word about the node they need.
set -euo pipefail
cd "$(dirname "$0")/../web"

if ! command -v node > /dev/null || ! command -v npm > /dev/null; then
  echo "Node.js 20.19 or newer with npm is needed to build the web client." >&2
  exit 1
fi
node -e '
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Node.js ${process.versions.node} is too old: 20.19 or newer is needed to build the web client.`);
    process.exit(1);
  }'
npm ci --no-audit --no-fund --loglevel=error > /dev/null
