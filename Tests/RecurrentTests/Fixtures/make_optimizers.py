"""Makes optimizers.json: the parameters after each of 20 steps of PyTorch's and Keras's optimisers.

Run: python make_optimizers.py   (needs torch, tensorflow with Keras 3, and numpy)

The gradients are given, not computed. `epsilonAfterCorrection` tells the two forms of Adam apart: PyTorch
divides by sqrt(v / (1 - beta2^t)) + epsilon; Keras, like TensorFlow 1, divides by sqrt(v) + epsilon and moves
both bias corrections into the learning rate. Computed in Float64, but Keras rounds the powers of its betas to
Float32: its parameters agree with the formula to 1e-6 only.
"""

import keras
import tensorflow as tf
import torch

from fixture import Inputs, rounded, write

STEPS, SIZE = 20, 7


def follow_pytorch(make, start, gradients):
    parameter = torch.nn.Parameter(torch.tensor(start))
    optimizer = make([parameter])
    history = []
    for gradient in gradients:
        parameter.grad = torch.tensor(gradient)
        optimizer.step()
        history.append(parameter.detach().numpy().copy())
    return history


def follow_keras(make, start, gradients):
    variable = keras.Variable(start, dtype="float64")
    optimizer = make()
    history = []
    for gradient in gradients:
        optimizer.apply([tf.constant(gradient)], [variable])
        history.append(variable.numpy().copy())
    return history


def main():
    inputs = Inputs(7)
    start = inputs.normal(SIZE)
    gradients = inputs.normal(STEPS, SIZE)
    sgd = {"optimizer": "sgd", "learningRate": 0.1, "momentum": 0.0, "nesterov": False}
    adam = {"optimizer": "adam", "learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}

    def pytorch_sgd(options):
        return follow_pytorch(
            lambda parameters: torch.optim.SGD(
                parameters, lr=options["learningRate"], momentum=options["momentum"], nesterov=options["nesterov"]),
            start, gradients)

    def pytorch_adam(options):
        return follow_pytorch(
            lambda parameters: torch.optim.Adam(
                parameters, lr=options["learningRate"], betas=(options["beta1"], options["beta2"]),
                eps=options["epsilon"]),
            start, gradients)

    def keras_adam(options):
        return follow_keras(
            lambda: keras.optimizers.Adam(
                options["learningRate"], beta_1=options["beta1"], beta_2=options["beta2"],
                epsilon=options["epsilon"]),
            start, gradients)

    cases = [
        ("PyTorch SGD", pytorch_sgd, sgd),
        ("PyTorch SGD with momentum", pytorch_sgd, sgd | {"momentum": 0.9}),
        ("PyTorch SGD with Nesterov momentum", pytorch_sgd, sgd | {"momentum": 0.9, "nesterov": True}),
        ("PyTorch Adam", pytorch_adam, adam | {"epsilonAfterCorrection": True}),
        ("PyTorch Adam, large epsilon", pytorch_adam, adam | {"epsilon": 0.1, "epsilonAfterCorrection": True}),
        ("Keras Adam", keras_adam, adam | {"epsilon": 1e-7, "epsilonAfterCorrection": False}),
        ("Keras Adam, large epsilon", keras_adam, adam | {"epsilon": 0.1, "epsilonAfterCorrection": False}),
    ]
    write(__file__, "optimizers.json", {
        "start": rounded(start),
        "gradients": [rounded(gradient) for gradient in gradients],
        "cases": [
            {"name": name, "options": options, "parameters": [rounded(row) for row in follow(options)]}
            for name, follow, options in cases
        ],
    })


if __name__ == "__main__":
    main()
