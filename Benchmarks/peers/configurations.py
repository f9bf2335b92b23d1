"""The configurations of `rnn benchmark`: one table of names and shapes, for every peer.

Not run by itself.
"""

import dataclasses

GATES = {"rnn": 1, "gru": 3, "lstm": 4}


@dataclasses.dataclass(frozen=True)
class Configuration:
    """One network and its batch. A training step of it is forward, loss, backward, clipping, Adam."""

    name: str
    cell: str
    batch: int
    time: int
    inputs: int
    hidden: int
    layers: int
    outputs: int
    activation: str = "tanh"
    """Of the basic RNN: tanh or relu."""
    input_kind: str = "values"
    """values: random numbers; tokens: token ids, one-hot to the network."""
    loss: str = "every"
    """last: cross-entropy at the last step; every: at every step; squared: squared error at every step."""
    generates: bool = False
    """One character at a time instead of training."""


def character_model(name, cell, hidden, layers):
    return Configuration(name, cell, 50, 50, 65, hidden, layers, 65, input_kind="tokens")


def generation(name, cell, hidden, layers):
    return Configuration(name, cell, 1, 1, 65, hidden, layers, 65, input_kind="tokens", generates=True)


CONFIGURATIONS = {
    configuration.name: configuration
    for configuration in [
        Configuration("mnist-rnn", "rnn", 150, 28, 28, 150, 1, 10, loss="last"),
        Configuration("mnist-lstm", "lstm", 150, 28, 28, 150, 1, 10, loss="last"),
        Configuration("mnist-gru", "gru", 150, 28, 28, 150, 1, 10, loss="last"),
        Configuration("series-rnn", "rnn", 50, 20, 1, 100, 1, 1, activation="relu", loss="squared"),
        Configuration("hihello-lstm", "lstm", 1, 6, 5, 5, 1, 5),
        character_model("char-lstm-2x128", "lstm", 128, 2),
        character_model("char-gru-2x128", "gru", 128, 2),
        character_model("char-lstm-3x512", "lstm", 512, 3),
        character_model("char-gru-3x512", "gru", 512, 3),
        Configuration("wide-lstm-1x1024", "lstm", 64, 100, 1024, 1024, 1, 65),
        generation("generate-lstm-2x128", "lstm", 128, 2),
        generation("generate-lstm-3x512", "lstm", 512, 3),
        generation("generate-gru-3x512", "gru", 512, 3),
    ]
}
