"""Trains PyTorch on the model, the split and the schedule of `rnn train translate`, and prints the BLEU of the test part.

Run: python translate_pytorch.py --data fra.txt [--max-steps 3000] [--seeds 1 2]

For every seed a JSON line with the BLEU of greedy translations of the test part after the last step (and after every
--evaluate-every steps), by sacrebleu on the tokens that the model writes (lowercase, tokenize "none", all translations
of a sentence as its references). The same: sentences in normal form, split by distinct source sentence, vocabularies;
one LSTM layer each for encoder and decoder, Luong's general attention of all decoder steps at once; initial weights
(Glorot's, a forget bias of 1, which is not trained twice; embeddings uniform in +-0.05); Adam, clipping, batches grouped
by length, steps. Its own: the draws of the initial weights and of the order of batches.
"""

import argparse
import json
import math
import re
import statistics
import time
import unicodedata
from collections import Counter

import torch
from random_source import RandomSource
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

PADDING, BEGIN, END, UNKNOWN = range(4)
GROUPED_BATCHES = 16


def words(sentence):
    composed = unicodedata.normalize("NFC", sentence).replace("\u2019", "'")
    return re.findall(r"\w+(?:'\w+)*|[^\w\s]", composed.lower())


def read(path, limit):
    """Pairs of sentences as words with spaces between them, without those of more words than the limit."""
    pairs = []
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            pair = [words(cell) for cell in line.rstrip("\r\n").split("\t")[:2]]
            if all(0 < len(sentence) <= limit for sentence in pair):
                pairs.append(tuple(" ".join(sentence) for sentence in pair))
    return pairs


def split(pairs, validation_fraction, test_fraction, seed):
    """The pairs for training, validation and test, divided by distinct source sentence."""
    places = {}
    for source, _ in pairs:
        places.setdefault(source, len(places))
    size = len(places)
    tests = min(math.floor(size * test_fraction + 0.5), size - 1)
    validations = min(math.floor(size * validation_fraction + 0.5), size - 1 - tests)
    ranks = [0] * size
    for rank, place in enumerate(RandomSource(seed).permutation(size)):
        ranks[place] = rank
    parts = [[], [], []]
    for pair in pairs:
        rank = ranks[places[pair[0]]]
        parts[2 if rank < tests else 1 if rank < tests + validations else 0].append(pair)
    return parts


class Vocabulary:
    def __init__(self, sentences, limit):
        counts = Counter(word for sentence in sentences for word in sentence.split())
        ordered = sorted(counts, key=lambda word: (-counts[word], word))
        self.words = ["<pad>", "<bos>", "<eos>", "<unk>"] + ordered[: limit - 4]
        self.numbers = {word: number for number, word in enumerate(self.words) if number > UNKNOWN}

    def encode(self, sentence):
        return [self.numbers.get(word, UNKNOWN) for word in sentence.split()]

    def decode(self, tokens):
        return " ".join(self.words[token] for token in tokens)


class Translator(torch.nn.Module):
    def __init__(self, sources, targets, embedding, hidden):
        super().__init__()
        self.source = torch.nn.Embedding(sources, embedding)
        self.target = torch.nn.Embedding(targets, embedding)
        self.encoder = torch.nn.LSTM(embedding, hidden)
        self.decoder = torch.nn.LSTM(embedding, hidden)
        self.key = torch.nn.Linear(hidden, hidden, bias=False)
        self.combination = torch.nn.Linear(2 * hidden, hidden)
        self.output = torch.nn.Linear(hidden, targets)
        for table in [self.source, self.target]:
            torch.nn.init.uniform_(table.weight, -0.05, 0.05)
        for layer in [self.encoder, self.decoder]:
            for name, weight in layer.named_parameters():
                if name.startswith("weight"):
                    torch.nn.init.xavier_uniform_(weight)
                else:
                    torch.nn.init.zeros_(weight)
                if name.startswith("bias_hh"):
                    weight.requires_grad_(False)
                    weight[hidden : 2 * hidden] = 1
        for layer in [self.key, self.combination, self.output]:
            torch.nn.init.xavier_uniform_(layer.weight)
        for layer in [self.combination, self.output]:
            torch.nn.init.zeros_(layer.bias)

    def encode(self, sources):
        """Memory and keys [batch, time, hidden], which of their steps are padding [batch, 1, time], the last state."""
        lengths = torch.tensor([len(source) for source in sources])
        padded = self.source(pad_sequence([torch.tensor(source) for source in sources]))
        outputs, state = self.encoder(pack_padded_sequence(padded, lengths, enforce_sorted=False))
        memory = pad_packed_sequence(outputs)[0].transpose(0, 1)
        padding = torch.arange(memory.shape[1])[None, :] >= lengths[:, None]
        return (memory, self.key(memory), padding[:, None, :]), state

    def decode(self, tokens, encoded, state):
        """The logits [time, batch, tokens] after each of `tokens` [time, batch], and the next state."""
        memory, keys, padding = encoded
        outputs, state = self.decoder(self.target(tokens), state)
        queries = outputs.transpose(0, 1)
        weights = (queries @ keys.transpose(1, 2)).masked_fill(padding, -math.inf).softmax(-1)
        seen = torch.cat([queries, weights @ memory], -1).transpose(0, 1)
        return self.output(torch.tanh(self.combination(seen))), state

    def loss(self, pairs):
        """The mean cross-entropy of the tokens that are to be written."""
        encoded, state = self.encode([source for source, _ in pairs])
        read = pad_sequence([torch.tensor([BEGIN] + target) for _, target in pairs])
        written = pad_sequence([torch.tensor(target + [END]) for _, target in pairs])
        logits, _ = self.decode(read, encoded, state)
        return F.cross_entropy(logits.flatten(0, 1), written.flatten(), ignore_index=PADDING)

    def greedy(self, sources, longest):
        encoded, state = self.encode(sources)
        tokens = torch.full((1, len(sources)), BEGIN)
        written, ended = [], torch.zeros(len(sources), dtype=torch.bool)
        for _ in range(longest):
            logits, state = self.decode(tokens, encoded, state)
            logits[..., [PADDING, BEGIN]] = -math.inf
            tokens = logits.argmax(-1)
            written.append(tokens[0])
            ended |= tokens[0] == END
            if ended.all():
                break
        columns = torch.stack(written, 1).tolist()
        return [column[: column.index(END)] if END in column else column for column in columns]


def batches(pairs, size):
    """Batches in an order drawn anew, of like target lengths, and of these of like source lengths, within each group."""
    order = torch.randperm(len(pairs)).tolist()
    parts = []
    for begin in range(0, len(order), size * GROUPED_BATCHES):
        group = order[begin : begin + size * GROUPED_BATCHES]
        group.sort(key=lambda place: (len(pairs[place][1]), len(pairs[place][0])))
        parts += [group[first : first + size] for first in range(0, len(group), size)]
    return [parts[place] for place in torch.randperm(len(parts)).tolist()]


def judge(model, pairs, sources, targets, longest):
    """The BLEU of greedy translations of the distinct sentences, each with all its translations as references."""
    from sacrebleu.metrics import BLEU

    references = {}
    for source, target in pairs:
        references.setdefault(source, [])
        if target not in references[source]:
            references[source].append(target)
    sentences = sorted(references, key=lambda sentence: len(sentence.split()))
    translations = []
    with torch.inference_mode():
        for begin in range(0, len(sentences), 256):
            part = [sources.encode(sentence) for sentence in sentences[begin : begin + 256]]
            translations += [targets.decode(tokens) for tokens in model.greedy(part, longest)]
    most = max(len(own) for own in references.values())
    streams = [
        [references[sentence][place] if place < len(references[sentence]) else None for sentence in sentences]
        for place in range(most)
    ]
    return BLEU(lowercase=True, tokenize="none", force=True).corpus_score(translations, streams)


def train(options, seed):
    pairs = read(options.data, options.max_tokens)
    parts = split(pairs, options.val_fraction, options.test_fraction, seed)
    sources = Vocabulary([source for source, _ in parts[0]], options.vocabulary_limit)
    targets = Vocabulary([target for _, target in parts[0]], options.vocabulary_limit)
    training = [(sources.encode(source), targets.encode(target)) for source, target in parts[0]]
    torch.manual_seed(seed)
    with torch.no_grad():
        model = Translator(len(sources.words), len(targets.words), options.embedding_size, options.rnn_size)
    parameters = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.Adam(parameters, lr=options.learning_rate)
    began, step, queue, recent = time.process_time(), 0, [], []
    while step < options.max_steps:
        queue = queue or batches(training, options.batch_size)
        loss = model.loss([training[place] for place in queue.pop(0)])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, options.grad_clip)
        optimizer.step()
        step += 1
        recent.append(loss.item())
        if step % options.evaluate_every == 0 or step == options.max_steps:
            score = judge(model, parts[2], sources, targets, options.max_tokens)
            result = {
                "seed": seed,
                "step": step,
                "trainLoss": round(statistics.mean(recent), 4),
                "bleu": round(score.score, 3),
                "brevityPenalty": round(score.bp, 4),
                "sizes": [len(part) for part in parts],
                "vocabularies": [len(sources.words), len(targets.words)],
                "processorSeconds": round(time.process_time() - began, 1),
            }
            print(json.dumps(result), flush=True)
            recent = []
    return score.score


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--rnn-size", type=int, default=256)
    parser.add_argument("--embedding-size", type=int, default=128)
    parser.add_argument("--max-tokens", type=int, default=10)
    parser.add_argument("--vocabulary-limit", type=int, default=8000)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--max-steps", type=int, default=3000)
    parser.add_argument("--evaluate-every", type=int, default=1500)
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--grad-clip", type=float, default=5)
    parser.add_argument("--val-fraction", type=float, default=0.02)
    parser.add_argument("--test-fraction", type=float, default=0.1)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    for seed in options.seeds:
        train(options, seed)


if __name__ == "__main__":
    main()
