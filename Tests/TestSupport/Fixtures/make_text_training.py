"""Makes text_training.json: 100 training steps of a small character model in PyTorch, LSTM and GRU.

Run: python make_text_training.py   (needs torch and numpy)

The text is generated here. Its N tokens (characters numbered in the order of their Unicode scalar values) are
cut into B streams of L = (N - 1) / B tokens: stream b reads tokens b*L to (b+1)*L - 1 and predicts the tokens
one further on. Windows of T steps follow one another in each stream, L / T an epoch (both divisions integer).
The state is carried from window to window and is zero at the start of each epoch. A step: one-hot inputs,
recurrent layers, dense layer, mean cross-entropy over batch and time, clipping of the gradient's global norm,
Adam. `losses` and `gradientNorms` are those before the update, the norms before clipping
(norms of 5 do not occur here, so one case clips harder).

The cells have one bias: PyTorch's second is zero and stays so, except for the n gate of the GRU
(`recurrentBias`). Weights are in this project's layout. Computed in Float32; the same steps in Float64 give
`largestDifferenceFromFloat64`, relative.
"""

import numpy as np
import torch

from fixture import rounded, tensors, write

TEXT_LENGTH, BATCH, TIME, HIDDEN, LAYERS, STEPS = 3000, 8, 12, 16, 2, 100
LEARNING_RATE, EPSILON = 2e-3, 1e-8
SYLLABLES = ["ka", "lo", "mi", "ten", "sur", "ve", "bra", "no", "dil", "op"]


def pseudo_text():
    """Words of one to three syllables from a small multiplicative generator, in sentences."""
    state, text = 1, ""

    def draw(count):
        nonlocal state
        state = state * 48271 % 2147483647
        return state // 16 % count

    while len(text) < TEXT_LENGTH:
        words = ["".join(SYLLABLES[draw(10)] for _ in range(1 + draw(3))) for _ in range(3 + draw(5))]
        text += " ".join(words) + (".\n" if draw(3) == 0 else ", ")
    return text[:TEXT_LENGTH]


def windows(text):
    """(starts an epoch, inputs [T,B], targets [T,B]), without end."""
    vocabulary = sorted(set(text))
    tokens = torch.tensor([vocabulary.index(character) for character in text])
    length = (len(tokens) - 1) // BATCH
    inputs = tokens[: BATCH * length].reshape(BATCH, length).T
    targets = tokens[1 : BATCH * length + 1].reshape(BATCH, length).T
    while True:
        for index in range(length // TIME):
            rows = slice(index * TIME, (index + 1) * TIME)
            yield index == 0, inputs[rows], targets[rows]


class Model(torch.nn.Module):
    def __init__(self, cell, vocabulary):
        super().__init__()
        kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[cell]
        self.cell, self.vocabulary = cell, vocabulary
        self.recurrent = kind(vocabulary, HIDDEN, LAYERS)
        self.dense = torch.nn.Linear(HIDDEN, vocabulary)
        for layer in range(LAYERS):
            self.keep_one_bias(getattr(self.recurrent, f"bias_hh_l{layer}"))

    def keep_one_bias(self, second):
        """Zeroes the part of the second bias that the first already holds, and keeps it zero."""
        trained = torch.zeros_like(second)
        if self.cell == "gru":
            trained[2 * HIDDEN :] = 1
        with torch.no_grad():
            second.mul_(trained)
        second.register_hook(lambda gradient: gradient * trained.to(gradient.dtype))

    def forward(self, tokens, state):
        table = torch.eye(self.vocabulary, dtype=self.dense.weight.dtype)
        outputs, state = self.recurrent(table[tokens], state)
        return self.dense(outputs), state

    def weights(self):
        """The weights in this project's layout."""
        named = {}
        for layer in range(LAYERS):
            name = f"cell.{layer}"
            named[f"{name}.inputWeight"] = getattr(self.recurrent, f"weight_ih_l{layer}").T
            named[f"{name}.recurrentWeight"] = getattr(self.recurrent, f"weight_hh_l{layer}").T
            named[f"{name}.bias"] = getattr(self.recurrent, f"bias_ih_l{layer}")
            if self.cell == "gru":
                named[f"{name}.recurrentBias"] = getattr(self.recurrent, f"bias_hh_l{layer}")[2 * HIDDEN :]
        named |= {"output.weight": self.dense.weight.T, "output.bias": self.dense.bias}
        return {name: value.detach().numpy().copy() for name, value in named.items()}


def train(cell, text, maximum_norm, dtype):
    """Initial weights, losses, gradient norms and final weights."""
    torch.manual_seed(1)
    model = Model(cell, len(set(text))).to(dtype)
    initial = model.weights()
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, eps=EPSILON)
    losses, norms, state = [], [], None
    for _, (starts_epoch, inputs, targets) in zip(range(STEPS), windows(text)):
        if starts_epoch:
            state = None
        elif cell == "lstm":
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        logits, state = model(inputs, state)
        loss = torch.nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), maximum_norm).item())
        optimizer.step()
        losses.append(loss.item())
    return initial, losses, norms, model.weights()


def case(name, cell, text, maximum_norm):
    initial, losses, norms, final = train(cell, text, maximum_norm, torch.float32)
    _, reference, _, _ = train(cell, text, maximum_norm, torch.float64)
    difference = np.max(np.abs(np.array(losses) / np.array(reference) - 1))
    print(f"{name}: loss {losses[0]:.4f} to {losses[-1]:.4f}, largest norm {max(norms):.3f}, "
          f"Float32 against Float64 {difference:.1e}")
    return {
        "name": name,
        "cell": cell,
        "maximumNorm": maximum_norm,
        "initialWeights": tensors(initial),
        "losses": rounded(losses),
        "gradientNorms": rounded(norms),
        "finalOutputBias": rounded(final["output.bias"]),
        "largestDifferenceFromFloat64": float(f"{difference:.2g}"),
    }


def main():
    torch.set_num_threads(1)
    text = pseudo_text()
    write(__file__, "text_training.json", {
        "text": text,
        "vocabulary": sorted(set(text)),
        "batchSize": BATCH,
        "sequenceLength": TIME,
        "hidden": HIDDEN,
        "layers": LAYERS,
        "learningRate": LEARNING_RATE,
        "epsilon": EPSILON,
        "cases": [
            case("LSTM", "lstm", text, 5.0),
            case("GRU", "gru", text, 5.0),
            case("LSTM, every gradient clipped", "lstm", text, 0.05),
        ],
    })


if __name__ == "__main__":
    main()
