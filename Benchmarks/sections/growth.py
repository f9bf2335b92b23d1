"""How time and memory of a training step grow with each size, and whether more threads are ever slower."""

from charts import Series, log_chart
from checks import Check, by_key, must_cell, ratio_cell
from tables import measured, number, table

NAME = "growth"
TITLE = "Growth"
TEXT = """A training step of an LSTM of 128 units over 50 steps of 32 sequences of 65 tokens, of which one size is
varied at a time: milliseconds, and the most megabytes that tensors held at once, parameters and Adam's moments
included."""

SIZES = ["steps", "batch", "units", "layers", "vocabulary"]
MEMORY_MUST = {"lstm": 6, "gru": 5, "rnn": 2}
THREADS_MUST = 0.95


def measure(bench):
    for size in SIZES:
        yield from lines(bench, f"growth-{size}", "0.1" if bench.quick else "1", 5 if bench.quick else None)
    yield from lines(bench, "memory", "0.1", None)
    yield from lines(bench, "threads", "0.4" if bench.quick else "2", None)


def lines(bench, name, seconds, most_lines):
    found, failure = bench.own(name, "--seconds", seconds, most_lines=most_lines)
    for case, line in found.items():
        yield f"{name}: {case}", line
    if failure:
        yield f"{name}: failure", {"name": name, "failure": failure}


def of(name, rows):
    return {line.get("case", "failure"): line for line in rows.values() if line["name"] == name}


def checks(rows, taken):
    found = []
    for case, line in of("memory", rows).items():
        if "failure" in line:
            continue
        kind = case.split()[0]
        for key, what, floats in [
            ("first", "the first layer's memory without the loss's", line["one_layer"] - line["the_loss"]),
            ("further", "a further layer's memory", line["every_further_layer"]),
        ]:
            found.append(Check(f"{kind} {key}", f"{kind}, {what}", floats, MEMORY_MUST[kind], True, " H"))
    for case, line in of("threads", rows).items():
        if "failure" not in line:
            found.append(Check(case, f"{case}, times faster", line["times_faster"], THREADS_MUST))
    return found


def size_of(line):
    return int(line["case"].split()[-1])


def body(rows, taken):
    held, shown = by_key(checks(rows, taken)), pictures(rows)
    parts = [part for size in SIZES for part in size_parts(size, of(f"growth-{size}", rows), shown)]
    return "\n\n".join(parts + memory_parts(of("memory", rows), held) + thread_parts(of("threads", rows), held))


def size_parts(size, lines, shown):
    if not lines:
        return []
    picture = f"performance-growth-{size}.svg"
    cells = table([size, "ms", "MB", "microseconds for each"], [size_cells(line) for line in lines.values()])
    return [cells] + ([f"![Time and memory by {size}](pictures/{picture})"] if picture in shown else [])


def size_cells(line):
    if "failure" in line:
        return [f"failed: {line['failure']}", "-", "-", "-"]
    size = size_of(line)
    if line["ms"] is None:
        return [f"{size:,}", "more memory than there is", "-", "-"]
    return [f"{size:,}", measured(line, lambda line: line["ms"]), number(line["mb"]), number(line["ms"] * 1000 / size)]


def memory_parts(lines, held):
    cells = []
    for case, line in lines.items():
        if "failure" not in line:
            first, further = (held[f"{case.split()[0]} {which}"] for which in ("first", "further"))
            cells.append([case, number(line["one_layer"]), number(line["the_loss"]), ratio_cell(first),
                          ratio_cell(further), must_cell(first)])
    if not cells:
        return []
    return [
        """Numbers held for every time step and sequence, in units of H, with the sum of the outputs as the loss, by the
difference of 64 and 128 steps; that of a further layer by the difference of two and three layers. Two layers and more
hold H besides, the gradient that goes from one to the next.""",
        table(["", "one layer and the loss", "the loss", "one layer", "a further layer", "must at most"], cells),
    ]


def thread_parts(lines, held):
    cells = [[case, measured(line, lambda line: line["fewer_ms"]), measured(line, lambda line: line["more_ms"]),
              ratio_cell(held[case]), must_cell(held[case])]
             for case, line in lines.items() if "failure" not in line]
    if not cells:
        return []
    return ["A step of one LSTM layer over 20 steps with fewer and more threads; medians of five runs in turn:",
            table(["", "fewer, ms", "more, ms", "times faster", "must"], cells)]


def pictures(rows):
    found = {}
    for size in SIZES:
        points = [line for line in of(f"growth-{size}", rows).values() if line.get("ms")]
        if points:
            found[f"performance-growth-{size}.svg"] = log_chart(
                f"Growth of a training step by {size}", size, "milliseconds, megabytes",
                [Series("milliseconds", [(size_of(line), line["ms"]) for line in points]),
                 Series("megabytes", [(size_of(line), line["mb"]) for line in points])])
    return found
