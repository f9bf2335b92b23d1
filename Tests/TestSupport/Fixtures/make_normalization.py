"""Makes normalization.json: PyTorch's batch normalisation over sequences, and recurrent cells with layer normalisation.

Run: python make_normalization.py   (needs torch and numpy)

No peer that can be installed has the cells: they are written down here once more, from TensorFlow 1's
`contrib.rnn.LayerNormBasicLSTMCell` (without dropout) and from the GRU equations in the supplement of Ba, Kiros and
Hinton 2016, with this project's order of gates. The stored gradients are those of sum(outputs * outputGradient) +
sum(final states * their gradients). Computed in Float64.
"""

import torch
from torch.nn.functional import layer_norm

from fixture import Inputs, tensors, write

TIME, BATCH, INPUT, HIDDEN = 4, 3, 2, 4
LENGTHS = [4, 1, 3]


def norm(x, gain, bias, epsilon):
    return layer_norm(x, x.shape[-1:], gain, bias, epsilon)


def lstm_step(t, x, state, epsilon):
    h, c = state
    nets = (x @ t["inputWeight"] + h @ t["recurrentWeight"]).chunk(4, dim=1)
    i, f, g, o = [norm(net, t["gates.gain"][k], t["gates.bias"][k], epsilon) for k, net in enumerate(nets)]
    c = torch.sigmoid(f + 1) * c + torch.sigmoid(i) * torch.tanh(g)
    c = norm(c, t["memory.gain"], t["memory.bias"], epsilon)
    h = torch.sigmoid(o) * torch.tanh(c)
    return h, (h, c)


def gru_step(t, x, state, epsilon):
    (h,) = state
    from_input, from_state = x @ t["inputWeight"], h @ t["recurrentWeight"]

    def part(name, product):
        return norm(product, t[name + ".gain"], t[name + ".bias"], epsilon)

    gates = part("inputGates", from_input[:, : 2 * HIDDEN]) + part("recurrentGates", from_state[:, : 2 * HIDDEN])
    r, z = torch.sigmoid(gates).chunk(2, dim=1)
    n = torch.tanh(
        part("inputCandidate", from_input[:, 2 * HIDDEN :]) + r * part("recurrentCandidate", from_state[:, 2 * HIDDEN :])
    )
    h = (1 - z) * n + z * h
    return h, (h,)


def cell(name, step, gates, norms, parts, seed, epsilon):
    inputs = Inputs(seed)
    given = {
        "x": inputs.normal(TIME, BATCH, INPUT),
        "inputWeight": inputs.normal(INPUT, gates * HIDDEN),
        "recurrentWeight": inputs.normal(HIDDEN, gates * HIDDEN),
    }
    for key, shape in norms.items():
        given[key + ".gain"] = 1 + inputs.normal(*shape, scale=0.3)
        given[key + ".bias"] = inputs.normal(*shape, scale=0.3)
    leaves = {key: torch.tensor(value, requires_grad=True) for key, value in given.items()}
    state = tuple(torch.zeros(BATCH, HIDDEN, dtype=torch.float64) for _ in parts)
    outputs = []
    for time in range(TIME):
        running = torch.tensor([[length > time] for length in LENGTHS])
        output, following = step(leaves, leaves["x"][time], state, epsilon)
        outputs.append(torch.where(running, output, torch.zeros_like(output)))
        state = tuple(torch.where(running, new, old) for new, old in zip(following, state))
    results = {"outputs": torch.stack(outputs)}
    given["outputGradient"] = inputs.normal(TIME, BATCH, HIDDEN)
    loss = (results["outputs"] * torch.tensor(given["outputGradient"])).sum()
    for part, value in zip(parts, state):
        results[part] = value
        given[part + "Gradient"] = inputs.normal(BATCH, HIDDEN)
        loss = loss + (value * torch.tensor(given[part + "Gradient"])).sum()
    loss.backward()
    results |= {"gradient." + key: leaf.grad for key, leaf in leaves.items()}
    results = {key: value.detach().numpy() for key, value in results.items()}
    return {"name": name, "epsilon": epsilon, "lengths": LENGTHS, "tensors": tensors(given | results)}


def batch_normalization(seed):
    """Three training steps over the rows within the sequences, then an evaluation."""
    inputs = Inputs(seed)
    layer = torch.nn.BatchNorm1d(INPUT, dtype=torch.float64)
    given = {"gain": 1 + inputs.normal(INPUT, scale=0.3), "bias": inputs.normal(INPUT, scale=0.3)}
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(given["gain"]))
        layer.bias.copy_(torch.tensor(given["bias"]))
    running = torch.tensor([[length > time for length in LENGTHS] for time in range(TIME)])
    results = {}
    for step in range(4):
        if step == 3:
            layer.eval()
        given[f"{step}.x"] = 2 * inputs.normal(TIME, BATCH, INPUT) + 1
        given[f"{step}.outputGradient"] = inputs.normal(TIME, BATCH, INPUT)
        x = torch.tensor(given[f"{step}.x"], requires_grad=True)
        outputs = torch.zeros_like(x).masked_scatter(running.unsqueeze(2), layer(x[running]))
        layer.zero_grad()
        (outputs * torch.tensor(given[f"{step}.outputGradient"])).sum().backward()
        results |= {
            f"{step}.outputs": outputs,
            f"{step}.gradient.x": x.grad,
            f"{step}.gradient.gain": layer.weight.grad.clone(),
            f"{step}.gradient.bias": layer.bias.grad.clone(),
            f"{step}.mean": layer.running_mean.clone(),
            f"{step}.variance": layer.running_var.clone(),
        }
    results = {key: value.detach().numpy() for key, value in results.items()}
    return {"lengths": LENGTHS, "tensors": tensors(given | results)}


def main():
    lstm = {"gates": (4, HIDDEN), "memory": (HIDDEN,)}
    gru = {
        "inputGates": (2 * HIDDEN,),
        "inputCandidate": (HIDDEN,),
        "recurrentGates": (2 * HIDDEN,),
        "recurrentCandidate": (HIDDEN,),
    }
    write(__file__, "normalization.json", {
        "cells": [
            cell("lstm", lstm_step, 4, lstm, ["h", "c"], 1, 1e-3),
            cell("gru", gru_step, 3, gru, ["h"], 2, 1e-3),
        ],
        "batch": batch_normalization(3),
    })


if __name__ == "__main__":
    main()
