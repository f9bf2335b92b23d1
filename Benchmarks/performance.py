"""Measures this project and its peers in turn, and writes docs/performance.md with its pictures.

Run: python performance.py [--quick] [--only SECTION ...] [--render] [--threads N] [--rnn PATH] [--docs DIRECTORY]
with the interpreter of a virtual environment that holds the peers (see README.md).

All figures are kept in performance.json beside the page, row by row as they come, so that an interrupted run keeps what
it has measured; --only replaces the figures of the sections named and keeps the others.
"""

import argparse
import pathlib
import signal
import subprocess
import sys
import time

import machine
import page
from measuring import Bench
from sections import SECTIONS
from store import Store

HERE = pathlib.Path(__file__).resolve().parent


def release_build():
    """The command built by `swift build -c release`."""
    command = ["swift", "build", "-c", "release", "--show-bin-path"]
    try:
        done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"no release build found ({error}): build it, or name the command with --rnn")
    return str(pathlib.Path(done.stdout.strip()) / "rnn")


def usage(rnn):
    """What `rnn benchmark --help` prints, as one line of words."""
    try:
        done = subprocess.run([rnn, "benchmark", "--help"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SystemExit(f"{rnn}: {error}; `swift build -c release`, or name another with --rnn")
    if "Configurations:" not in done.stdout:
        raise SystemExit(f"{rnn} has no command `benchmark`: name this project's with --rnn")
    return " ".join(done.stdout.split())


def write(docs, store):
    store.save()
    text, pictures = page.render(store.sections, HERE, docs.resolve())
    (docs / "pictures").mkdir(parents=True, exist_ok=True)
    for old in (docs / "pictures").glob("performance-*.svg"):
        if old.name not in pictures:
            old.unlink()
    for name, picture in pictures.items():
        (docs / "pictures" / name).write_text(picture, encoding="utf-8")
    (docs / "performance.md").write_text(text, encoding="utf-8")


def measure(names, store, options):
    rnn = str(pathlib.Path(options.rnn).resolve()) if options.rnn else release_build()
    bench = Bench(rnn, usage(rnn), HERE / "peers", options.threads, options.quick)
    taken = machine.taken(bench)
    for name in names:
        start = time.perf_counter()
        store.measure(name, taken, SECTIONS[name].measure(bench))
        print(f"{name}: {time.perf_counter() - start:.0f} seconds", file=sys.stderr, flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=list(SECTIONS), metavar="SECTION", default=list(SECTIONS),
                        help=f"measure only some of {', '.join(SECTIONS)}, and keep the figures of the others")
    parser.add_argument("--quick", action="store_true", help="measure for a shorter time and fewer sizes")
    parser.add_argument("--render", action="store_true", help="measure nothing, and write the page again")
    parser.add_argument("--threads", type=int, default=2, help="for the command and the peers; default: 2")
    parser.add_argument("--rnn", help="the command to measure; default: the release build")
    parser.add_argument("--docs", type=pathlib.Path, default=HERE.parent / "docs",
                        help="where performance.md, performance.json and pictures/ are; default: docs")
    options = parser.parse_args()
    if options.threads < 1:
        parser.error(f"--threads is {options.threads}; expected 1 or more")
    return options


def main():
    options = arguments()
    options.docs.mkdir(parents=True, exist_ok=True)
    store = Store(options.docs / "performance.json")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if not options.render:
            measure(options.only, store, options)
    except KeyboardInterrupt:
        print(f"stopped; what had been measured is in {store.path}", file=sys.stderr)
        raise SystemExit(130)
    finally:
        write(options.docs, store)
    print(options.docs / "performance.md")


if __name__ == "__main__":
    main()
