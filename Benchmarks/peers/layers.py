"""The layers of `rnn benchmark ragged`, `small-batches` and `inference`: sizes and case names, the same as there.

Not run by itself.
"""

import argparse
import dataclasses
import json


@dataclasses.dataclass(frozen=True)
class Layer:
    """One recurrent layer whose inputs are as wide as it is."""

    case: str
    cell: str
    time: int
    batch: int
    hidden: int
    lengths: tuple = ()
    """The number of steps of every sequence; all where there are none."""


def ragged_lengths(batch, longest):
    """Lengths spread evenly from 10 to the longest, in an order without a pattern."""
    return tuple(10 + (place * 37 % batch) * (longest - 10) // (batch - 1) for place in range(batch))


CASES = {
    "ragged": [Layer(f"T {time}", "lstm", time, 64, 256, ragged_lengths(64, time)) for time in (100, 1000)],
    "small-batches": [
        Layer(f"H {hidden} B {batch}", "lstm", 50, batch, hidden)
        for hidden in (256, 512) for batch in (1, 2, 4, 8, 16)
    ],
    "inference": [
        Layer(f"{cell} H {hidden} B {batch}", cell, 100, batch, hidden)
        for cell in ("lstm", "gru") for hidden in (128, 512) for batch in (1, 32, 128)
    ],
}


def arguments(description, names):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("name", choices=names)
    parser.add_argument("--seconds", type=float, default=2.0, help="time to measure for, of each variant")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def report(peer, version, options, case, seconds):
    """Prints the seconds of each variant of a case as a JSON line."""
    line = {"peer": peer, "name": options.name, "case": case, "threads": options.threads, "version": version,
            "seconds": seconds}
    print(json.dumps(line), flush=True)
