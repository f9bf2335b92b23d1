"""The page performance.md and its pictures, from what has been measured.

Not run by itself.
"""

import os
import pathlib

from machine import best_level
from measuring import MOST_FOREIGN_LOAD
from sections import SECTIONS

OPENING = f"""# Performance

Every figure here was measured by one command, `python Benchmarks/performance.py` ([how](HERE/README.md)),
which runs this project and its peers in turn on one machine; all of them are in [performance.json](performance.json).
Beside a figure stands what it must be, and a figure in bold misses that. A star marks a figure that was taken while
other processes used more than {MOST_FOREIGN_LOAD:g} of a core: it says little."""


def explanations(path):
    """By key the text under each heading '## section/line' of explanations.md."""
    found, key = {}, None
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        if line.startswith("## "):
            key = line[3:].strip()
            found[key] = []
        elif key:
            found[key].append(line)
    return {key: "\n".join(lines).strip() for key, lines in found.items()}


def measured_sections(sections):
    """Of every section with rows: its module, rows, and on what they were taken."""
    return [(module, sections[name]["rows"], sections[name]["taken"])
            for name, module in SECTIONS.items() if sections.get(name, {}).get("rows")]


def machine_lines(taken):
    versions = ", ".join(f"{name} {version}" for name, version in taken["versions"].items() if version)
    return [
        f"- {taken['processor']}; {taken['cores']} cores, {taken['threads']} threads used; "
        f"caches {', '.join(taken['caches']) or 'unknown'}.",
        f"- Instruction sets that our kernels have for it: {taken['levels'] or 'unknown'}; the last of them is used.",
        f"- {versions}.",
    ]


def missed_lines(measured):
    checks = [(module.TITLE, check) for module, rows, taken in measured for check in module.checks(rows, taken)]
    missed = [f"- [{title}](#{anchor(title)}): {check.sentence}." for title, check in checks if check.is_missed]
    return [f"{len(missed)} of {len(checks)} figures miss what they must be.", *([""] if missed else []), *missed]


def anchor(title):
    return title.lower().replace(" ", "-")


def section_text(module, section, machine, explained):
    rows, taken = section["rows"], section["taken"]
    when = f"Measured on {taken['date']}" + (", with `--quick`" if taken["quick"] else "")
    if not section["complete"]:
        when += "; the run was interrupted, and rows of an earlier one may stand among these"
    parts = [f"## {module.TITLE}", module.TEXT, module.body(rows, taken)]
    level = best_level(taken)
    kind = f"{module.NAME}" if level == "avx512" else f"{level}/{module.NAME}"
    notes = [f"{check.key}: {explained[f'{kind}/{check.key}']}" for check in module.checks(rows, taken)
             if check.is_missed and f"{kind}/{check.key}" in explained]
    parts += ["\n".join(f"- {note}" for note in notes)] if notes else []
    parts.append(when + ".")
    if machine_lines(taken) != machine_lines(machine):
        parts.append("Not on the machine above, or with other versions:\n\n" + "\n".join(machine_lines(taken)))
    return "\n\n".join(parts)


def render(sections, here, docs):
    """The page's text, and SVG texts by the name of their file."""
    opening = OPENING.replace("HERE", pathlib.Path(os.path.relpath(here, docs)).as_posix())
    measured = measured_sections(sections)
    if not measured:
        return opening + "\n\nNothing has been measured yet.\n", {}
    machine = max((taken for _, _, taken in measured), key=lambda taken: taken["date"])
    parts = [opening, "\n".join(machine_lines(machine)), "## Missed", "\n".join(missed_lines(measured))]
    explained = explanations(here / "explanations.md")
    parts += [section_text(module, sections[module.NAME], machine, explained) for module, _, _ in measured]
    pictures = {}
    for module, rows, _ in measured:
        if hasattr(module, "pictures"):
            pictures |= module.pictures(rows)
    return "\n\n".join(parts) + "\n", pictures
