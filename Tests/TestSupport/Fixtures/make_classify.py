"""Makes classify.json: the classifier's logits, loss and gradients, and a split of texts, by the scripts of the peer.

Run: python make_classify.py   (needs torch and numpy)

The network is `Classifier` of Benchmarks/peers/classify_pytorch.py with 5 hidden units and 2 layers. Its weights are
not stored: element i of all parameters, in the library's order and shapes, is 0.6 sin(0.7 i + 0.003 i i). Bytes are
one-hot with 128 places, those from 128 zeros; texts are cut after 12. `gradientNorms` are those of the mean
cross-entropy. Computed in Float64. `split` divides labels by Benchmarks/peers/random_source.py.
"""

import argparse
import pathlib
import sys

import numpy as np
import torch
from torch.nn import functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "Benchmarks" / "peers"))

from classify_pytorch import Classifier, Tokens  # noqa: E402
from fixture import rounded, write  # noqa: E402
from random_source import split  # noqa: E402

TEXTS = ["Adam", "Zürich", "a", "a text that is cut", "ñññ"]
LABELS = [0, 2, 1, 1, 0]
LENGTH, HIDDEN, LAYERS, CLASSES = 12, 5, 2, 3


def parameters(model):
    """The library's names with PyTorch's parameters, which are transposed, in the library's order."""
    named = {}
    for direction, stack in zip(["forward", "backward"], model.stacks):
        for layer in range(LAYERS):
            named[f"{direction}.{layer}.inputWeight"] = getattr(stack, f"weight_ih_l{layer}")
            named[f"{direction}.{layer}.recurrentWeight"] = getattr(stack, f"weight_hh_l{layer}")
            named[f"{direction}.{layer}.bias"] = getattr(stack, f"bias_ih_l{layer}")
    dense = [("forwardProjection", model.projections[0]), ("backwardProjection", model.projections[1])]
    for name, layer in [*dense, ("output", model.output)]:
        named[f"{name}.weight"] = layer.weight
        named[f"{name}.bias"] = layer.bias
    return named


def fill(named):
    place = 0
    for parameter in named.values():
        shape = tuple(reversed(parameter.shape))
        i = np.arange(place, place + parameter.numel(), dtype=float)
        values = 0.6 * np.sin(0.7 * i + 0.003 * i * i)
        parameter.copy_(torch.from_numpy(values.reshape(shape).T.copy()))
        place += parameter.numel()


def main():
    torch.set_default_dtype(torch.float64)
    with torch.no_grad():
        model = Classifier(argparse.Namespace(rnn_size=HIDDEN, num_layers=LAYERS), 0, CLASSES)
        named = parameters(model)
        fill(named)
    tokens = Tokens("byte", TEXTS)
    # The peer makes one-hot vectors in single precision; they are exact.
    encode = model.encode
    model.encode = lambda sequences: encode(sequences).double()
    logits = model([tokens(text, LENGTH) for text in TEXTS])
    loss = F.cross_entropy(logits, torch.tensor(LABELS))
    loss.backward()
    labels = [(7 * place * place) % 5 % 4 for place in range(60)] + [9]
    training, validation, test = split(labels, 0.15, 0.25, 3)
    write(
        __file__,
        "classify.json",
        {
            "texts": TEXTS,
            "labels": LABELS,
            "logits": rounded(logits.detach()),
            "loss": rounded(loss.detach())[0],
            "gradientNorms": {name: rounded(weight.grad.norm())[0] for name, weight in named.items()},
            "split": {"labels": labels, "training": training, "validation": validation, "test": test},
        },
    )


main()
