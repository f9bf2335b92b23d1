"""Makes translate.json: sentences in normal form, a split, vocabularies, and the translator's loss, gradients and
translations, by the scripts of the peer.

Run: python make_translate.py   (needs torch and numpy)

The network is `Translator` of Benchmarks/peers/translate_pytorch.py with words' vectors of 3 and 4 hidden units. Its
weights are not stored: element i of all parameters, in the library's order and shapes, is 1.5 sin(0.37 i + 0.02 i i),
exact in Float32. `gradients`, in these shapes too, are those of the mean cross-entropy; `translations` are greedy.
Computed in Float64.
"""

import pathlib
import sys

import numpy as np
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "Benchmarks" / "peers"))

from fixture import rounded, tensors, write  # noqa: E402
from translate_pytorch import Translator, Vocabulary, split, words  # noqa: E402

SENTENCES = ["I\u2019m cold.", "E\u0301te\u0301\u202f! \u00ab L'eau \u00bb", "A_b 3.5 -- 'tis", "Qu'est-ce que c\u2019est\u00a0?"]
PAIRS = [(f"s{place * 7 % 40} a", f"b t{place % 9} c{place % 2}") for place in range(100)]
SOURCES, TARGETS, EMBEDDING, HIDDEN = 7, 9, 3, 4
BATCH = [([4, 5, 6, 3], [4, 8]), ([5], [7, 6, 5, 3]), ([6, 4], [8])]


def parameters(model):
    """The library's names with PyTorch's parameters, in the library's order; tables are not transposed."""
    named = {"source.table": model.source.weight, "target.table": model.target.weight}
    for name, layer in [("encoder.0", model.encoder), ("decoder.0", model.decoder)]:
        named[f"{name}.inputWeight"] = layer.weight_ih_l0
        named[f"{name}.recurrentWeight"] = layer.weight_hh_l0
        named[f"{name}.bias"] = layer.bias_ih_l0
    named["attention.keyWeight"] = model.key.weight
    for name, layer in [("combination", model.combination), ("output", model.output)]:
        named[f"{name}.weight"] = layer.weight
        named[f"{name}.bias"] = layer.bias
    return named


def fill(named):
    place = 0
    for name, parameter in named.items():
        is_table = name.endswith("table")
        shape = tuple(parameter.shape if is_table else reversed(parameter.shape))
        i = np.arange(place, place + parameter.numel(), dtype=float)
        values = (1.5 * np.sin(0.37 * i + 0.02 * i * i)).astype(np.float32).astype(np.float64).reshape(shape)
        parameter.copy_(torch.from_numpy((values if is_table else values.T).copy()))
        place += parameter.numel()


def main():
    torch.set_default_dtype(torch.float64)
    with torch.no_grad():
        model = Translator(SOURCES, TARGETS, EMBEDDING, HIDDEN)
        named = parameters(model)
        fill(named)
    loss = model.loss(BATCH)
    loss.backward()
    with torch.no_grad():
        translations = model.greedy([source for source, _ in BATCH], 6)
    parts = split(PAIRS, 0.15, 0.25, 3)
    targets = Vocabulary([target for _, target in parts[0]], 12)
    write(
        __file__,
        "translate.json",
        {
            "sentences": SENTENCES,
            "normal": [" ".join(words(sentence)) for sentence in SENTENCES],
            "pairs": PAIRS,
            "split": parts,
            "words": targets.words,
            "encoded": targets.encode("b t3 c1 t8 unheard"),
            "sources": [source for source, _ in BATCH],
            "targets": [target for _, target in BATCH],
            "loss": rounded(loss.detach())[0],
            "gradients": tensors(
                {
                    name: weight.grad.numpy() if name.endswith("table") else weight.grad.numpy().T
                    for name, weight in named.items()
                }
            ),
            "translations": translations,
        },
    )


main()
