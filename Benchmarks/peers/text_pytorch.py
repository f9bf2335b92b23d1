"""Trains the network of `rnn train text` in PyTorch, whose initial weights it leaves as PyTorch makes them, and the
command on the same text, and prints the validation losses of both side by side.

Run: python text_pytorch.py --data corpus.txt [--level word|character] [--vocabulary-limit 10000]
         [--embedding-size 200] [--rnn-size 200] [--num-layers 1] [--seeds 1 2 3 4 5] [--rnn PATH]

Words are cut as the command cuts them, at white space and punctuation, and the end of a line is one; characters are one-hot
without --embedding-size.
Both read the same streams in windows of 35, 20 side by side, with Adam at 0.002 and gradients clipped to a norm of 5;
the last fiftieth of the text is for validation, as one stream. A table of means over the seeds after 100, 300 and 1000
steps, with the losses of every seed above it.
"""

import argparse
import json
import re
import statistics
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

BATCH, TIME, RATE, CLIP = 20, 35, 0.002, 5
VALIDATION, PIECE = 0.02, 500
STEPS = (100, 300, 1000)


def tokens(options):
    """Training and validation tokens, and the number of tokens that are told apart."""
    text = Path(options.data).read_text(encoding="utf-8")
    if options.level == "word":
        parts = re.findall(r"\n|<[\w|/-]+>|\w+(?:['\u2019]\w+)*|[^\w\s]", text)
    else:
        parts = list(text)
    training = len(parts) - int(len(parts) * VALIDATION)
    if options.level == "word":
        counts = Counter(part for part in parts[:training] if part != "<unk>")
        known = sorted(counts, key=lambda word: (-counts[word], word))[: options.vocabulary_limit - 1]
        numbers = {word: place + 1 for place, word in enumerate(known)}
    else:
        numbers = {character: place for place, character in enumerate(sorted(set(parts)))}
    size = len(numbers) + (options.level == "word")
    all_tokens = torch.tensor([numbers.get(part, 0) for part in parts])
    return all_tokens[:training], all_tokens[training:], size


class Network(nn.Module):
    def __init__(self, size, options):
        super().__init__()
        width = options.embedding_size
        self.size = size
        self.embedding = nn.Embedding(size, width) if width else None
        self.layers = nn.LSTM(width or size, options.rnn_size, options.num_layers)
        self.output = nn.Linear(options.rnn_size, size)

    def forward(self, read, state):
        inputs = self.embedding(read) if self.embedding else F.one_hot(read, self.size).float()
        hidden, state = self.layers(inputs, state)
        return self.output(hidden), state


def evaluated(network, validation):
    state, total = None, 0.0
    with torch.no_grad():
        for start in range(0, len(validation) - 1, PIECE):
            following = validation[start + 1 : start + PIECE + 1]
            logits, state = network(validation[start : start + len(following), None], state)
            total += F.cross_entropy(logits[:, 0], following, reduction="sum").item()
    return total / (len(validation) - 1)


def pytorch(seed, training, validation, size, options):
    torch.manual_seed(seed)
    network = Network(size, options)
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    windows = (len(training) - 1) // BATCH // TIME
    length = windows * TIME
    streams = [training[shift : BATCH * length + shift].view(BATCH, length).t() for shift in (0, 1)]
    state, losses = None, []
    for step in range(STEPS[-1]):
        place = step % windows * TIME
        state = None if place == 0 else tuple(part.detach() for part in state)
        logits, state = network(streams[0][place : place + TIME], state)
        loss = F.cross_entropy(logits.flatten(0, 1), streams[1][place : place + TIME].flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), CLIP)
        optimizer.step()
        if step + 1 in STEPS:
            losses.append(evaluated(network, validation))
    return losses


def command(seed, options):
    arguments = [options.rnn, "train", "text", "--data", options.data, "--level", options.level]
    if options.level == "word":
        arguments += ["--vocabulary-limit", str(options.vocabulary_limit)]
    if options.embedding_size:
        arguments += ["--embedding-size", str(options.embedding_size)]
    arguments += ["--rnn-size", str(options.rnn_size), "--num-layers", str(options.num_layers)]
    arguments += ["--batch-size", str(BATCH), "--seq-length", str(TIME), "--learning-rate", str(RATE)]
    arguments += ["--val-fraction", str(VALIDATION), "--seed", str(seed), "--max-steps", str(STEPS[-1])]
    arguments += ["--eval-every", str(STEPS[0]), "--sample-length", "0", "--json"]
    with tempfile.TemporaryDirectory() as directory:
        done = subprocess.run(
            arguments + ["--out", directory + "/run"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    losses = {line["step"]: line["validationLoss"] for line in lines if line.get("event") == "evaluated"}
    return [losses[step] for step in STEPS]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--level", choices=["word", "character"], default="word")
    parser.add_argument("--vocabulary-limit", type=int, default=10_000)
    parser.add_argument("--embedding-size", type=int, help="none: one-hot tokens")
    parser.add_argument("--rnn-size", type=int, default=200)
    parser.add_argument("--num-layers", type=int, default=1)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--rnn", default=".build/release/rnn")
    options = parser.parse_args()
    if options.level == "word" and not options.embedding_size:
        parser.error("words have vectors: expected --embedding-size")
    training, validation, size = tokens(options)
    print(f"{options.data}: {size} {options.level}s, {len(training)} tokens for training, {len(validation)} kept")
    results = {"ours": [], "PyTorch": []}
    for seed in options.seeds:
        results["ours"].append(command(seed, options))
        results["PyTorch"].append(pytorch(seed, training, validation, size, options))
        for name, losses in results.items():
            print(f"seed {seed}, {name}: " + "  ".join(f"{loss:.4f}" for loss in losses[-1]), flush=True)
    print("| steps | ours | PyTorch | difference |\n|---|---|---|---|")
    for place, step in enumerate(STEPS):
        means = [statistics.mean(losses[place] for losses in results[name]) for name in ("ours", "PyTorch")]
        print(f"| {step} | {means[0]:.4f} | {means[1]:.4f} | {means[0] - means[1]:+.4f} |")


if __name__ == "__main__":
    main()
