#!/usr/bin/env bash
# Kills a training run with SIGKILL at random moments, resumes it each time, and checks that it ends in the same bytes
# as a run that was left alone. Usage: Scripts/kill-and-resume.sh [KILLS]   (default 100)
set -euo pipefail
cd "$(dirname "$0")/.."
kills=${1:-100}
swift build -c release --product rnn >&2
rnn=$(swift build -c release --show-bin-path)/rnn
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A text of its own: long enough for several passes to take a few seconds.
awk 'BEGIN { srand(7); for (i = 0; i < 6000; i++) printf "%s%s", substr("the cat sat on a mat and ran", 1 + int(rand() * 20), 1 + int(rand() * 8)), (i % 9 == 8 ? "\n" : " ") }' > "$work/text.txt"
options=(--rnn-size 64 --seq-length 20 --batch-size 10 --dropout 0.2 --seed 3)
schedule=(--max-steps 4000 --checkpoint-every 7 --eval-every 500 --sample-length 0)

"$rnn" train text --data "$work/text.txt" --out "$work/whole" "${options[@]}" "${schedule[@]}" > /dev/null 2>&1
killed=0
done_steps=0
"$rnn" train text --data "$work/text.txt" --out "$work/killed" "${options[@]}" "${schedule[@]}" > /dev/null 2>&1 &
process=$!
while [ "$killed" -lt "$kills" ]; do
  sleep "0.$(printf '%03d' $((RANDOM % 60 + 3)))"
  if kill -9 "$process" 2> /dev/null; then killed=$((killed + 1)); fi
  wait "$process" 2> /dev/null || true
  if [ ! -e "$work/killed/checkpoints/latest" ] && [ -z "$(ls "$work"/killed/checkpoints/*.safetensors 2> /dev/null)" ]; then
    # Killed before the first checkpoint was complete: there is nothing to resume.
    rm -rf "$work/killed"
    "$rnn" train text --data "$work/text.txt" --out "$work/killed" "${options[@]}" "${schedule[@]}" > /dev/null 2>&1 &
  else
    done_steps=$("$rnn" inspect "$work/killed" --json | sed 's/.*"step":\([0-9]*\).*/\1/')
    if [ "$done_steps" -ge 4000 ]; then
      cmp "$work/whole/checkpoints/step-00004000.safetensors" "$work/killed/checkpoints/step-00004000.safetensors"
      rm -rf "$work/killed"
      "$rnn" train text --data "$work/text.txt" --out "$work/killed" "${options[@]}" "${schedule[@]}" > /dev/null 2>&1 &
    else
      "$rnn" resume "$work/killed" "${schedule[@]}" > /dev/null 2>&1 &
    fi
  fi
  process=$!
done
wait "$process" || true
"$rnn" resume "$work/killed" "${schedule[@]}" > /dev/null 2>&1
cmp "$work/whole/checkpoints/step-00004000.safetensors" "$work/killed/checkpoints/step-00004000.safetensors"
echo "$kills kills: the checkpoints could always be read, and the resumed run ended in the same bytes."
