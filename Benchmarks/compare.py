"""Measures this project and its peers on the same configurations, in turn, and prints a table of ratios.

Run: python compare.py [--only NAME ...] [--quick] [--threads N] [--out results.json] [--rnn PATH]
with the interpreter of a virtual environment that holds the peers (see README.md).

For each configuration: ours, PyTorch, Keras, Keras with XLA, JAX, ours again; the better of our two medians
counts. A peer that is not installed is left out. A measurement during which other processes took more than a
tenth of a core is repeated, and marked with * if that did not help.
"""

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "peers"))
from configurations import CONFIGURATIONS

PEERS = {
    "PyTorch": ["pytorch_peer.py"],
    "Keras": ["keras_peer.py"],
    "Keras XLA": ["keras_peer.py", "--xla"],
    "JAX": ["jax_peer.py"],
}
GENERATING_PEERS = ["PyTorch"]
MOST_FOREIGN_LOAD = 0.1
ATTEMPTS = 3
LONGEST_RUN = 900


def busy_seconds():
    """Seconds of processor time spent so far by the whole machine and by our finished children; zero without /proc."""
    try:
        fields = pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    except OSError:
        return 0.0, 0.0
    user, nice, system, _, _, interrupt, soft_interrupt, steal = map(int, fields)
    machine = (user + nice + system + interrupt + soft_interrupt + steal) / os.sysconf("SC_CLK_TCK")
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return machine, children.ru_utime + children.ru_stime


def last_json_line(text):
    lines = [line for line in text.splitlines() if line.startswith("{")]
    return json.loads(lines[-1]) if lines else None


def measure_once(command):
    """The line a command prints, with the cores others used meanwhile, or {"failure": why}."""
    machine, children = busy_seconds()
    start = time.perf_counter()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_RUN)
    except (OSError, subprocess.TimeoutExpired) as error:
        return {"failure": str(error)}
    elapsed = time.perf_counter() - start
    machine, children = (after - before for after, before in zip(busy_seconds(), (machine, children)))
    line = last_json_line(done.stdout) if done.returncode == 0 else None
    if line is None:
        message = (done.stderr or done.stdout).strip().splitlines() or ["no output"]
        return {"failure": "not installed" if message[-1].startswith("ModuleNotFoundError") else message[-1]}
    return line | {"foreign_load": max(0.0, machine - children) / elapsed}


def measure(command):
    """The measurement with the least foreign load of up to three; one that is quiet enough ends the search."""
    best = None
    for _ in range(ATTEMPTS):
        line = measure_once(command)
        if "failure" in line:
            return line
        best = min(best or line, line, key=lambda each: each["foreign_load"])
        if best["foreign_load"] <= MOST_FOREIGN_LOAD:
            break
    return best


def release_build():
    """The command built by `swift build -c release`."""
    command = ["swift", "build", "-c", "release", "--show-bin-path"]
    try:
        done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"no release build found ({error}): build it, or name the command with --rnn")
    return str(pathlib.Path(done.stdout.strip()) / "rnn")


def compare(configuration, rnn, options):
    """All measurements of one configuration."""
    name = configuration.name
    threads = ["--threads", str(options.threads)] if options.threads else []
    own = [rnn, "benchmark", name, "--json", *threads]
    seconds = "1" if options.quick else "5"
    peers = {}
    first = measure(own)
    for peer, (script, *flags) in PEERS.items():
        if configuration.generates and peer not in GENERATING_PEERS:
            continue
        print(f"{name}: {peer}", file=sys.stderr)
        peers[peer] = measure([sys.executable, str(HERE / "peers" / script), name, *flags,
                               "--seconds", seconds, *threads])
    ours = [line for line in (first, measure(own)) if "failure" not in line]
    return {
        "name": name,
        "ours": min(ours, key=lambda line: line["seconds"]) if ours else first,
        "our_medians": [line["seconds"] for line in ours],
        "peers": peers,
    }


def milliseconds(line):
    if line is None or "failure" in line:
        return "-" if line is None else "absent" if line["failure"] == "not installed" else "failed"
    mark = "*" if line["foreign_load"] > MOST_FOREIGN_LOAD else ""
    milliseconds = line["seconds"] * 1000
    return (f"{milliseconds:.0f}" if milliseconds >= 100 else f"{milliseconds:.3g}") + mark


def row(result):
    ours, peers = result["ours"], result["peers"]
    measured = [line["seconds"] for line in peers.values() if "failure" not in line]
    ratio = f"{min(measured) / ours['seconds']:.2f}" if measured and "seconds" in ours else "-"
    share = f"{ours['peak_fraction']:.0%}" if ours.get("peak_fraction") is not None else "-"
    cells = [result["name"], milliseconds(ours), *(milliseconds(peers.get(peer)) for peer in PEERS), ratio, share]
    return "| " + " | ".join(cells) + " |"


def table(results):
    head = ["configuration", "ours, ms", *(f"{peer}, ms" for peer in PEERS), "times the fastest peer", "of peak"]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    return "\n".join(lines + [row(result) for result in results])


def failures(results):
    for result in results:
        for who, line in [("ours", result["ours"]), *result["peers"].items()]:
            if "failure" in line:
                yield f"{result['name']}: {who}: {line['failure']}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rnn", help="the command to measure; default: the release build")
    parser.add_argument("--only", nargs="+", choices=list(CONFIGURATIONS), metavar="NAME", help="measure only these")
    parser.add_argument("--quick", action="store_true", help="one second a variant instead of five")
    parser.add_argument("--threads", type=int, help="for the command and the peers; default: what each takes, 2")
    parser.add_argument("--out", type=pathlib.Path, help="also write everything measured to this JSON file")
    options = parser.parse_args()
    rnn = options.rnn or release_build()
    results = [compare(CONFIGURATIONS[name], rnn, options) for name in options.only or CONFIGURATIONS]
    print(table(results))
    for failure in failures(results):
        print(failure, file=sys.stderr)
    if options.out:
        options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
