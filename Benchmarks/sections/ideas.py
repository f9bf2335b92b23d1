"""What each idea of the kernels gives."""

from tables import failures, measured, table

NAME = "ideas"
TITLE = "The share of each idea"
TEXT = """A layer as it is, and with one [idea](design/speed.md) taken away, from `rnn benchmark ideas`."""
NOT_COLUMNS = {"name", "case", "threads", "foreign_load", "arrived"}


def measure(bench):
    if not bench.knows("ideas"):
        return
    found, failure = bench.own("ideas", "--seconds", "0.2" if bench.quick else "2")
    for case, line in found.items():
        yield case, {"ours": line}
    if failure:
        yield "the others", {"ours": {"failure": failure}}


def checks(rows, taken):
    return []


def body(rows, taken):
    lines = {case: row["ours"] for case, row in rows.items() if "failure" not in row["ours"]}
    columns = list(dict.fromkeys(name for line in lines.values() for name in line if name not in NOT_COLUMNS))
    columns.sort(key=lambda column: column.startswith("times"))
    cells = [[case, *(cell(line, column) for column in columns)] for case, line in lines.items()]
    head = ["", *(column.replace("_ms", ", ms").replace("_", " ") for column in columns)]
    return "\n\n".join(filter(None, [table(head, cells), failures(rows)]))


def cell(line, column):
    value = line.get(column)
    return measured(line, lambda line: value) if isinstance(value, (int, float)) else str(value or "-")
