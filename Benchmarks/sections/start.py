"""How long it takes until the command answers, and until a first training step is done, beside the peers."""

import time
import subprocess

from checks import Check, by_key, must_cell, ratio_cell
from tables import failures, measured, table
from sections.training import PEERS

NAME = "start"
TITLE = "Start"
TEXT = """Milliseconds from the start of a process, the best of several. The first step includes the network's and the
batch's making; the peers' is given from the start of their process, and after their import."""

CONFIGURATIONS = ["hihello-lstm", "series-rnn", "char-gru-2x128", "char-lstm-2x128"]
VERSION_MUST, FIRST_STEP_MUST = 20, 100


def milliseconds_of(command):
    """How long a process takes, the best of ten."""
    best = None
    for _ in range(10):
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=False)
        elapsed = (time.perf_counter() - start) * 1000
        if done.returncode != 0:
            return {"failure": f"exit status {done.returncode}"}
        best = min(best or elapsed, elapsed)
    return {"ms": best}


def measure(bench):
    yield "rnn --version", {"ours": milliseconds_of([bench.rnn, "--version"]), "peers": {}}
    for name in CONFIGURATIONS[-1:] if bench.quick else CONFIGURATIONS:
        lines = []
        for _ in range(5):
            found, failure = bench.own(name, "--first-step")
            lines += found.values()
            if failure:
                break
        ours = min(lines, key=lambda line: line["arrived"]) if lines else {"failure": failure}
        peers = {}
        for who, (script, *flags) in PEERS.items():
            lines = []
            for _ in range(1 if bench.quick else 3):
                found, failure = bench.peer(who, script, name, *flags, "--first-call")
                lines += found.values()
                if failure:
                    break
            peers[who] = min(lines, key=lambda line: line["seconds"]) if lines else {"failure": failure}
        yield name, {"ours": ours | ({"ms": ours["arrived"] * 1000} if "arrived" in ours else {}), "peers": peers}


def checks(rows, taken):
    found = []
    for name, row in rows.items():
        if "ms" in row["ours"]:
            is_version = name == "rnn --version"
            what = name if is_version else f"{name}, the first training step"
            must = VERSION_MUST if is_version else FIRST_STEP_MUST
            found.append(Check(name, what, row["ours"]["ms"], must, True, " ms"))
    return found


def body(rows, taken):
    held = by_key(checks(rows, taken))
    cells = []
    for name, row in rows.items():
        peers = [row["peers"].get(who) for who in PEERS]
        cells.append([
            name, ratio_cell(held[name]) if name in held else "failed", must_cell(held.get(name)),
            *(measured(line, lambda line: line["arrived"] * 1000) for line in peers),
            *(measured(line, lambda line: line["seconds"] * 1000) for line in peers)])
    head = ["", "ours, ms", "must at most", *(f"{who}, ms" for who in PEERS),
            *(f"{who} after import, ms" for who in PEERS)]
    return "\n\n".join(filter(None, [table(head, cells), failures(rows)]))
