"""Makes losses.json: losses, their gradients, and accuracies, as PyTorch computes them.

Run: python make_losses.py   (needs torch and numpy)

Sequences are time-major: logits [T,B,classes], targets and weights [T,B]. `sequenceLoss` holds one result for
each way of averaging: over everything sum(w*ce)/sum(w), over the batch (one value a time step) and over time
(one value an example); TensorFlow adds 1e-12 to each denominator, which changes no stored digit here. The
gradient is that of the sum of the results, each multiplied by `resultGradient`. Computed in Float64.
"""

import numpy as np
import torch

from fixture import Inputs, tensor, write

CLASSES = 7


def softmax_cross_entropy(inputs, targets):
    logits = torch.tensor(inputs.normal(len(targets), CLASSES, scale=3.0), requires_grad=True)
    losses = torch.nn.functional.cross_entropy(logits, torch.tensor(targets), reduction="none")
    losses.mean().backward()
    return {
        "logits": tensor(logits.detach().numpy()),
        "targets": tensor(targets),
        "losses": tensor(losses.detach().numpy()),
        "mean": losses.mean().item(),
        "gradientOfMean": tensor(logits.grad.numpy()),
    }


def sequence_loss(inputs, time, batch):
    values = inputs.normal(time, batch, CLASSES, scale=2.0)
    targets = inputs.generator.integers(CLASSES, size=(time, batch))
    lengths = np.array([time, 2, 3])
    weights = (np.arange(time)[:, None] < lengths[None, :]).astype(np.float64)
    weights[0] = [0.5, 2.0, 1.0]
    averages = {"everything": (0, 1), "perTimeStep": (1,), "perExample": (0,), "none": ()}
    results = {}
    for name, axes in averages.items():
        logits = torch.tensor(values, requires_grad=True)
        w = torch.tensor(weights)
        losses = torch.nn.functional.cross_entropy(
            logits.reshape(-1, CLASSES), torch.tensor(targets).reshape(-1), reduction="none")
        weighted = losses.reshape(time, batch) * w
        result = weighted.sum(axes) / w.sum(axes) if axes else weighted
        result_gradient = torch.tensor(inputs.normal(*result.shape))
        (result * result_gradient).sum().backward()
        results[name] = {
            "result": tensor(result.detach().numpy()),
            "resultGradient": tensor(result_gradient.numpy()),
            "gradient": tensor(logits.grad.numpy()),
        }
    return {"logits": tensor(values), "targets": tensor(targets), "weights": tensor(weights), "averages": results}


def mean_squared_error(inputs, *shape):
    predictions = torch.tensor(inputs.normal(*shape), requires_grad=True)
    targets = torch.tensor(inputs.normal(*shape))
    loss = torch.nn.functional.mse_loss(predictions, targets)
    loss.backward()
    return {
        "predictions": tensor(predictions.detach().numpy()),
        "targets": tensor(targets.numpy()),
        "mean": loss.item(),
        "gradientOfMean": tensor(predictions.grad.numpy()),
    }


def sigmoid_cross_entropy(inputs, *shape):
    logits = torch.tensor(inputs.normal(*shape, scale=3.0), requires_grad=True)
    targets = torch.tensor(inputs.generator.uniform(size=shape).round(2))
    losses = torch.nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    losses.mean().backward()
    return {
        "logits": tensor(logits.detach().numpy()),
        "targets": tensor(targets.numpy()),
        "losses": tensor(losses.detach().numpy()),
        "gradientOfMean": tensor(logits.grad.numpy()),
    }


def accuracy(inputs, count):
    logits = torch.tensor(inputs.normal(count, CLASSES))
    targets = torch.tensor(inputs.generator.integers(CLASSES, size=count))
    return {
        "logits": tensor(logits.numpy()),
        "targets": tensor(targets.numpy()),
        "topK": [
            {"k": k, "accuracy": (logits.topk(k).indices == targets[:, None]).any(dim=1).double().mean().item()}
            for k in range(1, CLASSES + 1)
        ],
    }


def main():
    inputs = Inputs(11)
    write(__file__, "losses.json", {
        "softmaxCrossEntropy": softmax_cross_entropy(inputs, inputs.generator.integers(CLASSES, size=9)),
        "sequenceLoss": sequence_loss(inputs, time=5, batch=3),
        "meanSquaredError": mean_squared_error(inputs, 4, 3, 2),
        "accuracy": accuracy(inputs, 40),
        "sigmoidCrossEntropy": sigmoid_cross_entropy(inputs, 3, 2, 4),
    })


if __name__ == "__main__":
    main()
