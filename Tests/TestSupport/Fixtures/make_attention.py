"""Makes attention.json: attention of every kind, and an LSTM whose next step reads what it saw, by PyTorch.

Run: python make_attention.py   (needs torch and numpy)

The scores are Bahdanau et al. 2015, section A.1.2, and Luong et al. 2015, section 3.1, written out; softmax and gradients
are PyTorch's, and the LSTM is torch.nn.LSTMCell, transposed to this project's layout, with `bias_hh` zero. The stored
gradients are those of sum(contexts * contextsGradient), for cells sum(outputs * outputsGradient). Computed in Float64.
"""

import torch

from fixture import Inputs, tensors, write

STEPS, TIME, BATCH, QUERY, MEMORY, UNITS, INPUT = 3, 4, 3, 5, 6, 7, 2
LENGTHS = [4, 1, 3]
KINDS = ["additive", "dot", "scaled-dot", "general"]


def draw(inputs, kind):
    width = QUERY if kind in ["dot", "scaled-dot"] else MEMORY
    given = {"states": inputs.normal(TIME, BATCH, width, scale=0.5)}
    if kind == "additive":
        given["queryWeight"] = inputs.normal(QUERY, UNITS, scale=0.5)
        given["keyWeight"] = inputs.normal(MEMORY, UNITS, scale=0.5)
        given["scoreVector"] = inputs.normal(UNITS, scale=0.5)
    if kind == "general":
        given["keyWeight"] = inputs.normal(MEMORY, QUERY, scale=0.5)
    return given, width


def attend(kind, query, given):
    """One query [batch, query]: its context [batch, features] and weights [batch, time]."""
    states = given["states"].transpose(0, 1)
    if kind == "additive":
        net = (query @ given["queryWeight"]).unsqueeze(1) + states @ given["keyWeight"]
        scores = torch.tanh(net) @ given["scoreVector"]
    else:
        keys = states @ given["keyWeight"] if kind == "general" else states
        scores = torch.einsum("bq,btq->bt", query, keys)
        if kind == "scaled-dot":
            scores = scores / QUERY**0.5
    padding = torch.arange(TIME).unsqueeze(0) >= torch.tensor(LENGTHS).unsqueeze(1)
    weights = torch.softmax(scores.masked_fill(padding, -torch.inf), dim=1)
    return torch.einsum("bt,btf->bf", weights, states), weights


def case(kind, given, above, results):
    for name, tensor in given.items():
        results["gradient." + name] = tensor.grad
    everything = {name: tensor.detach().numpy() for name, tensor in (given | above | results).items()}
    return {"kind": kind, "lengths": LENGTHS, "tensors": tensors(everything)}


def tracked(arrays):
    return {name: torch.tensor(values, requires_grad=True) for name, values in arrays.items()}


def attention(kind, seed):
    inputs = Inputs(seed)
    arrays, width = draw(inputs, kind)
    arrays["queries"] = inputs.normal(STEPS, BATCH, QUERY, scale=0.5)
    above = {"contextsGradient": torch.tensor(inputs.normal(STEPS, BATCH, width, scale=0.5))}
    given = tracked(arrays)
    contexts, weights = zip(*[attend(kind, query, given) for query in given["queries"]])
    results = {"contexts": torch.stack(contexts), "weights": torch.stack(weights)}
    (results["contexts"] * above["contextsGradient"]).sum().backward()
    return case(kind, given, above, results)


def cell(kind, seed):
    inputs = Inputs(seed)
    arrays, width = draw(inputs, kind)
    arrays |= {
        "x": inputs.normal(STEPS, BATCH, INPUT),
        "inputWeight": inputs.normal(INPUT + width, 4 * QUERY, scale=0.6),
        "recurrentWeight": inputs.normal(QUERY, 4 * QUERY, scale=0.6),
        "bias": inputs.normal(4 * QUERY, scale=0.6),
        "c": inputs.normal(BATCH, QUERY),
        "h": inputs.normal(BATCH, QUERY),
    }
    above = {"outputsGradient": torch.tensor(inputs.normal(STEPS, BATCH, QUERY + width))}
    given = tracked(arrays)
    lstm = torch.nn.LSTMCell(INPUT + width, QUERY, dtype=torch.float64)
    parameters = {
        "weight_ih": given["inputWeight"].T,
        "weight_hh": given["recurrentWeight"].T,
        "bias_ih": given["bias"],
        "bias_hh": torch.zeros(4 * QUERY, dtype=torch.float64),
    }
    h, c = given["h"], given["c"]
    context = torch.zeros(BATCH, width, dtype=torch.float64)
    outputs, weights = [], []
    for x in given["x"]:
        h, c = torch.func.functional_call(lstm, parameters, (torch.cat([x, context], dim=1), (h, c)))
        context, own = attend(kind, h, given)
        outputs.append(torch.cat([h, context], dim=1))
        weights.append(own)
    results = {"outputs": torch.stack(outputs), "weights": torch.stack(weights)}
    (results["outputs"] * above["outputsGradient"]).sum().backward()
    return case(kind, given, above, results)


def main():
    write(__file__, "attention.json", {
        "attention": [attention(kind, 1 + place) for place, kind in enumerate(KINDS)],
        "cells": [cell("additive", 11), cell("general", 12)],
    })


if __name__ == "__main__":
    main()
