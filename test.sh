#!/usr/bin/env bash
# Builds everything and runs every test; the last line says "N passed, N failed, N skipped". Arguments choose parts by name: ./test.sh Domain web
# As root it installs the Debian packages that tests need; otherwise it says which are missing.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 CI=1 NO_COLOR=1

logs=artifacts/test
# Command or library, and Debian package, of what tests use beside .NET and Node.js.
needed=(chromium:chromium mariadbd:mariadb-server redis-server:redis-server librdkafka.so.1:librdkafka1 libzookeeper_mt.so.2:libzookeeper-mt2 /usr/share/java/zookeeper.jar:zookeeper vipsthumbnail:libvips-tools ffmpeg:ffmpeg nginx:nginx-light prometheus:prometheus systemd-analyze:systemd /usr/lib/python3/dist-packages/yaml/__init__.py:python3-yaml)
# Cheapest first, so that what is broken shows early; projects not named here come after these.
order=(Kith.Domain.Tests Kith.Engine.Tests Kith.Server.Tests Kith.Api.Tests Kith.Gateway.Tests Kith.Cluster.Tests)
# A part that takes longer than this hangs.
patience=15m

passed=0 failed=0 skipped=0 broken=()
rm -rf "$logs" && mkdir -p "$logs"

wanted() {
  local part=$1 name
  shift
  [ "$#" -eq 0 ] && return 0
  for name in "$@"; do case "$part" in *"$name"*) return 0 ;; esac; done
  return 1
}

finish() {
  local part
  echo
  for part in ${broken[@]+"${broken[@]}"}; do echo "failed: $part (see $logs/$part.log)"; done
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ] && [ "${#broken[@]}" -eq 0 ]
  exit
}

# What could not run at all counts as one failure: it must not look like success.
broke() {
  broken+=("$1")
  failed=$((failed + ${2:-1}))
  tail -n 60 "$logs/$1.log"
}

# A number after or before a word in a log, 0 where there is none: "failed: 3", "3 failed", "# fail 3".
count() {
  local number
  number=$(sed -nE "$2" "$logs/$1.log" | tail -n 1)
  echo "${number:-0}"
}

# Adds up what one part's log says, whichever runner wrote it.
tally() {
  local part=$1 code=$2 kind=$3 good bad left
  case "$kind" in
    dotnet) good='s/^  succeeded: ([0-9]+).*/\1/p' bad='s/^  failed: ([0-9]+).*/\1/p' left='s/^  skipped: ([0-9]+).*/\1/p' ;;
    vitest) good='s/^ +Tests .* ([0-9]+) passed.*/\1/p' bad='s/^ +Tests .* ([0-9]+) failed.*/\1/p' left='s/^ +Tests .* ([0-9]+) skipped.*/\1/p' ;;
    node) good='s/^(# |ℹ )pass ([0-9]+).*/\2/p' bad='s/^(# |ℹ )fail ([0-9]+).*/\2/p' left='s/^(# |ℹ )skipped ([0-9]+).*/\2/p' ;;
  esac
  good=$(count "$part" "$good") bad=$(count "$part" "$bad") left=$(count "$part" "$left")
  passed=$((passed + good)) skipped=$((skipped + left))
  printf '%-28s %5d passed %4d failed %4d skipped %5ds\n' "$part" "$good" "$bad" "$left" "$SECONDS_OF_PART"
  if [ "$bad" -gt 0 ]; then broke "$part" "$bad"
  elif [ "$code" -ne 0 ]; then broke "$part" 1
  elif [ "$good" -eq 0 ]; then echo "no tests ran" >>"$logs/$part.log"; broke "$part" 1; fi
}

run() {
  local part=$1 kind=$2 start=$SECONDS code
  shift 2
  timeout --kill-after=10s "$patience" "$@" >"$logs/$part.log" 2>&1
  code=$?
  SECONDS_OF_PART=$((SECONDS - start))
  tally "$part" "$code" "$kind"
}

# Something that must succeed before tests can run.
prepare() {
  local part=$1 start=$SECONDS
  shift
  if ! "$@" >"$logs/$part.log" 2>&1; then
    broke "$part"
    return 1
  fi
  echo "$part ($((SECONDS - start))s)"
}

has() {
  case "$1" in
    /*) [ -e "$1" ] ;;
    *.so.*) compgen -G "/usr/lib/*/$1" >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

install_packages() {
  local entry missing=()
  for entry in "${needed[@]}"; do has "${entry%%:*}" || missing+=("${entry#*:}"); done
  [ "${#missing[@]}" -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "test.sh: missing packages: ${missing[*]}; tests that need them will fail." >&2
    return 0
  fi
  prepare packages sh -c 'apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"' sh "${missing[@]}"
}

npm_install() {
  [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] || npm --prefix "$1" ci --no-audit --no-fund
}

install_packages
for lock in test/*/package-lock.json test/*/*/package-lock.json web/package-lock.json; do
  [ -f "$lock" ] || continue
  folder=$(dirname "$lock")
  prepare "npm-$(tr / - <<<"$folder")" npm_install "$folder" || finish
done
if [ -f web/package.json ]; then
  prepare web-build npm --prefix web run build || finish
fi
prepare build dotnet build Kith.slnx -c Release --nologo || finish

declare -A known=()
projects=()
for name in "${order[@]}"; do [ -d "test/$name" ] && projects+=("$name") && known[$name]=1; done
for folder in test/*.Tests; do name=$(basename "$folder"); [ -n "${known[$name]-}" ] || [ "$name" = Kith.Cassandra.Tests ] || projects+=("$name"); done
for name in "${projects[@]}"; do
  wanted "$name" "$@" && run "$name" dotnet "test/$name/bin/Release/net10.0/$name" --no-progress --no-ansi
done

# What needs a driver that not every registry has is built apart, and left out where the driver is not to be had.
with_drivers() {
  local name=Kith.Cassandra.Tests
  if ! dotnet restore "test/$name" -p:Drivers=all --nologo >"$logs/drivers.log" 2>&1; then
    echo "*** LEFT OUT, NOT TESTED: Cassandra (src/Kith.Storage.Cassandra, test/$name): its driver cannot be restored here, see $logs/drivers.log ***"
    return
  fi
  prepare drivers-build dotnet build "test/$name" -c Release -p:Drivers=all --no-restore --nologo || return
  [ -n "${KITH_TEST_CASSANDRA-}" ] || echo "*** SKIPPED: the tests that need a Cassandra node; KITH_TEST_CASSANDRA=host:port names one ***"
  run "$name" dotnet "test/$name/bin/drivers/Release/net10.0/$name" --no-progress --no-ansi
}
wanted Kith.Cassandra.Tests "$@" && with_drivers

if [ -f web/package.json ]; then
  wanted web "$@" && run web vitest npm --prefix web test
  wanted web-e2e "$@" && [ -d web/e2e ] && run web-e2e node npm --prefix web run e2e
fi
finish
