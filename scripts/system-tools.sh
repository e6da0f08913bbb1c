#!/usr/bin/env bash
# Sees to the system programs the tests use: installs what is missing as root on Debian, names what stays missing.
# With SENDJAY_TEST_NO_SKIP=1 a missing one is a failure.
set -euo pipefail

# What each is for, and how it shows that it is there.
declare -A purpose=(
  [chromium]="browser tests"
  [fonts-nanum]="Korean text in screenshots"
  [fonts-noto-color-emoji]="emoji in screenshots"
  [postgresql]="every promise on PostgreSQL"
  [mariadb-server]="every promise on MariaDB"
  [redis-server]="tests of several nodes"
  [nginx-light]="the proxy's configuration in deploy/"
  [libfaketime]="a node with a wrong clock"
  [gcc]="the load generator of the bench and its test"
)
present() {
  case $1 in
    chromium) [ -x /usr/bin/chromium ] ;;
    postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null ;;
    mariadb-server) command -v mariadbd > /dev/null && command -v mariadb-install-db > /dev/null ;;
    redis-server) command -v redis-server > /dev/null ;;
    gcc) command -v gcc > /dev/null && echo '#include <stdlib.h>' | gcc -E - > /dev/null 2>&1 ;;
    libfaketime) compgen -G "/usr/lib/*/faketime/libfaketime.so.1" > /dev/null ;;
    nginx-light) [ -x /usr/sbin/nginx ] ;;
    fonts-nanum) [ -d /usr/share/fonts/truetype/nanum ] ;;
    fonts-noto-color-emoji) [ -e /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf ] ;;
  esac
}
missing() {
  for tool in "${!purpose[@]}"; do
    present "$tool" || echo "$tool"
  done
}

# gcc alone cannot compile a program: the C library's headers come beside it.
packages() { sed 's/^gcc$/gcc libc6-dev/' | tr '\n' ' '; }

wanted=$(missing | sort)
[ -n "$wanted" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
  echo "· Installing $(echo $wanted | sed 's/ /, /g')"
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  # At run level 1 packages start no servers: the tests start their own.
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
  # shellcheck disable=SC2046 # one word a package
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends $(packages <<< "$wanted"); } \
    > "$log" 2>&1 < /dev/null || tail -n 20 "$log"
fi

still=$(missing | sort)
for tool in $still; do
  echo "Missing: $tool (skipped: ${purpose[$tool]}). On Debian: sudo apt-get install $(packages <<< "$tool")"
done
if [ -n "$still" ] && [ "${SENDJAY_TEST_NO_SKIP:-}" = 1 ]; then
  echo "Nothing may be skipped in this run."
  exit 1
fi
