"""An ONNX model of one recurrent layer as bytes, written field by field.

The format is Protocol Buffers; the fields' numbers are those of onnx.proto
(https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), the operators those of version 14. Not run by itself.
"""

import numpy as np

FLOAT = 1
INTEGER_ATTRIBUTE = 2


def number(value):
    """A whole number in groups of seven bits, the lowest first."""
    groups = bytearray()
    while value > 127:
        groups.append(value & 127 | 128)
        value >>= 7
    return bytes(groups + bytes([value]))


def field(place, value):
    """One field of a message: a whole number, or text or bytes (another message's among them) with their length."""
    if isinstance(value, int):
        return number(place << 3) + number(value)
    data = value.encode() if isinstance(value, str) else value
    return number(place << 3 | 2) + number(len(data)) + data


def message(*fields):
    return b"".join(field(place, value) for place, value in fields)


def tensor(name, values):
    dimensions = [(1, size) for size in values.shape]
    return message(*dimensions, (2, FLOAT), (8, name), (9, values.astype("<f4").tobytes()))


def value_information(name, shape):
    dimensions = message(*((1, message((1, size))) for size in shape))
    return message((1, name), (2, message((1, message((1, FLOAT), (2, dimensions))))))


def attribute(name, value):
    return message((1, name), (3, value), (20, INTEGER_ATTRIBUTE))


def recurrent_layer(cell, time, batch, inputs, hidden, generator):
    """A model from `inputs` [time, batch, inputs] to `outputs` [time, 1, batch, hidden], with random weights.

    cell: lstm or gru, the latter with its reset gate after the product, as in PyTorch.
    """
    rows = {"lstm": 4, "gru": 3}[cell] * hidden
    bound = hidden**-0.5
    shapes = {"input_weight": (1, rows, inputs), "state_weight": (1, rows, hidden), "bias": (1, 2 * rows)}
    weights = [tensor(name, generator.uniform(-bound, bound, shape).astype(np.float32))
               for name, shape in shapes.items()]
    attributes = [attribute("hidden_size", hidden)]
    if cell == "gru":
        attributes.append(attribute("linear_before_reset", 1))
    node = message(
        *((1, name) for name in ("inputs", *shapes)), (2, "outputs"), (4, cell.upper()),
        *((5, each) for each in attributes))
    graph = message(
        (1, node), (2, "layer"), *((5, each) for each in weights),
        (11, value_information("inputs", (time, batch, inputs))),
        (12, value_information("outputs", (time, 1, batch, hidden))))
    return message((1, 8), (7, graph), (8, message((2, 14))))
