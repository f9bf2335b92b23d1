"""Batches of sequences of different lengths beside PyTorch's packed and padded ones."""

from checks import Check, by_key, must_cell, ratio_cell
from tables import failures, measured, number, table

NAME = "ragged"
TITLE = "Ragged batches"
TEXT = """Milliseconds of a step forward and backward of one LSTM layer (64 sequences of 10 to T steps, lengths spread
evenly; 256 inputs, 256 units) with the gradients of weights and inputs; the sum of the outputs is the loss. PyTorch
packed is `pack_padded_sequence` and back, unsorted; padded runs take all sequences to be T steps long."""

MUST = {"T 100": 5, "T 1000": 20}
PROPORTIONAL = 1.15


def measure(bench):
    most_lines = 1 if bench.quick else None
    yield from bench.in_turn(
        (["ragged", "--seconds", "0.5" if bench.quick else "3"], most_lines),
        {"PyTorch": ["layer_pytorch.py", "ragged", "--seconds", "0.5" if bench.quick else "3"]},
        "lengths_ms")


def checks(rows, taken):
    found = []
    for case, row in rows.items():
        ours, peer = row["ours"], row["peers"].get("PyTorch", {})
        if "lengths_ms" not in ours:
            continue
        lengths, padded, share = ours["lengths_ms"], ours["padded_ms"], ours["share_of_steps"]
        if "seconds" in peer:
            ratio = peer["seconds"]["packed"] * 1000 / lengths
            found.append(Check(f"{case} packed", f"{case}, times PyTorch packed", ratio, MUST[case]))
        found += [
            Check(f"{case} padded", f"{case}, times our own padded run", padded / lengths, 1),
            Check(f"{case} proportional", f"{case}, share of the padded run's time by the share of its steps",
                  lengths / padded / share, PROPORTIONAL, at_most=True),
        ]
    return found


def peer_milliseconds(variant):
    return lambda line: line["seconds"][variant] * 1000


def body(rows, taken):
    held = by_key(checks(rows, taken))
    head = ["longest", "ours, ms", "ours padded, ms", "PyTorch packed, ms", "PyTorch padded, ms",
            "times PyTorch packed", "must", "times ours padded", "must", "share of steps", "time by steps",
            "must at most"]
    cells = []
    for case, row in rows.items():
        peer = row["peers"].get("PyTorch")
        packed, padded, steps = (held.get(f"{case} {which}") for which in ("packed", "padded", "proportional"))
        cells.append([
            case, measured(row["ours"], lambda line: line["lengths_ms"]),
            measured(row["ours"], lambda line: line["padded_ms"]), measured(peer, peer_milliseconds("packed")),
            measured(peer, peer_milliseconds("padded")), ratio_cell(packed), must_cell(packed), ratio_cell(padded),
            must_cell(padded), number(row["ours"].get("share_of_steps")), ratio_cell(steps), must_cell(steps)])
    return "\n\n".join(filter(None, [
        table(head, cells), failures(rows),
        "Time by steps is our time's share of our padded run's, divided by the share of the steps that are there: 1 is "
        "exactly proportional."]))
