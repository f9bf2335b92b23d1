"""What each idea of the kernels gives."""

from tables import measured, number, table

NAME = "ideas"
TITLE = "The share of each idea"
TEXT = "What each idea gives, from `rnn benchmark ideas`."
NOT_COLUMNS = {"name", "case", "threads", "foreign_load", "arrived"}


def measure(bench):
    if bench.knows("ideas"):
        found, _ = bench.own("ideas", "--seconds", "0.2" if bench.quick else "2")
        yield from found.items()


def checks(rows, taken):
    return []


def body(rows, taken):
    columns = list(dict.fromkeys(name for line in rows.values() for name in line if name not in NOT_COLUMNS))
    cells = [[case, *(cell(line, column) for column in columns)] for case, line in rows.items()]
    return table(["case", *(column.replace("_", " ") for column in columns)], cells)


def cell(line, column):
    value = line.get(column)
    return measured(line, lambda line: value) if isinstance(value, (int, float)) else str(value or "-")
