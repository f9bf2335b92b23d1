"""Trains PyTorch on the model, the split and the schedule of `rnn train classify`, and prints the test accuracy.

Run: python classify_pytorch.py --data names [--level byte|word] [--epochs 12] [--seeds 1 2 3]

For every seed a JSON line with the accuracy on the test part, by the weights of the epoch with the best accuracy on
the validation part; at the end the mean over the seeds and its standard error. The same: two stacks of LSTM layers, one
for each direction, that meet at the end only; texts cut at --seq-length; initial weights (Glorot's, a forget bias of
1, which is not trained twice); Adam, clipping, batches grouped by length. Its own: the draws of the initial weights and
of the order of batches.
"""

import argparse
import copy
import json
import re
import statistics
import time
from collections import Counter
from pathlib import Path

import torch
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

from random_source import split

PROJECTION = 128
GROUPED_BATCHES = 16


def read(path):
    """Texts and label names: of a directory with a file for each label, or files of text, tab, label."""
    path = Path(path)
    files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    texts, labels = [], []
    for file in files:
        for line in file.read_text(encoding="utf-8").split("\n"):
            text, tab, label = line.rstrip("\r").partition("\t")
            if text.strip(" \t\r"):
                texts.append(text.strip(" \t\r"))
                labels.append(label.strip(" \t\r") if tab else file.stem)
    names = sorted(set(labels))
    return texts, [names.index(label) for label in labels], names


def words(text):
    return re.findall(r"\w+(?:['\u2019]\w+)*|[^\w\s]", text.lower())


class Tokens:
    """What a text is for the network: bytes, of which those from 128 are -1, or numbers of words, 0 for unknown."""

    def __init__(self, level, texts):
        self.numbers = None
        if level == "word":
            counts = Counter(word for text in texts for word in words(text))
            ordered = sorted(counts, key=lambda word: (-counts[word], word))
            self.numbers = {word: place + 1 for place, word in enumerate(ordered)}

    def __call__(self, text, length):
        if self.numbers is None:
            return torch.tensor([byte if byte < 128 else -1 for byte in text.encode()[:length]])
        return torch.tensor([self.numbers.get(word, 0) for word in words(text)[:length]])


class Classifier(torch.nn.Module):
    def __init__(self, options, vocabulary_size, classes):
        super().__init__()
        self.embedding = None
        inputs = 128
        if vocabulary_size:
            inputs = options.embedding_size
            self.embedding = torch.nn.Embedding(vocabulary_size, inputs)
            torch.nn.init.uniform_(self.embedding.weight, -0.05, 0.05)
        self.stacks = torch.nn.ModuleList(
            [torch.nn.LSTM(inputs, options.rnn_size, options.num_layers) for _ in range(2)]
        )
        self.projections = torch.nn.ModuleList([torch.nn.Linear(options.rnn_size, PROJECTION) for _ in range(2)])
        self.output = torch.nn.Linear(PROJECTION, classes)
        self.initialize(options.rnn_size)

    def initialize(self, hidden):
        for stack in self.stacks:
            for name, weight in stack.named_parameters():
                if name.startswith("weight"):
                    torch.nn.init.xavier_uniform_(weight)
                else:
                    torch.nn.init.zeros_(weight)
                if name.startswith("bias_hh"):
                    weight.requires_grad_(False)
                    weight[hidden : 2 * hidden] = 1
        for layer in [*self.projections, self.output]:
            torch.nn.init.xavier_uniform_(layer.weight)
            torch.nn.init.zeros_(layer.bias)

    def encode(self, sequences):
        padded = pad_sequence(sequences)
        if self.embedding:
            return self.embedding(padded)
        return F.one_hot(padded + 1, 129)[..., 1:].float()

    def forward(self, sequences):
        lengths = torch.tensor([len(sequence) for sequence in sequences])
        result = 0
        reversed_sequences = [sequence.flip(0) for sequence in sequences]
        for stack, projection, ordered in zip(self.stacks, self.projections, [sequences, reversed_sequences]):
            packed = pack_padded_sequence(self.encode(ordered), lengths, enforce_sorted=False)
            result = result + projection(stack(packed)[1][0][-1])
        return self.output(result)


def batches(lengths, size):
    """Batches in an order drawn anew, of like lengths within each group of batches."""
    order = torch.randperm(len(lengths)).tolist()
    parts = []
    for begin in range(0, len(order), size * GROUPED_BATCHES):
        group = sorted(order[begin : begin + size * GROUPED_BATCHES], key=lambda place: lengths[place])
        parts += [group[first : first + size] for first in range(0, len(group), size)]
    return [parts[place] for place in torch.randperm(len(parts)).tolist()]


def judge(model, data):
    """The share of texts that are taken for what they are, and the mean loss."""
    order = sorted(range(len(data)), key=lambda place: len(data[place][0]))
    right, loss = 0, 0.0
    with torch.inference_mode():
        for begin in range(0, len(order), 256):
            part = [data[place] for place in order[begin : begin + 256]]
            labels = torch.tensor([label for _, label in part])
            logits = model([tokens for tokens, _ in part])
            right += (logits.argmax(1) == labels).sum().item()
            loss += F.cross_entropy(logits, labels, reduction="sum").item()
    return right / len(data), loss / len(data)


def train(options, seed):
    texts, labels, names = read(options.data)
    parts = split(labels, options.val_fraction, options.test_fraction, seed)
    tokens = Tokens(options.level, [texts[place] for place in parts[0]])
    data = [[(tokens(texts[place], options.seq_length), labels[place]) for place in part] for part in parts]
    torch.manual_seed(seed)
    size = len(tokens.numbers) + 1 if tokens.numbers else 0
    with torch.no_grad():
        model = Classifier(options, size, len(names))
    parameters = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.Adam(parameters, lr=options.learning_rate)
    best, best_epoch, best_state = (-1.0, 0.0), 0, None
    began = time.time()
    for epoch in range(1, options.epochs + 1):
        for batch in batches([len(sequence) for sequence, _ in data[0]], options.batch_size):
            part = [data[0][place] for place in batch]
            loss = F.cross_entropy(model([tokens for tokens, _ in part]), torch.tensor([label for _, label in part]))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, options.grad_clip)
            optimizer.step()
        reached, loss = judge(model, data[1])
        if (reached, -loss) > best:
            best, best_epoch, best_state = (reached, -loss), epoch, copy.deepcopy(model.state_dict())
        if options.verbose:
            print(json.dumps({"seed": seed, "epoch": epoch, "validation": reached}), flush=True)
    model.load_state_dict(best_state)
    result = {
        "seed": seed,
        "sizes": [len(part) for part in data],
        "bestEpoch": best_epoch,
        "validation": best[0],
        "test": judge(model, data[2])[0],
        "seconds": round(time.time() - began, 1),
    }
    print(json.dumps(result), flush=True)
    return result["test"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--level", choices=["byte", "word"], default="byte")
    parser.add_argument("--rnn-size", type=int, default=128)
    parser.add_argument("--num-layers", type=int, default=3)
    parser.add_argument("--embedding-size", type=int, default=128)
    parser.add_argument("--seq-length", type=int, default=256)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--grad-clip", type=float, default=5)
    parser.add_argument("--val-fraction", type=float, default=0.1)
    parser.add_argument("--test-fraction", type=float, default=0.1)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    reached = [train(options, seed) for seed in options.seeds]
    mean = statistics.mean(reached)
    error = statistics.stdev(reached) / len(reached) ** 0.5 if len(reached) > 1 else 0
    print(json.dumps({"mean": mean, "standardError": error, "bar": mean - error}))


if __name__ == "__main__":
    main()
