"""Makes optimizers.json: the parameters after every tenth of 100 steps of PyTorch's and Keras's optimisers, and of
Graves's form of RMSProp; and learning rates of PyTorch's and Keras's schedules.

Run: python make_optimizers.py   (needs torch, tensorflow with Keras 3, and numpy)

The gradients are given, not computed. The places of epsilon tell forms apart. PyTorch's Adam divides by
sqrt(v / (1 - beta2^t)) + epsilon; Keras's, like TensorFlow 1's, divides by sqrt(v) + epsilon and moves both bias
corrections into the learning rate. RMSProp and Adagrad have sqrt(v) + epsilon in PyTorch and sqrt(v + epsilon)
in Keras. Computed in Float64, but Keras rounds the powers of its betas to Float32: its parameters agree with
the formula to 1e-6 only.
"""

import keras
import numpy as np
import tensorflow as tf
import torch

from fixture import Inputs, rounded, write

STEPS, EVERY, SIZE = 100, 10, 5
inputs = Inputs(7)
START = inputs.normal(SIZE)
GRADIENTS = inputs.normal(STEPS, SIZE) * 2.0 ** np.array([0, 0, -3, -6, -9])  # beside small ones epsilon tells


def follow_pytorch(make, **options):
    parameter = torch.nn.Parameter(torch.tensor(START))
    optimizer = make([parameter], **options)
    history = []
    for gradient in GRADIENTS:
        parameter.grad = torch.tensor(gradient)
        optimizer.step()
        history.append(parameter.detach().numpy().copy())
    return history


def follow_keras(make, *arguments, **options):
    variable = keras.Variable(START, dtype="float64")
    optimizer = make(*arguments, **options)
    history = []
    for gradient in GRADIENTS:
        optimizer.apply([tf.constant(gradient)], [variable])
        history.append(variable.numpy().copy())
    return history


def follow_graves():
    """Graves 2013, "Generating sequences with recurrent neural networks", equations 38 to 45."""
    w, n, g, delta = START.copy(), np.zeros(SIZE), np.zeros(SIZE), np.zeros(SIZE)
    history = []
    for epsilon in GRADIENTS:
        n = 0.95 * n + (1 - 0.95) * epsilon ** 2
        g = 0.95 * g + (1 - 0.95) * epsilon
        delta = 0.9 * delta - 0.0001 * epsilon / np.sqrt(n - g ** 2 + 0.0001)
        w = w + delta
        history.append(w)
    return history


def sgd(momentum=0.0, nesterov=False):
    return ({"optimizer": "sgd", "learningRate": 0.1, "momentum": momentum, "nesterov": nesterov},
            follow_pytorch(torch.optim.SGD, lr=0.1, momentum=momentum, nesterov=nesterov))


def adagrad_pytorch():
    return ({"optimizer": "adagrad", "learningRate": 0.1, "epsilon": 1e-2, "epsilonIsInside": False},
            follow_pytorch(torch.optim.Adagrad, lr=0.1, eps=1e-2))


def adagrad_keras():
    """The first sum, 0.1, is a part of epsilon inside the root."""
    return ({"optimizer": "adagrad", "learningRate": 0.1, "epsilon": 0.13, "epsilonIsInside": True},
            follow_keras(keras.optimizers.Adagrad, 0.1, initial_accumulator_value=0.1, epsilon=0.03))


def rmsprop_options(epsilon, is_inside, momentum, centered):
    return {"optimizer": "rmsprop", "learningRate": 0.01, "decay": 0.9, "momentum": momentum, "isCentered": centered,
            "epsilon": epsilon, "epsilonIsInside": is_inside}


def rmsprop_pytorch(momentum, centered):
    return (rmsprop_options(1e-2, False, momentum, centered),
            follow_pytorch(torch.optim.RMSprop, lr=0.01, alpha=0.9, eps=1e-2, momentum=momentum, centered=centered))


def rmsprop_keras(momentum, centered):
    return (rmsprop_options(1e-2, True, momentum, centered),
            follow_keras(keras.optimizers.RMSprop, 0.01, rho=0.9, epsilon=1e-2, momentum=momentum, centered=centered))


def adadelta():
    return ({"optimizer": "adadelta", "learningRate": 1.0, "decay": 0.95, "epsilon": 1e-3},
            follow_pytorch(torch.optim.Adadelta, lr=1.0, rho=0.95, eps=1e-3))


def adam_options(epsilon, is_corrected, weight_decay=0.0):
    return {"optimizer": "adam", "learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": epsilon,
            "epsilonAfterCorrection": is_corrected, "weightDecay": weight_decay}


def adam_pytorch(epsilon):
    return (adam_options(epsilon, True), follow_pytorch(torch.optim.Adam, lr=0.01, betas=(0.9, 0.999), eps=epsilon))


def adam_keras(epsilon):
    return (adam_options(epsilon, False),
            follow_keras(keras.optimizers.Adam, 0.01, beta_1=0.9, beta_2=0.999, epsilon=epsilon))


def adamw_pytorch():
    return (adam_options(1e-8, True, 0.3),
            follow_pytorch(torch.optim.AdamW, lr=0.01, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.3))


def adamw_keras():
    return (adam_options(0.1, False, 0.3),
            follow_keras(keras.optimizers.AdamW, 0.01, beta_1=0.9, beta_2=0.999, epsilon=0.1, weight_decay=0.3))


def nadam_options(momentum_decay):
    return {"optimizer": "nadam", "learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-2,
            "momentumDecay": momentum_decay}


def nadam_pytorch():
    return (nadam_options(0.004),
            follow_pytorch(torch.optim.NAdam, lr=0.01, betas=(0.9, 0.999), eps=1e-2, momentum_decay=0.004))


def nadam_keras():
    return (nadam_options(1.0),
            follow_keras(keras.optimizers.Nadam, 0.01, beta_1=0.9, beta_2=0.999, epsilon=1e-2))


CASES = {
    "PyTorch SGD": sgd(),
    "PyTorch SGD with momentum": sgd(0.9),
    "PyTorch SGD with Nesterov momentum": sgd(0.9, True),
    "PyTorch Adagrad": adagrad_pytorch(),
    "Keras Adagrad": adagrad_keras(),
    "PyTorch RMSProp": rmsprop_pytorch(0.0, False),
    "PyTorch RMSProp with momentum": rmsprop_pytorch(0.9, False),
    "PyTorch RMSProp, centred": rmsprop_pytorch(0.0, True),
    "PyTorch RMSProp, centred, with momentum": rmsprop_pytorch(0.9, True),
    "Keras RMSProp": rmsprop_keras(0.0, False),
    "Keras RMSProp, centred, with momentum": rmsprop_keras(0.9, True),
    "Graves": ({"optimizer": "graves", "learningRate": 1e-4}, follow_graves()),
    "PyTorch Adadelta": adadelta(),
    "PyTorch Adam": adam_pytorch(1e-8),
    "PyTorch Adam, large epsilon": adam_pytorch(0.1),
    "Keras Adam": adam_keras(1e-7),
    "Keras Adam, large epsilon": adam_keras(0.1),
    "PyTorch AdamW": adamw_pytorch(),
    "Keras AdamW, large epsilon": adamw_keras(),
    "PyTorch Nadam": nadam_pytorch(),
    "Keras Nadam": nadam_keras(),
}

BASE = 0.5
SCHEDULE_STEPS = 40


def rates_pytorch(make, warm_up=0):
    """The rates of the steps; after a warm-up in equal parts, whose last step has the whole rate."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=BASE)
    scheduler = make(optimizer)
    if warm_up:
        linear = torch.optim.lr_scheduler.LinearLR(optimizer, 1 / warm_up, 1.0, warm_up - 1)
        scheduler = torch.optim.lr_scheduler.SequentialLR(optimizer, [linear, scheduler], [warm_up])
    rates = []
    for _ in range(SCHEDULE_STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def rates_keras(schedule):
    return [float(schedule(step)) for step in range(SCHEDULE_STEPS)]


pytorch, kept = torch.optim.lr_scheduler, keras.optimizers.schedules
SCHEDULES = {
    "constant": rates_pytorch(lambda o: pytorch.ConstantLR(o, 1.0)),
    "warm-up:5+constant": rates_pytorch(lambda o: pytorch.ConstantLR(o, 1.0), 5),
    "exponential:1:0.9": rates_pytorch(lambda o: pytorch.ExponentialLR(o, 0.9)),
    "exponential:7:0.6": rates_keras(kept.ExponentialDecay(BASE, 7, 0.6)),
    "warm-up:4+exponential:1:0.9": rates_pytorch(lambda o: pytorch.ExponentialLR(o, 0.9), 4),
    "step:7:0.6": rates_keras(kept.ExponentialDecay(BASE, 7, 0.6, staircase=True)),
    "step:9:0.1": rates_pytorch(lambda o: pytorch.StepLR(o, 9, 0.1)),
    "warm-up:10+step:9:0.1": rates_pytorch(lambda o: pytorch.StepLR(o, 9, 0.1), 10),
    "cosine:30": rates_keras(kept.CosineDecay(BASE, 30)),
    "cosine:25:0.1": rates_keras(kept.CosineDecay(BASE, 25, alpha=0.1)),
    "cosine:40:0.2": rates_pytorch(lambda o: pytorch.CosineAnnealingLR(o, 40, 0.2 * BASE)),
    "warm-up:8+cosine:40": rates_pytorch(lambda o: pytorch.CosineAnnealingLR(o, 40), 8),
}


def main():
    write(__file__, "optimizers.json", {
        "start": rounded(START),
        "gradients": [rounded(gradient) for gradient in GRADIENTS],
        "every": EVERY,
        "cases": [
            {"name": name, "options": options, "parameters": [rounded(row) for row in history[EVERY - 1::EVERY]]}
            for name, (options, history) in CASES.items()
        ],
        "schedules": [
            {"text": text, "base": BASE, "rates": rounded(rates)} for text, rates in SCHEDULES.items()
        ],
    })


if __name__ == "__main__":
    main()
