"""Makes encoder_decoder.json: loss and gradients of an encoder that reads in both directions and a decoder, by PyTorch.

Run: python make_encoder_decoder.py   (needs torch and numpy)

Two layers of torch.nn.LSTM(bidirectional=True) over packed sources. A layer's last states of both directions, side by
side as c, h, c, h, go through a dense layer and tanh: the decoder layer's first c and h. The decoder, two layers of
LSTM, looks at the encoder's outputs by Luong's general attention; [hidden; context] goes through a dense layer, tanh and
the output layer. The weights are not stored: element i of all parameters, in the library's order and shapes, is
0.8 sin(0.37 i + 0.002 i i), exact in Float32. `gradients`, in these shapes too, are those of the mean cross-entropy of
the tokens that are to be written. Computed in Float64.
"""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from fixture import rounded, tensor, tensors, write

PADDING, BEGIN, END = 0, 1, 2
SOURCE_TOKENS, TARGET_TOKENS, EMBEDDING, HIDDEN, LAYERS = 7, 6, 2, 3, 2
SOURCES = [[4, 5, 6, 3], [5], [6, 4]]
TARGETS = [[4, 5], [3, 5, 4, 4], []]


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.source = nn.Embedding(SOURCE_TOKENS, EMBEDDING)
        self.target = nn.Embedding(TARGET_TOKENS, EMBEDDING)
        self.encoder = nn.LSTM(EMBEDDING, HIDDEN, LAYERS, bidirectional=True)
        self.bridges = nn.ModuleList(nn.Linear(4 * HIDDEN, 2 * HIDDEN) for _ in range(LAYERS))
        self.decoder = nn.LSTM(EMBEDDING, HIDDEN, LAYERS)
        self.key = nn.Linear(2 * HIDDEN, HIDDEN, bias=False)
        self.combination = nn.Linear(3 * HIDDEN, HIDDEN)
        self.output = nn.Linear(HIDDEN, TARGET_TOKENS)

    def forward(self, sources, read):
        lengths = torch.tensor([len(source) for source in sources])
        padded = self.source(pad_sequence([torch.tensor(source) for source in sources]))
        outputs, (h, c) = self.encoder(pack_padded_sequence(padded, lengths, enforce_sorted=False))
        memory = pad_packed_sequence(outputs)[0].transpose(0, 1)
        first = []
        for layer, bridge in enumerate(self.bridges):
            forward, backward = 2 * layer, 2 * layer + 1
            first.append(torch.tanh(bridge(torch.cat([c[forward], h[forward], c[backward], h[backward]], 1))))
        first = torch.stack(first)
        state = (first[..., HIDDEN:].contiguous(), first[..., :HIDDEN].contiguous())
        queries = self.decoder(self.target(read), state)[0].transpose(0, 1)
        padding = torch.arange(memory.shape[1])[None, :] >= lengths[:, None]
        scores = queries @ self.key(memory).transpose(1, 2)
        contexts = scores.masked_fill(padding[:, None, :], -math.inf).softmax(-1) @ memory
        seen = torch.cat([queries, contexts], -1).transpose(0, 1)
        return self.output(torch.tanh(self.combination(seen)))

    def parameters_of_library(self):
        """The library's names and order. PyTorch's second bias of an LSTM is 1 for the forget gate, which the library
        adds to its parameters, and 0 otherwise."""
        named = {"source.table": self.source.weight, "target.table": self.target.weight}

        def add(name, lstm, suffix):
            named[f"{name}.inputWeight"] = getattr(lstm, "weight_ih" + suffix)
            named[f"{name}.recurrentWeight"] = getattr(lstm, "weight_hh" + suffix)
            named[f"{name}.bias"] = getattr(lstm, "bias_ih" + suffix)
            second = getattr(lstm, "bias_hh" + suffix)
            nn.init.zeros_(second)
            nn.init.ones_(second[HIDDEN : 2 * HIDDEN])

        for layer in range(LAYERS):
            add(f"encoder.forward.{layer}", self.encoder, f"_l{layer}")
            add(f"encoder.backward.{layer}", self.encoder, f"_l{layer}_reverse")
        for layer, bridge in enumerate(self.bridges):
            named[f"encoder.bridge.{layer}.weight"] = bridge.weight
            named[f"encoder.bridge.{layer}.bias"] = bridge.bias
        for layer in range(LAYERS):
            add(f"decoder.{layer}", self.decoder, f"_l{layer}")
        named["attention.keyWeight"] = self.key.weight
        for name, dense in [("combination", self.combination), ("output", self.output)]:
            named[f"{name}.weight"] = dense.weight
            named[f"{name}.bias"] = dense.bias
        return named


def as_library(name, values):
    """PyTorch's matrices stand the other way round, but for tables."""
    return values if name.endswith("table") else values.T


def main():
    torch.set_default_dtype(torch.float64)
    network = Network()
    with torch.no_grad():
        named = network.parameters_of_library()
        place = 0
        for name, parameter in named.items():
            i = np.arange(place, place + parameter.numel(), dtype=float)
            values = (0.8 * np.sin(0.37 * i + 0.002 * i * i)).astype(np.float32).astype(np.float64)
            shape = tuple(parameter.shape if name.endswith("table") else reversed(parameter.shape))
            parameter.copy_(torch.from_numpy(as_library(name, values.reshape(shape)).copy()))
            place += parameter.numel()
    read = pad_sequence([torch.tensor([BEGIN] + target) for target in TARGETS])
    written = pad_sequence([torch.tensor(target + [END]) for target in TARGETS])
    logits = network(SOURCES, read)
    loss = F.cross_entropy(logits.flatten(0, 1), written.flatten(), ignore_index=PADDING)
    loss.backward()
    running = (written != PADDING)[..., None]
    write(
        __file__,
        "encoder_decoder.json",
        {
            "sources": SOURCES,
            "targets": TARGETS,
            "logits": tensor((logits * running).detach().numpy()),
            "loss": rounded(loss.detach())[0],
            "parameters": list(named),
            "gradients": tensors(
                {name: as_library(name, parameter.grad.numpy()) for name, parameter in named.items()}
            ),
        },
    )


main()
