"""What the cell fixtures share: the inputs of a case, in this project's layout, and its JSON form.

Not run by itself; `make_cells_*.py` use it.

A case is one cell unrolled over a sequence. The loss whose gradients are stored is sum(outputs *
outputGradient) + sum(finalHidden * finalHiddenGradient) + sum(finalCell * finalCellGradient).
"""

from fixture import Inputs, tensors

SMALL = {"time": 5, "batch": 3, "input": 4, "hidden": 6}
WIDE = {"time": 7, "batch": 5, "input": 4, "hidden": 37}
LENGTHS = [5, 3, 4]
PLAIN_LSTM = {"peepholes": False, "forgetBias": 0.0, "cellClip": None}
GATES = {"lstm": 4, "gru": 3, "rnn": 1}


def draw(cell, shape, options, seed):
    """Weights, states and incoming gradients of a case; None where the cell has no such tensor."""
    inputs = Inputs(seed)
    time, batch, hidden = shape["time"], shape["batch"], shape["hidden"]
    width, output = GATES[cell] * hidden, shape.get("projection", hidden)
    lstm = cell == "lstm"
    scale = 1.5 / hidden**0.5
    return {
        "x": inputs.normal(time, batch, shape["input"]),
        "inputWeight": inputs.normal(shape["input"], width, scale=0.5),
        "recurrentWeight": inputs.normal(output, width, scale=scale),
        "bias": inputs.normal(width, scale=0.5),
        "recurrentBias": inputs.normal(hidden, scale=0.5) if options.get("resetAfter") else None,
        "peepholes": inputs.normal(3 * hidden, scale=0.5) if options.get("peepholes") else None,
        "projection": inputs.normal(hidden, output, scale=scale) if "projection" in shape else None,
        "initialHidden": inputs.normal(batch, output, scale=0.5),
        "initialCell": inputs.normal(batch, hidden, scale=0.5) if lstm else None,
        "outputGradient": inputs.normal(time, batch, output),
        "finalHiddenGradient": inputs.normal(batch, output),
        "finalCellGradient": inputs.normal(batch, hidden) if lstm else None,
    }


def case(name, cell, shape, options, lengths, reversed_, given, results):
    """The JSON form of a case: what was given and what came out."""
    return {
        "name": name,
        "cell": cell,
        "options": options,
        "shape": shape,
        "lengths": lengths,
        "reversed": reversed_,
        "tensors": tensors(given | results),
    }
