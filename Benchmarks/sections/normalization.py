"""What layer normalisation costs."""

from checks import Check, by_key, must_cell, ratio_cell
from tables import failures, measured, table

NAME = "normalization"
TITLE = "Layer normalisation"
TEXT = """Milliseconds of a step forward and backward of one layer over 50 steps of 50 sequences, with the gradients of
weights and inputs: plain, and with layer normalisation."""

MUST = {"128": 1.4, "512": 1.25}


def measure(bench):
    if not bench.knows("normalization"):
        return
    found, failure = bench.own("normalization", "--seconds", "1" if bench.quick else "3")
    for case, line in found.items():
        yield case, {"ours": line}
    if failure:
        yield "the others", {"ours": {"failure": failure}}


def checks(rows, taken):
    return [
        Check(case, f"{case}, times the plain layer's time", row["ours"]["times_the_plain"], MUST[case.split()[2]], True)
        for case, row in rows.items() if "times_the_plain" in row["ours"]
    ]


def body(rows, taken):
    held = by_key(checks(rows, taken))
    cells = [
        [case, measured(row["ours"], lambda line: line["plain_ms"]),
         measured(row["ours"], lambda line: line["normalized_ms"]), ratio_cell(held.get(case)),
         must_cell(held.get(case))]
        for case, row in rows.items()
    ]
    return "\n\n".join(filter(None, [
        table(["", "plain, ms", "normalised, ms", "times the plain", "must at most"], cells), failures(rows)]))
