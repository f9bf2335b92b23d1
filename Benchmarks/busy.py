"""Measures every configuration of `rnn benchmark` with one thread and with two, in turn, while another process keeps one
processor busy, and prints the medians and their ratio.

Run: python busy.py [--rnn PATH] [--rounds 10] [--seconds 0.7] [NAME ...]
"""

import argparse
import json
import statistics
import subprocess
import sys

NAMES = """mnist-rnn mnist-lstm mnist-gru series-rnn hihello-lstm char-lstm-2x128 char-gru-2x128 char-lstm-3x512
char-gru-3x512 generate-lstm-2x128 generate-lstm-3x512 generate-gru-3x512""".split()


def milliseconds(options, name, threads):
    line = [options.rnn, "benchmark", name, "--seconds", str(options.seconds), "--threads", str(threads), "--json"]
    output = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    return 1e3 * json.loads(output.splitlines()[-1])["seconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=NAMES)
    parser.add_argument("--rnn", default=".build/release/rnn")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=0.7)
    options = parser.parse_args()
    other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        times = {(name, threads): [] for name in options.names for threads in (1, 2)}
        for _ in range(options.rounds):
            for name, threads in times:
                times[name, threads].append(milliseconds(options, name, threads))
    finally:
        other.kill()
    print("| configuration | one thread, ms | two threads, ms | ratio |\n|---|---|---|---|")
    for name in options.names:
        one, two = (statistics.median(times[name, threads]) for threads in (1, 2))
        print(f"| {name} | {one:.3f} | {two:.3f} | {two / one:.2f} |")


if __name__ == "__main__":
    main()
