#!/usr/bin/env bash
# Writes tunes in ABC notation that a small grammar makes up, as a text for `rnn train text`: eight bars each, in the
# rhythm of a jig or a reel, walking up and down a scale and ending on its first note.
# Usage: Scripts/abc-tunes.sh [COUNT] [SEED] > tunes.abc   (default 2000 tunes, seed 1)
set -euo pipefail
LC_ALL=C awk -v count="${1:-2000}" -v seed="${2:-1}" '
  # A generator of its own, as awks differ: Park and Miller 1988, whose products a double holds exactly.
  function random(below) { state = state * 48271 % 2147483647; return state % below }
  function note(step) { return substr("CDEFGABcdefgab", step, 1) }
  BEGIN {
    state = seed * 7919 + 1
    split("C G D Am", keys, " ")
    split("1 5 2 6", tonics, " ")
    for (tune = 1; tune <= count; tune++) {
      key = 1 + random(4)
      jig = random(2)
      printf "X:%d\nT:%s no. %d\nM:%s\nL:1/8\nK:%s\n", tune, jig ? "Jig" : "Reel", tune, jig ? "6/8" : "4/4", keys[key]
      step = tonics[key] + 2
      for (bar = 1; bar <= 8; bar++) {
        if (bar % 4 == 1) printf "|:"
        beats = jig ? 6 : 8
        for (beat = 1; beat <= beats; beat++) {
          if (bar == 8 && beat == beats - 1) { printf "%s2", note(tonics[key]); break }
          step += random(5) - 2
          if (step < 1) step = 3
          if (step > 14) step = 12
          printf "%s%s", note(step), beat == beats / 2 ? " " : ""
        }
        printf bar % 4 == 0 ? ":|\n" : "|"
      }
      printf "\n"
    }
  }'
