"""What the fixture scripts share: drawing inputs, rounding values, writing JSON.

Not run by itself. Every `make_*.py` beside it writes the file or files it names, next to itself:
    python make_cells_pytorch.py
"""

import json
import pathlib

import numpy as np

DIGITS = 9
"""Significant digits kept: enough to give back every Float32 exactly."""


class Inputs:
    """Random inputs that are exact in Float32, held as Float64."""

    def __init__(self, seed):
        self.generator = np.random.default_rng(seed)

    def normal(self, *shape, scale=1.0):
        return (self.generator.standard_normal(shape) * scale).astype(np.float32).astype(np.float64)


def rounded(values):
    """A flat, row-major list of numbers with `DIGITS` significant digits; whole numbers stay whole."""
    array = np.asarray(values)
    if array.dtype.kind in "iu":
        return array.ravel().tolist()
    if not np.isfinite(array).all():
        raise ValueError("a fixture holds a number that is not finite")
    return [float(f"{value:.{DIGITS}g}") for value in array.ravel().tolist()]


def tensor(values):
    """The JSON form of a tensor."""
    return {"shape": list(np.shape(values)), "values": rounded(values)}


def tensors(named):
    """The JSON form of a dictionary of tensors; entries that are None are left out."""
    return {name: tensor(values) for name, values in named.items() if values is not None}


def write(script, name, content):
    """Writes `name` beside the script that makes it."""
    path = pathlib.Path(script).resolve().parent / name
    text = json.dumps(content, separators=(",", ":"), allow_nan=False) + "\n"
    path.write_text(text, encoding="utf-8")
    print(f"{name}: {len(text)} bytes")
