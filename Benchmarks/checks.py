"""What a measured figure must be, and whether it is.

Not run by itself.
"""

import dataclasses

from tables import number


@dataclasses.dataclass(frozen=True)
class Check:
    """A figure beside the bound that it is held against."""

    key: str
    """Its place in explanations.md, after the section's name: mnist-rnn in training/mnist-rnn."""
    what: str
    """What the figure is, for a sentence: 'mnist-rnn, times the fastest peer'."""
    found: float
    must: float
    at_most: bool = False
    """Whether the bound is one from above."""
    unit: str = ""

    @property
    def is_missed(self):
        found = float(f"{self.found:.3g}")
        return found > self.must if self.at_most else found < self.must

    @property
    def sentence(self):
        bound = "at most" if self.at_most else "at least"
        return f"{self.what}: {number(self.found)}{self.unit} where {bound} {self.must:g}{self.unit} is wanted"


def by_key(checks):
    return {check.key: check for check in checks}


def ratio_cell(check):
    """A figure for a table, in bold where it misses."""
    if check is None:
        return "-"
    return f"**{number(check.found)}**" if check.is_missed else number(check.found)


def must_cell(check):
    return "-" if check is None else f"{check.must:g}"
