"""Makes cells_pytorch*.json: values and gradients of PyTorch's recurrent modules, in this project's layout.

Run: python make_cells_pytorch.py   (needs torch and numpy)

PyTorch's gate orders (LSTM i f g o, GRU r z n) are this project's; its weights are transposed. Of its two
biases one is kept: `bias_hh` is zero, except for the n gate of the GRU, which is `recurrentBias`.
Computed in Float64.
"""

import torch

from cell_case import LENGTHS, PLAIN_LSTM, SMALL, WIDE, case, draw
from fixture import write


def module(cell, shape, options, reversed_):
    """A one-layer module. PyTorch has no module that only runs backwards: that is half of a bidirectional one."""
    sizes = {"bidirectional": reversed_, "dtype": torch.float64}
    if cell == "lstm":
        return torch.nn.LSTM(shape["input"], shape["hidden"], proj_size=shape.get("projection", 0), **sizes)
    if cell == "gru":
        return torch.nn.GRU(shape["input"], shape["hidden"], **sizes)
    return torch.nn.RNN(shape["input"], shape["hidden"], nonlinearity=options["activation"], **sizes)


def run(name, cell, shape, seed, options, lengths=None, reversed_=False):
    given = draw(cell, shape, options, seed)
    hidden = shape["hidden"]
    rnn = module(cell, shape, options, reversed_)
    half = 1 if reversed_ else 0
    suffix = "_l0_reverse" if reversed_ else "_l0"

    def parameter(kind):
        return getattr(rnn, kind + suffix)

    with torch.no_grad():
        parameter("weight_ih").copy_(torch.tensor(given["inputWeight"]).T)
        parameter("weight_hh").copy_(torch.tensor(given["recurrentWeight"]).T)
        parameter("bias_ih").copy_(torch.tensor(given["bias"]))
        parameter("bias_hh").zero_()
        if cell == "gru":
            parameter("bias_hh")[2 * hidden :] = torch.tensor(given["recurrentBias"])
        if "projection" in shape:
            parameter("weight_hr").copy_(torch.tensor(given["projection"]).T)

    def leaf(key):
        return torch.tensor(given[key], requires_grad=True) if given[key] is not None else None

    x, initial_hidden, initial_cell = leaf("x"), leaf("initialHidden"), leaf("initialCell")

    def in_direction(state):
        """The state with its direction axis; the other direction starts from zero."""
        return torch.stack([torch.zeros_like(state), state]) if reversed_ else state.unsqueeze(0)

    state = in_direction(initial_hidden)
    if cell == "lstm":
        state = (state, in_direction(initial_cell))
    if lengths:
        packed = torch.nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
        packed_outputs, final = rnn(packed, state)
        outputs, _ = torch.nn.utils.rnn.pad_packed_sequence(packed_outputs, total_length=shape["time"])
    else:
        outputs, final = rnn(x, state)
    outputs = outputs.chunk(2, dim=-1)[1] if reversed_ else outputs
    final_hidden, final_cell = final if cell == "lstm" else (final, None)
    final_hidden = final_hidden[half]
    final_cell = final_cell[half] if cell == "lstm" else None

    loss = (outputs * torch.tensor(given["outputGradient"])).sum()
    loss = loss + (final_hidden * torch.tensor(given["finalHiddenGradient"])).sum()
    if cell == "lstm":
        loss = loss + (final_cell * torch.tensor(given["finalCellGradient"])).sum()
    loss.backward()

    results = {
        "outputs": outputs,
        "finalHidden": final_hidden,
        "finalCell": final_cell,
        "gradient.x": x.grad,
        "gradient.inputWeight": parameter("weight_ih").grad.T,
        "gradient.recurrentWeight": parameter("weight_hh").grad.T,
        "gradient.bias": parameter("bias_ih").grad,
        "gradient.recurrentBias": parameter("bias_hh").grad[2 * hidden :] if cell == "gru" else None,
        "gradient.projection": parameter("weight_hr").grad.T if "projection" in shape else None,
        "gradient.initialHidden": initial_hidden.grad,
        "gradient.initialCell": initial_cell.grad if cell == "lstm" else None,
    }
    results = {key: value.detach().numpy() if value is not None else None for key, value in results.items()}
    return case(name, cell, shape, options, lengths, reversed_, given, results)


def main():
    gru = {"resetAfter": True}
    tanh, relu = {"activation": "tanh"}, {"activation": "relu"}
    projected = SMALL | {"projection": 3}
    write(__file__, "cells_pytorch.json", [
        run("LSTM", "lstm", SMALL, 1, PLAIN_LSTM),
        run("LSTM with lengths", "lstm", SMALL, 2, PLAIN_LSTM, lengths=LENGTHS),
        run("LSTM reversed", "lstm", SMALL, 3, PLAIN_LSTM, reversed_=True),
        run("LSTM reversed with lengths", "lstm", SMALL, 4, PLAIN_LSTM, lengths=LENGTHS, reversed_=True),
        run("LSTM with projection", "lstm", projected, 5, PLAIN_LSTM),
        run("LSTM with projection and lengths", "lstm", projected, 6, PLAIN_LSTM, lengths=LENGTHS),
        run("GRU", "gru", SMALL, 7, gru),
        run("GRU with lengths", "gru", SMALL, 8, gru, lengths=LENGTHS),
        run("GRU reversed with lengths", "gru", SMALL, 9, gru, lengths=LENGTHS, reversed_=True),
        run("tanh RNN", "rnn", SMALL, 10, tanh),
        run("tanh RNN reversed with lengths", "rnn", SMALL, 11, tanh, lengths=LENGTHS, reversed_=True),
        run("ReLU RNN", "rnn", SMALL, 12, relu),
        run("ReLU RNN with lengths", "rnn", SMALL, 13, relu, lengths=LENGTHS),
    ])
    write(__file__, "cells_pytorch_wide_lstm.json", [run("wide LSTM", "lstm", WIDE, 14, PLAIN_LSTM)])
    write(__file__, "cells_pytorch_wide_gru.json", [run("wide GRU", "gru", WIDE, 15, gru)])
    write(__file__, "cells_pytorch_wide_rnn.json", [
        run("wide tanh RNN", "rnn", WIDE, 16, tanh),
        run("wide ReLU RNN", "rnn", WIDE, 17, relu),
    ])


if __name__ == "__main__":
    main()
