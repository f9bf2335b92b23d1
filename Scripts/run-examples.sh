#!/usr/bin/env bash
# Builds the packages in Examples in debug, without warnings, and runs them one after another; fails where one does.
#
# They share one scratch directory, so that the library is compiled once: Examples/.build, or what is given as argument.
set -euo pipefail
cd "$(dirname "$0")/../Examples"

mkdir -p "${1:-.build}"
scratch=$(cd "${1:-.build}" && pwd)
runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT

# In the order of the modules they need: each adds to what is compiled already.
for example in hello own-cell own-task forecast-server; do
  echo "== $example"
  log=$runs/$example.log
  swift build --package-path "$example" --scratch-path "$scratch" 2>&1 | tee "$log"
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
