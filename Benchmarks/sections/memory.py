"""The physical memory that training steps take, beside PyTorch's."""

from checks import Check, by_key, must_cell, ratio_cell
from sections.training import CONFIGURATIONS
from tables import failures, measured, table

NAME = "memory"
TITLE = "Memory"
TEXT = """Megabytes of physical memory that five training steps took at most, network, Adam's moments and batch included,
beyond what the process held before. Of PyTorch's two ways of writing it the one that takes less counts. The 5 units of
hihello-lstm show what of its figures is not the network's. Linux only."""

VARIANTS = ["module", "written-out"]
MUST = 0.7


def measure(bench):
    if not bench.knows("--memory"):
        return
    for name in CONFIGURATIONS:
        ours, failure = bench.own(name, "--memory")
        row = {"ours": ours.get(name, {"failure": failure}), "peers": {}}
        for variant in VARIANTS:
            found, failure = bench.peer("PyTorch", "pytorch_peer.py", name, "--memory", "--variant", variant)
            row["peers"][f"PyTorch, {variant}"] = found.get(name, {"failure": failure})
        yield name, row


def checks(rows, taken):
    found = []
    for name, row in rows.items():
        least = [line["bytes"] for line in row["peers"].values() if "bytes" in line]
        if least and "bytes" in row["ours"]:
            ratio = row["ours"]["bytes"] / min(least)
            found.append(Check(name, f"{name}, our memory by PyTorch's", ratio, MUST, True))
    return found


def megabytes(line):
    return line["bytes"] / 1e6


def body(rows, taken):
    held = by_key(checks(rows, taken))
    head = ["configuration", "ours, MB", *(f"PyTorch, {variant}, MB" for variant in VARIANTS), "share", "must at most"]
    cells = [
        [name, measured(row["ours"], megabytes),
         *(measured(row["peers"].get(f"PyTorch, {variant}"), megabytes) for variant in VARIANTS),
         ratio_cell(held.get(name)), must_cell(held.get(name))]
        for name, row in rows.items()
    ]
    return "\n\n".join(filter(None, [table(head, cells), failures(rows)]))
