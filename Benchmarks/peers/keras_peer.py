"""Measures Keras (TensorFlow backend) on one configuration and prints a JSON line.

Run: python keras_peer.py NAME [--xla] [--seconds S] [--threads 2] [--variant train_on_batch|custom|unrolled]

Variants: `train_on_batch` is the compiled model's own step, `custom` a tf.function with a gradient tape, and
`unrolled` the same with layers that write their time steps out (only up to 50 steps in all layers, for it takes
long to build and then is no faster). Tokens are one-hot vectors, made beforehand. --xla compiles the step.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import tensorflow as tf

from configurations import CONFIGURATIONS
from measurement import LEARNING_RATE, MAXIMUM_NORM, arguments, batch, report

MOST_UNROLLED_STEPS = 50


def network(c, unroll):
    kind = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}[c.cell]
    layers = [keras.Input((c.time, c.inputs), batch_size=c.batch)]
    for layer in range(c.layers):
        sequences = c.loss != "last" or layer < c.layers - 1
        layers.append(kind(c.hidden, activation=c.activation, return_sequences=sequences, unroll=unroll))
    return keras.Sequential([*layers, keras.layers.Dense(c.outputs)])


def loss_function(c):
    if c.loss == "squared":
        return keras.losses.MeanSquaredError()
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def batch_major(c):
    inputs, _, targets = batch(c)
    inputs = inputs.transpose(1, 0, 2).copy()
    return tf.constant(inputs), tf.constant(targets if c.loss == "last" else targets.swapaxes(0, 1).copy())


def optimizer():
    return keras.optimizers.Adam(LEARNING_RATE, global_clipnorm=MAXIMUM_NORM)


def train_on_batch(c, xla):
    inputs, targets = batch_major(c)
    model = network(c, unroll=False)
    model.compile(optimizer(), loss_function(c), jit_compile=xla)
    return lambda: model.train_on_batch(inputs, targets)


def custom(c, xla, unroll=False):
    inputs, targets = batch_major(c)
    model, update, loss_of = network(c, unroll), optimizer(), loss_function(c)
    update.build(model.trainable_variables)

    @tf.function(jit_compile=xla)
    def train(inputs, targets):
        with tf.GradientTape() as tape:
            loss = loss_of(targets, model(inputs, training=True))
        variables = model.trainable_variables
        update.apply(tape.gradient(loss, variables), variables)
        return loss

    return lambda: train(inputs, targets).numpy()


def main():
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--xla", action="store_true", help="compile the step with XLA")
    options = parser.parse_args()
    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(options.threads)
    keras.utils.set_random_seed(1)
    c = CONFIGURATIONS[options.name]
    variants = {
        "train_on_batch": lambda: train_on_batch(c, options.xla),
        "custom": lambda: custom(c, options.xla),
    }
    if c.time * c.layers <= MOST_UNROLLED_STEPS:
        variants["unrolled"] = lambda: custom(c, options.xla, unroll=True)
    peer = "keras-xla" if options.xla else "keras"
    report(peer, f"{keras.__version__} (TensorFlow {tf.__version__})", options, variants)


if __name__ == "__main__":
    main()
