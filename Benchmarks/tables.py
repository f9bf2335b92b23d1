"""Markdown tables and their cells.

Not run by itself.
"""

from measuring import MOST_FOREIGN_LOAD


def table(head, rows):
    """A Markdown table; every row has as many cells as the head."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def number(value, suffix=""):
    """Three digits, or all of a whole number that has more; a dash for None."""
    if value is None:
        return "-"
    return (f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}") + suffix


def measured(line, value):
    """A figure of a measured line, with a star where other processes were busy; a word for a failure."""
    if line is None:
        return "-"
    if "failure" in line:
        return "absent" if line["failure"] == "not installed" else "failed"
    return number(value(line)) + ("*" if line.get("foreign_load", 0) > MOST_FOREIGN_LOAD else "")


def failures(rows):
    """A line of text for everything that failed, from rows of {"ours": line, "peers": {peer: line}}."""
    found = {}
    for case, row in rows.items():
        for who, line in [("ours", row.get("ours", {})), *row.get("peers", {}).items()]:
            if "failure" in line and line["failure"] not in ("not installed", "not measured"):
                found.setdefault((who, line["failure"]), []).append(case)
    return "\n".join(f"{who} failed ({', '.join(cases)}): `{why}`" for (who, why), cases in found.items())
