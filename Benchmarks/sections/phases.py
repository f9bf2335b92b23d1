"""Where the time of a training step goes, by phase."""

from sections.training import MUST
from tables import failures, measured, table

NAME = "phases"
TITLE = "Where the time goes"
TEXT = """Shares of the time of all threads in a training step, from `rnn benchmark --profile`; reading the clock makes
the step a little longer than it is."""


def measure(bench):
    if not bench.knows("--profile"):
        return
    found, failure = bench.own(*MUST, "--profile", "--seconds", "0.2" if bench.quick else "2")
    for name, line in found.items():
        yield name, {"ours": line}
    if failure:
        yield "the others", {"ours": {"failure": failure}}


def checks(rows, taken):
    return []


def body(rows, taken):
    lines = {name: row["ours"] for name, row in rows.items() if "phases" in row["ours"]}
    phases = list(dict.fromkeys(phase for line in lines.values() for phase in line["phases"]))
    cells = [
        [name, measured(line, lambda line: line["seconds"] * 1000),
         *(percent(line["phases"].get(phase)) for phase in phases)]
        for name, line in lines.items()
    ]
    return "\n\n".join(filter(None, [table(["configuration", "ms", *phases], cells), failures(rows)]))


def percent(share):
    return "-" if share is None else f"{share:.1%}"
