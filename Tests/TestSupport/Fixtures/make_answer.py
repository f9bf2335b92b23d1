"""Makes answer.json: logits, loss and gradients of the two models that answer questions about stories, by PyTorch.

Run: python make_answer.py   (needs torch and numpy)

The models are those of Keras's babi_rnn.py. "concatenated": an LSTM over the story, another over the question, the last
outputs of both side by side, and a dense layer. "added": the last output of two GRU layers over the question is added to
the vector of every word of the story, which two GRU layers read; a dense layer. Stories and questions of different
lengths are packed, so that padding is skipped. The weights are not stored: element i of all parameters, in the library's
order and shapes, is 0.6 sin(0.7 i + 0.003 i i), exact in Float32. `gradients`, in these shapes too, are those of the
mean cross-entropy. Float64.
"""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from fixture import rounded, tensors, write

STORIES = [[1, 2, 3, 4, 5], [6], [3, 7, 0]]
QUESTIONS = [[2, 6], [1, 5, 7], [4]]
LABELS = [2, 0, 1]
WORDS, WIDTH, HIDDEN, OUTPUTS = 8, 4, 3, 11


class Model(nn.Module):
    def __init__(self, is_added, cell, layers):
        super().__init__()
        self.is_added, self.layers = is_added, layers
        self.story_words = nn.Embedding(WORDS, WIDTH)
        self.question_words = nn.Embedding(WORDS, WIDTH)
        self.story = cell(WIDTH, HIDDEN, layers)
        self.question = cell(WIDTH, WIDTH if is_added else HIDDEN, layers)
        self.output = nn.Linear(HIDDEN if is_added else 2 * HIDDEN, OUTPUTS)

    def last(self, layer, inputs, sequences):
        lengths = torch.tensor([len(sequence) for sequence in sequences])
        packed = nn.utils.rnn.pack_padded_sequence(inputs, lengths, enforce_sorted=False)
        outputs, _ = nn.utils.rnn.pad_packed_sequence(layer(packed)[0])
        return outputs[lengths - 1, torch.arange(len(sequences))]

    def forward(self):
        def padded(sequences):
            return nn.utils.rnn.pad_sequence([torch.tensor(sequence) for sequence in sequences])

        question = self.last(self.question, self.question_words(padded(QUESTIONS)), QUESTIONS)
        words = self.story_words(padded(STORIES))
        if self.is_added:
            return self.output(self.last(self.story, words + question, STORIES))
        return self.output(torch.cat([self.last(self.story, words, STORIES), question], dim=1))

    def parameters_of_library(self):
        """The library's names and order; each with PyTorch's parameter, its rows that are meant, and whether it is
        transposed. A GRU's second bias is the library's for the candidate only; otherwise it is zero,
        and 1 for an LSTM's forget gate."""
        named = {"storyWords.table": (self.story_words.weight, slice(None), False)}
        named["questionWords.table"] = (self.question_words.weight, slice(None), False)
        for name, layer in [("story", self.story), ("question", self.question)]:
            for place in range(self.layers):
                named[f"{name}.{place}.inputWeight"] = (getattr(layer, f"weight_ih_l{place}"), slice(None), True)
                named[f"{name}.{place}.recurrentWeight"] = (getattr(layer, f"weight_hh_l{place}"), slice(None), True)
                named[f"{name}.{place}.bias"] = (getattr(layer, f"bias_ih_l{place}"), slice(None), False)
                second = getattr(layer, f"bias_hh_l{place}")
                nn.init.zeros_(second)
                if isinstance(layer, nn.GRU):
                    candidate = slice(2 * layer.hidden_size, None)
                    named[f"{name}.{place}.recurrentBias"] = (second, candidate, False)
                else:
                    # The library adds the forget gate's bias of 1 to its parameters.
                    nn.init.ones_(second[layer.hidden_size : 2 * layer.hidden_size])
        named["output.weight"] = (self.output.weight, slice(None), True)
        named["output.bias"] = (self.output.bias, slice(None), False)
        return named


def case(is_added, cell, layers):
    model = Model(is_added, cell, layers)
    named = model.parameters_of_library()
    place = 0
    with torch.no_grad():
        for parameter, rows, is_transposed in named.values():
            part = parameter[rows]
            i = np.arange(place, place + part.numel(), dtype=float)
            values = (0.6 * np.sin(0.7 * i + 0.003 * i * i)).astype(np.float32).astype(np.float64)
            shape = tuple(reversed(part.shape)) if is_transposed else tuple(part.shape)
            values = values.reshape(shape)
            parameter[rows] = torch.from_numpy((values.T if is_transposed else values).copy())
            place += part.numel()
    logits = model()
    loss = F.cross_entropy(logits, torch.tensor(LABELS))
    loss.backward()
    return {
        "logits": rounded(logits.detach()),
        "loss": rounded(loss.detach())[0],
        "gradients": tensors(
            {
                name: parameter.grad[rows].numpy().T if is_transposed else parameter.grad[rows].numpy()
                for name, (parameter, rows, is_transposed) in named.items()
            }
        ),
    }


torch.set_default_dtype(torch.float64)
write(
    __file__,
    "answer.json",
    {
        "stories": STORIES,
        "questions": QUESTIONS,
        "labels": LABELS,
        "concatenated": case(False, nn.LSTM, 1),
        "added": case(True, nn.GRU, 2),
    },
)
