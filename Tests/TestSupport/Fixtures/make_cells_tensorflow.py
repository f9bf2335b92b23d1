"""Makes cells_tensorflow.json: values and gradients of TensorFlow 1's cells and of Keras's layers.

Run: python make_cells_tensorflow.py   (needs tensorflow with Keras 3, and numpy)

TensorFlow 1's cells are the copy that TensorFlow keeps in its old Keras, unrolled by `dynamic_rnn`; they add
`forgetBias` to the forget gate at run time, so `bias` is without it, and `cellClip` clips the new cell state.
TensorFlow 1 orders gates i j f o (LSTM) and r z, then the candidate (GRU), and stacks input rows over state
rows in one kernel; Keras orders them i f c o and z r h. Everything is stored in this project's layout and
computed in Float64.
"""

import keras
import numpy as np
import tensorflow as tf
from tensorflow.python.keras.layers.legacy_rnn import rnn_cell_impl

from cell_case import LENGTHS, PLAIN_LSTM, SMALL, case, draw
from fixture import write

v1 = tf.compat.v1


def reordered(array, order):
    """The blocks of the last axis in another order."""
    blocks = np.split(array, len(order), axis=-1)
    return np.concatenate([blocks[index] for index in order], axis=-1)


def feeds(given):
    """TensorFlow constants for everything given."""
    return {key: tf.constant(value) for key, value in given.items() if value is not None}


def loss(t, outputs, final_hidden, final_cell):
    total = tf.reduce_sum(outputs * t["outputGradient"]) + tf.reduce_sum(final_hidden * t["finalHiddenGradient"])
    return total if final_cell is None else total + tf.reduce_sum(final_cell * t["finalCellGradient"])


def tensorflow1_cell(cell, shape, options):
    """The cell and, for each of its variables, how it is made from tensors in this project's layout."""
    hidden = shape["hidden"]

    def kernel(t, columns):
        both = tf.concat([t["inputWeight"], t["recurrentWeight"]], axis=0)
        return tf.concat([tf.split(both, columns[1], axis=1)[index] for index in columns[0]], axis=1)

    def bias(t, columns):
        return tf.concat([tf.split(t["bias"], columns[1])[index] for index in columns[0]], axis=0)

    if cell == "rnn":
        made = rnn_cell_impl.BasicRNNCell(hidden, dtype=tf.float64)
        return made, {"kernel": lambda t: kernel(t, ([0], 1)), "bias": lambda t: bias(t, ([0], 1))}
    if cell == "gru":
        made = rnn_cell_impl.GRUCell(hidden, dtype=tf.float64)
        return made, {
            "gates/kernel": lambda t: kernel(t, ([0, 1], 3)),
            "gates/bias": lambda t: bias(t, ([0, 1], 3)),
            "candidate/kernel": lambda t: kernel(t, ([2], 3)),
            "candidate/bias": lambda t: bias(t, ([2], 3)),
        }
    made = rnn_cell_impl.LSTMCell(
        hidden, use_peepholes=options["peepholes"], forget_bias=options["forgetBias"],
        cell_clip=options["cellClip"], num_proj=shape.get("projection"), dtype=tf.float64)
    i_j_f_o = ([0, 2, 1, 3], 4)
    return made, {
        "kernel": lambda t: kernel(t, i_j_f_o),
        "bias": lambda t: bias(t, i_j_f_o),
        "w_i_diag": lambda t: t["peepholes"][:hidden],
        "w_f_diag": lambda t: t["peepholes"][hidden : 2 * hidden],
        "w_o_diag": lambda t: t["peepholes"][2 * hidden :],
        "projection/kernel": lambda t: t["projection"],
    }


def run_tensorflow1(name, cell, seed, options, shape=SMALL, lengths=None, reversed_=False):
    given = draw(cell, shape, options, seed)
    with tf.Graph().as_default(), v1.Session() as session:
        t = feeds(given)
        made, sources = tensorflow1_cell(cell, shape, options)
        valid = lengths or [shape["time"]] * shape["batch"]

        def directed(sequence):
            if not reversed_:
                return sequence
            return tf.reverse_sequence(sequence, valid, seq_axis=0, batch_axis=1)

        def variable(getter, name, *arguments, **options):
            """Gives the cell a tensor made from ours instead of a variable, so that gradients reach ours."""
            return sources[name.split("_cell/")[-1]](t)

        state = t["initialHidden"]
        if cell == "lstm":
            state = rnn_cell_impl.LSTMStateTuple(t["initialCell"], t["initialHidden"])
        with v1.variable_scope("model", custom_getter=variable):
            outputs, final = v1.nn.dynamic_rnn(
                made, directed(t["x"]), sequence_length=valid, initial_state=state, time_major=True)
        outputs = directed(outputs)
        final_hidden, final_cell = (final.h, final.c) if cell == "lstm" else (final, None)

        wanted = [key for key in t if not key.endswith("Gradient")]
        gradients = tf.gradients(loss(t, outputs, final_hidden, final_cell), [t[key] for key in wanted])
        results = {"outputs": outputs, "finalHidden": final_hidden}
        results |= {"finalCell": final_cell} if cell == "lstm" else {}
        results |= {f"gradient.{key}": gradient for key, gradient in zip(wanted, gradients)}
        results = session.run(results)
    return case(name, cell, shape, options, lengths, reversed_, given, results)


def keras_layer(cell, shape, options, t):
    """The layer, its weights in Keras's layout, and a function that turns gradients of those into ours."""
    common = {"return_sequences": True, "return_state": True, "dtype": "float64", "use_cudnn": False}
    hidden = shape["hidden"]
    if cell == "rnn":
        del common["use_cudnn"]
        layer = keras.layers.SimpleRNN(hidden, activation=options["activation"], **common)
        order, bias = [0], t["bias"]
    elif cell == "lstm":
        layer, order, bias = keras.layers.LSTM(hidden, **common), [0, 1, 2, 3], t["bias"]
    else:
        layer = keras.layers.GRU(hidden, reset_after=options["resetAfter"], **common)
        order, bias = [1, 0, 2], reordered(t["bias"], [1, 0, 2])
        if options["resetAfter"]:
            recurrent = np.concatenate([np.zeros(2 * hidden), t["recurrentBias"]])
            bias = np.stack([bias, recurrent])

    def ours(kernel, recurrent_kernel, bias):
        gradients = {
            "inputWeight": reordered(kernel, order),
            "recurrentWeight": reordered(recurrent_kernel, order),
            "bias": reordered(bias if bias.ndim == 1 else bias[0], order),
        }
        return gradients | ({} if bias.ndim == 1 else {"recurrentBias": bias[1, 2 * hidden :]})

    weights = [reordered(t["inputWeight"], order), reordered(t["recurrentWeight"], order), bias]
    return layer, weights, ours


def run_keras(name, cell, seed, options, shape=SMALL):
    given = draw(cell, shape, options, seed)
    layer, weights, ours = keras_layer(cell, shape, options, given)
    t = feeds(given)
    states = ["initialHidden"] + (["initialCell"] if cell == "lstm" else [])
    layer.build((shape["batch"], shape["time"], shape["input"]))
    layer.set_weights(weights)
    with tf.GradientTape() as tape:
        tape.watch([t["x"]] + [t[key] for key in states])
        batch_major, *final = layer(tf.transpose(t["x"], [1, 0, 2]), initial_state=[t[key] for key in states])
        outputs = tf.transpose(batch_major, [1, 0, 2])
        total = loss(t, outputs, final[0], final[1] if cell == "lstm" else None)
    variables = [weight.value for weight in layer.trainable_weights]
    gradients = tape.gradient(total, variables + [t["x"]] + [t[key] for key in states])
    gradients = [gradient.numpy() for gradient in gradients]

    results = {"outputs": outputs.numpy(), "finalHidden": final[0].numpy()}
    results |= {"finalCell": final[1].numpy()} if cell == "lstm" else {}
    results |= {f"gradient.{key}": value for key, value in ours(*gradients[:3]).items()}
    results |= {f"gradient.{key}": value for key, value in zip(["x"] + states, gradients[3:])}
    return case(name, cell, shape, options, None, False, given, results)


def main():
    plain = PLAIN_LSTM | {"forgetBias": 1.0}
    peepholes = plain | {"peepholes": True}
    clipped = peepholes | {"cellClip": 0.6}
    projected = SMALL | {"projection": 3}
    reset_before = {"resetAfter": False}
    write(__file__, "cells_tensorflow.json", [
        run_tensorflow1("TensorFlow 1 LSTM", "lstm", 101, plain),
        run_tensorflow1("TensorFlow 1 LSTM with peepholes", "lstm", 102, peepholes),
        run_tensorflow1("TensorFlow 1 LSTM with cell clipping", "lstm", 103, plain | {"cellClip": 0.6}),
        run_tensorflow1("TensorFlow 1 LSTM with peepholes, cell clipping and lengths", "lstm", 104, clipped,
                        lengths=LENGTHS),
        run_tensorflow1("TensorFlow 1 LSTM with peepholes, cell clipping and lengths, reversed", "lstm", 105,
                        clipped, lengths=LENGTHS, reversed_=True),
        run_tensorflow1("TensorFlow 1 LSTM with peepholes, cell clipping, projection and lengths", "lstm", 106,
                        clipped, shape=projected, lengths=LENGTHS),
        run_tensorflow1("TensorFlow 1 GRU", "gru", 107, reset_before),
        run_tensorflow1("TensorFlow 1 GRU reversed with lengths", "gru", 108, reset_before, lengths=LENGTHS,
                        reversed_=True),
        run_tensorflow1("TensorFlow 1 basic RNN with lengths", "rnn", 109, {"activation": "tanh"},
                        lengths=LENGTHS),
        run_keras("Keras LSTM", "lstm", 110, PLAIN_LSTM),
        run_keras("Keras GRU, reset before", "gru", 111, reset_before),
        run_keras("Keras GRU, reset after", "gru", 112, {"resetAfter": True}),
        run_keras("Keras SimpleRNN", "rnn", 113, {"activation": "tanh"}),
    ])


if __name__ == "__main__":
    main()
