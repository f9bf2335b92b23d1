#!/usr/bin/env bash
# Builds the packages in Examples in debug, without warnings, and runs them one after another; fails where one does.
# Usage: Scripts/run-examples.sh [SCRATCH]
#
# They share a scratch directory, so that the library is compiled once: Examples/.build, or the one that is given. With
# that of the library itself, .build, after a debug build there, the library is not compiled again at all.
set -euo pipefail
scratch=${1:-$(dirname "$0")/../Examples/.build}
mkdir -p "$scratch"
scratch=$(cd "$scratch" && pwd)
cd "$(dirname "$0")/../Examples"

runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT

for example in hello own-cell own-model sensor-monitor own-task forecast-server; do
  echo "== $example"
  log=$runs/$example.log
  # The cached manifest would be that of the example before.
  swift build --package-path "$example" --scratch-path "$scratch" --disable-build-manifest-caching 2>&1 | tee "$log"
  if grep -E 'Examples/[a-z-]+/.*warning:' "$log"; then
    echo "$example has warnings" >&2
    exit 1
  fi
  # What an example writes below ./runs goes away with the temporary directory.
  case $example in
    forecast-server) (cd "$runs" && "$scratch/debug/$example" --self-test) ;;
    *) (cd "$runs" && "$scratch/debug/$example") ;;
  esac
done
echo "== all examples ran"
