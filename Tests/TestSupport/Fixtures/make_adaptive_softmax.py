"""Makes adaptive_softmax.json: PyTorch's adaptive softmax, its loss, gradients and log probabilities.

Run: python make_adaptive_softmax.py   (needs torch and numpy)

`AdaptiveLogSoftmaxWithLoss` of 20 classes with a head of 6 and clusters that begin at 6 and 12, computed in Float64;
labels of all parts, and in the second case of the head and the last cluster alone. PyTorch's weights are [out, in] and
stand here as [in, out]; its clusters have no bias.
"""

import torch

from fixture import Inputs, tensor, write

CLASSES, WIDTH, CUTOFFS = 20, 8, [6, 12]
inputs = Inputs(21)


def case(labels):
    layer = torch.nn.AdaptiveLogSoftmaxWithLoss(WIDTH, CLASSES, CUTOFFS, div_value=2.0, head_bias=True).double()
    for parameter in layer.parameters():
        parameter.data = torch.tensor(inputs.normal(*parameter.shape))
    x = torch.tensor(inputs.normal(len(labels), WIDTH), requires_grad=True)
    loss = layer(x, torch.tensor(labels)).loss
    loss.backward()
    parameters = {"head.weight": layer.head.weight, "head.bias": layer.head.bias}
    for number, (projection, output) in enumerate(layer.tail):
        parameters[f"cluster.{number}.projection"] = projection.weight
        parameters[f"cluster.{number}.weight"] = output.weight

    def written(values):
        return tensor(values.detach().numpy().T)

    return {
        "inputs": tensor(x.detach().numpy()),
        "labels": tensor(labels),
        "parameters": {name: written(value) for name, value in parameters.items()},
        "gradients": {name: written(value.grad) for name, value in parameters.items() if value.grad is not None},
        "inputGradient": tensor(x.grad.numpy()),
        "loss": loss.item(),
        "logProbabilities": tensor(layer.log_prob(x).detach().numpy()),
    }


write(__file__, "adaptive_softmax.json", {"cases": [case([0, 7, 19, 5, 12, 11, 3]), case([2, 19, 13, 2])]})
