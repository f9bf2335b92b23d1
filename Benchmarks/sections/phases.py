"""Where the time of a step goes, by phase."""

from tables import failures, measured, number, table

NAME = "phases"
TITLE = "Where the time goes"
TEXT = "Shares of a step's time, from `rnn benchmark --profile`."


def measure(bench):
    if not bench.knows("--profile"):
        return
    found, _ = bench.own("--profile", "--seconds", "0.2" if bench.quick else "2")
    for name, line in found.items():
        if "phases" in line:
            yield name, {"ours": line}


def checks(rows, taken):
    return []


def body(rows, taken):
    phases = list(dict.fromkeys(phase for row in rows.values() for phase in row["ours"]["phases"]))
    cells = [
        [name, measured(row["ours"], lambda line: line["seconds"] * 1000),
         *(number(scaled(row["ours"]["phases"].get(phase)), "%") for phase in phases)]
        for name, row in rows.items()
    ]
    return "\n\n".join(filter(None, [table(["configuration", "ms", *phases], cells), failures(rows)]))


def scaled(share):
    return None if share is None else share * 100
