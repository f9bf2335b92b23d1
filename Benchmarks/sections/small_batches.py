"""One layer with few sequences beside PyTorch's."""

from charts import Series, log_chart
from checks import Check, by_key, must_cell, ratio_cell
from tables import failures, measured, table

NAME = "small-batches"
TITLE = "Small batches"
TEXT = """Milliseconds of a step forward and backward of one LSTM layer over 50 steps with B sequences, H units and as
many inputs, with the gradients of weights and inputs; the sum of the outputs is the loss. Of PyTorch's module and cell
written out the faster counts. Growth is the time divided by that of half as many sequences."""

MUST = 1.0
MOST_GROWTH = 2.1


def measure(bench):
    seconds = "0.3" if bench.quick else "2"
    yield from bench.in_turn(
        (["small-batches", "--seconds", seconds], None),
        {"PyTorch": ["layer_pytorch.py", "small-batches", "--seconds", seconds]})


def sizes(case):
    """'H 256 B 4' as 256, 4."""
    words = case.split()
    return int(words[1]), int(words[3])


def best(line):
    return min(line["seconds"].values()) * 1000


def checks(rows, taken):
    found = []
    for case, row in rows.items():
        ours, peer = row["ours"], row["peers"].get("PyTorch", {})
        if "ms" not in ours:
            continue
        if "seconds" in peer:
            found.append(Check(case, f"{case}, times PyTorch's best", best(peer) / ours["ms"], MUST))
        hidden, batch = sizes(case)
        half = rows.get(f"H {hidden} B {batch // 2}", {}).get("ours", {})
        if batch > 1 and "ms" in half:
            growth = ours["ms"] / half["ms"]
            what = f"{case}, times the time of half the batch"
            found.append(Check(f"{case} growth", what, growth, MOST_GROWTH, at_most=True))
    return found


def body(rows, taken):
    held = by_key(checks(rows, taken))
    cells = []
    for case, row in rows.items():
        growth = held.get(f"{case} growth")
        cells.append([
            case, measured(row["ours"], lambda line: line["ms"]), measured(row["peers"].get("PyTorch"), best),
            ratio_cell(held.get(case)), must_cell(held.get(case)), ratio_cell(growth), must_cell(growth)])
    head = ["", "ours, ms", "PyTorch, ms", "times PyTorch", "must", "growth", "must at most"]
    picture = "![Time of a step by batch](pictures/performance-small-batches.svg)" if pictures(rows) else ""
    return "\n\n".join(filter(None, [table(head, cells), failures(rows), picture]))


def pictures(rows):
    series = {}
    for case, row in rows.items():
        if case.startswith("H "):
            hidden, batch = sizes(case)
            for who, line, value in [("ours", row["ours"], lambda line: line["ms"]),
                                     ("PyTorch", row["peers"].get("PyTorch", {}), best)]:
                if line and "failure" not in line:
                    series.setdefault(f"{who}, H {hidden}", []).append((batch, value(line)))
    if not series:
        return {}
    chart = log_chart("A training step of one layer with few sequences", "sequences", "milliseconds",
                      [Series(name, points) for name, points in series.items()])
    return {"performance-small-batches.svg": chart}
