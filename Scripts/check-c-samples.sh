#!/usr/bin/env bash
# Counts how many samples of generated C have balanced braces, parentheses and brackets, and comments that end.
# A sample has no natural end, so it is judged up to the last line that begins with "}", where a function or a type is
# complete; a sample without one counts as unbalanced. Brackets in comments, strings and character constants do not
# count, and preprocessor lines are skipped, as a macro may open what another closes.
# Usage: Scripts/check-c-samples.sh FILE...   (a sample in each)
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: $0 FILE..." >&2; exit 2; }
for file in "$@"; do [ -r "$file" ] || { echo "$file: cannot be read" >&2; exit 2; }; done

LC_ALL=C awk '
  # Where the text goes on after a line: state is "", "comment" or "directive".
  function read_line(line,    place, length_, character, quote) {
    if (state == "directive") { state = line ~ /\\$/ ? "directive" : ""; return }
    if (state == "" && line ~ /^[ \t]*#/) { if (line ~ /\\$/) state = "directive"; return }
    quote = ""
    length_ = length(line)
    for (place = 1; place <= length_; place++) {
      character = substr(line, place, 1)
      if (state == "comment") {
        if (substr(line, place, 2) == "*/") { state = ""; place++ }
      } else if (quote != "") {
        if (character == "\\") place++
        else if (character == quote) quote = ""
      } else if (substr(line, place, 2) == "/*") { state = "comment"; place++ }
      else if (substr(line, place, 2) == "//") return
      else if (character == "\"" || character == "\047") quote = character
      else if (index("{([", character)) opened[++depth] = character
      else if (index("})]", character)) {
        if (depth == 0 || index("{([", opened[depth]) != index("})]", character)) wrong = wrong_at(line)
        else depth--
      }
    }
    if (quote != "") wrong = wrong_at(line)
  }
  function wrong_at(line) { return wrong == "" ? "line " current ": " line : wrong }
  function judge(    number, last) {
    state = ""; depth = 0; wrong = ""
    for (number = 1; number <= lines; number++) if (text[number] ~ /^}/) last = number
    for (current = 1; current <= last; current++) read_line(text[current])
    if (last == 0) wrong = "no line begins with }"
    else if (wrong == "" && state == "comment") wrong = "a comment does not end"
    else if (wrong == "" && depth > 0) wrong = depth " brackets are not closed, the last " opened[depth]
    samples++
    if (wrong == "") balanced++
    else print name ": " wrong
  }
  FNR == 1 { if (NR > 1) judge(); lines = 0; name = FILENAME }
  { text[++lines] = $0 }
  END {
    if (NR > 0) judge()
    printf "%d of %d samples have balanced brackets and closed comments\n", balanced, samples
  }
' "$@"
