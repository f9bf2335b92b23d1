"""Makes bidirectional.json: two layers of PyTorch's bidirectional LSTM, and Keras's ways to merge outputs.

Run: python make_bidirectional.py   (needs torch, tensorflow with Keras 3, and numpy)

Weights are in this project's layout: PyTorch's are transposed, and its `bias_hh` is zero. The stored gradients are
those of sum(outputs * outputGradient) + sum(every final state * its own gradient). Computed in Float64.
"""

import keras
import numpy as np
import torch

from fixture import Inputs, tensors, write

TIME, BATCH, INPUT, HIDDEN = 5, 3, 2, 3
DIRECTIONS = {"forward": "", "backward": "_reverse"}


def weights(inputs, width):
    return {
        "inputWeight": inputs.normal(width, 4 * HIDDEN, scale=0.6),
        "recurrentWeight": inputs.normal(HIDDEN, 4 * HIDDEN, scale=0.6),
        "bias": inputs.normal(4 * HIDDEN, scale=0.6),
    }


def pytorch(name, seed, lengths):
    inputs = Inputs(seed)
    given = {"x": inputs.normal(TIME, BATCH, INPUT), "outputGradient": inputs.normal(TIME, BATCH, 2 * HIDDEN)}
    rnn = torch.nn.LSTM(INPUT, HIDDEN, num_layers=2, bidirectional=True, dtype=torch.float64)
    places = [(layer, direction) for layer in range(2) for direction in DIRECTIONS]
    parameters = {}
    for layer, direction in places:
        suffix = f"_l{layer}{DIRECTIONS[direction]}"
        own = weights(inputs, INPUT if layer == 0 else 2 * HIDDEN)
        with torch.no_grad():
            getattr(rnn, "weight_ih" + suffix).copy_(torch.tensor(own["inputWeight"]).T)
            getattr(rnn, "weight_hh" + suffix).copy_(torch.tensor(own["recurrentWeight"]).T)
            getattr(rnn, "bias_ih" + suffix).copy_(torch.tensor(own["bias"]))
            getattr(rnn, "bias_hh" + suffix).zero_()
        for kind, theirs in [("inputWeight", "weight_ih"), ("recurrentWeight", "weight_hh"), ("bias", "bias_ih")]:
            given[f"{layer}.{direction}.{kind}"] = own[kind]
            parameters[f"{layer}.{direction}.{kind}"] = getattr(rnn, theirs + suffix)
        for part in ["h", "c"]:
            given[f"{layer}.{direction}.{part}Gradient"] = inputs.normal(BATCH, HIDDEN)

    x = torch.tensor(given["x"], requires_grad=True)
    if lengths:
        packed = torch.nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
        packed_outputs, final = rnn(packed)
        outputs, _ = torch.nn.utils.rnn.pad_packed_sequence(packed_outputs, total_length=TIME)
    else:
        outputs, final = rnn(x)
    results = {"outputs": outputs}
    loss = (outputs * torch.tensor(given["outputGradient"])).sum()
    for index, (layer, direction) in enumerate(places):
        for part, state in zip(["h", "c"], final):
            results[f"{layer}.{direction}.{part}"] = state[index]
            loss = loss + (state[index] * torch.tensor(given[f"{layer}.{direction}.{part}Gradient"])).sum()
    loss.backward()
    results["gradient.x"] = x.grad
    for key, parameter in parameters.items():
        results["gradient." + key] = parameter.grad.T if parameter.grad.dim() == 2 else parameter.grad
    results = {key: value.detach().numpy() for key, value in results.items()}
    return {"name": name, "lengths": lengths, "tensors": tensors(given | results)}


def keras_merges(seed):
    """Keras's gate order i f c o is this project's; its sequences are [batch, time, features]."""
    inputs = Inputs(seed)
    given = {"x": inputs.normal(TIME, BATCH, INPUT)}
    for direction in DIRECTIONS:
        for kind, values in weights(inputs, INPUT).items():
            given[f"{direction}.{kind}"] = values
    results = {}
    for mode, ours in [("concat", "concatenated"), ("sum", "summed"), ("ave", "averaged")]:
        layer = keras.layers.Bidirectional(
            keras.layers.LSTM(HIDDEN, return_sequences=True, dtype="float64"), merge_mode=mode, dtype="float64")
        x = np.swapaxes(given["x"], 0, 1)
        layer.build(x.shape)
        layer.set_weights([
            given[f"{direction}.{kind}"] for direction in DIRECTIONS
            for kind in ["inputWeight", "recurrentWeight", "bias"]
        ])
        results[ours] = np.swapaxes(np.asarray(layer(x)), 0, 1)
    return tensors(given | results)


def main():
    write(__file__, "bidirectional.json", {
        "pytorch": [pytorch("two layers", 1, None), pytorch("two layers with lengths", 2, [5, 2, 4])],
        "keras": keras_merges(3),
    })


if __name__ == "__main__":
    main()
