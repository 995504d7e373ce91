#!/usr/bin/env bash
# Starts Kith on the embedded store in ./data at http://localhost:8080, after building what is missing. Arguments are passed on:
#   ./run.sh --urls http://0.0.0.0:80 --data /var/lib/kith
#   ./run.sh user create alice --admin
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
server="$root/src/Kith.Server"
kith="$server/bin/Release/net10.0/kith.dll"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

fail() { printf 'run.sh: %s\n' "$1" >&2; exit 2; }

command -v dotnet >/dev/null || fail "The .NET SDK 10 is missing. Install it (https://dotnet.microsoft.com/download/dotnet/10.0), then run this again."
# global.json says which; a lone runtime, or an older SDK, answers with an error here.
(cd "$root" && dotnet --version >/dev/null 2>&1) || fail "This dotnet ($(command -v dotnet)) has no SDK 10. Install it (https://dotnet.microsoft.com/download/dotnet/10.0), then run this again."

# Output of builds is shown only where they fail: what follows is the program's.
quietly() {
  local log
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    fail "\"$*\" failed."
  fi
  rm -f "$log"
}

# True where a file among the rest is newer than the first, or the first is missing.
older() {
  local target=$1
  shift
  [ ! -e "$target" ] || [ -n "$(find "$@" \( -name bin -o -name obj -o -name node_modules -o -name dist \) -prune -o -type f -newer "$target" -print -quit 2>/dev/null)" ]
}

web_built="$root/web/dist/index.html"
if [ -f "$root/web/package.json" ] && older "$web_built" "$root/web"; then
  if command -v npm >/dev/null; then
    echo "Building the web client …" >&2
    if older "$root/web/node_modules/.package-lock.json" "$root/web/package-lock.json"; then
      quietly npm --prefix "$root/web" ci --no-audit --no-fund
    fi
    quietly npm --prefix "$root/web" run build
    # Builders may leave the file as it is where nothing in it changed.
    touch "$web_built"
  elif [ ! -e "$web_built" ]; then
    echo "run.sh: Node.js is missing, so there is no web client; the API works. Install Node.js 20 or newer for it." >&2
  fi
fi

inputs=("$root/src" "$root/Directory.Build.props" "$root/Directory.Packages.props")
[ -e "$web_built" ] && inputs+=("$web_built")
if older "$kith" "${inputs[@]}"; then
  echo "Building Kith …" >&2
  quietly dotnet build "$server/Kith.Server.csproj" -c Release --nologo
  touch "$kith"
fi

# The store lies beside this script unless one says otherwise; relative paths in arguments are the caller's.
case " $* " in *" --config"*) ;; *) export KITH__Data="${KITH__Data:-$root/data}" ;; esac
case "${1-}" in
  -h | --help | --version) ;;
  "" | -*) set -- serve "$@" ;;
esac
exec dotnet "$kith" "$@"
