#!/usr/bin/env bash
# The public surface: the number of public declarations of every library target. --list prints each with its place.
# Ends with status 1, naming the place, where a public declaration has no doc comment.
set -euo pipefail
cd "$(dirname "$0")/.."

list=${1:-}
find Sources -name '*.swift' | LC_ALL=C sort | xargs awk -v list="$list" '
  FNR == 1 { documented = 0 }
  /^[ ]*\/\/\// { documented = 1; next }
  /^[ ]*@[A-Za-z_]+(\([^)]*\))?[ ]*$/ { next }
  /^[ ]*(@[A-Za-z_]+(\([^)]*\))? )*public / {
    split(FILENAME, part, "/")
    target = part[2]
    count[target]++
    total++
    if (list == "--list") { line = $0; sub(/^ */, "", line); print FILENAME ":" FNR ": " line }
    if (!documented) { print FILENAME ":" FNR ": no doc comment: " $0 > "/dev/stderr"; bare++ }
  }
  { documented = 0 }
  END {
    for (target in count) printf "%6d  %s\n", count[target], target | "LC_ALL=C sort -k2"
    close("LC_ALL=C sort -k2")
    printf "%6d  in all\n", total
    exit bare > 0
  }
'
