"""Makes handwriting.json: mixture densities of pen movements and the soft window, as PyTorch computes them.

Run: python make_handwriting.py   (needs torch and numpy)

`mixture`: outputs [T,B,6M+1] in the library's order (the end's logit; logits of weights, means in x, means in y,
logarithms of deviations in x and in y, correlations before tanh), targets [T,B,3]. Losses are minus the log-probability
of torch.distributions.MixtureSameFamily over MultivariateNormal, and of Bernoulli; the gradient is that of their sum,
each multiplied by `lossGradient`.

`window`: an LSTM (no peepholes, forget bias 0) that reads its input and the window of the step before, and moves the
window: Graves 2013, equations 46 to 51. Weights as in the library: gates i, f, g, o in columns. `outputs` [T,B,H+S] are
the hidden state and the window side by side; gradients are those of the sum of outputs times `outputGradient`. Texts are
rows of numbers, -1 past a text's end. Computed in Float64.
"""

import torch
from torch.distributions import Bernoulli, Categorical, MixtureSameFamily, MultivariateNormal

from fixture import Inputs, tensor, tensors, write


def mixture(inputs, time, batch, count):
    outputs = torch.tensor(inputs.normal(time, batch, 6 * count + 1), requires_grad=True)
    targets = inputs.normal(time, batch, 3)
    targets[..., 2] = targets[..., 2] > 0.5
    y = torch.tensor(targets)
    logits, mean_x, mean_y, log_x, log_y, r = outputs[..., 1:].split(count, dim=-1)
    x_deviation, y_deviation, correlation = log_x.exp(), log_y.exp(), r.tanh()
    both = correlation * x_deviation * y_deviation
    covariance = torch.stack([
        torch.stack([x_deviation**2, both], dim=-1),
        torch.stack([both, y_deviation**2], dim=-1),
    ], dim=-2)
    normals = MultivariateNormal(torch.stack([mean_x, mean_y], dim=-1), covariance_matrix=covariance)
    losses = -MixtureSameFamily(Categorical(logits=logits), normals).log_prob(y[..., :2])
    losses = losses - Bernoulli(logits=outputs[..., 0]).log_prob(y[..., 2])
    loss_gradient = torch.tensor(inputs.normal(time, batch))
    (losses * loss_gradient).sum().backward()
    return tensors({
        "outputs": outputs.detach().numpy(), "targets": targets, "losses": losses.detach().numpy(),
        "lossGradient": loss_gradient.numpy(), "gradient": outputs.grad.numpy(),
    })


def window(inputs, time, width, hidden, components, symbols, texts):
    batch, longest = len(texts), max(map(len, texts))
    parameters = {
        "inputWeight": inputs.normal(width + symbols, 4 * hidden, scale=0.5),
        "recurrentWeight": inputs.normal(hidden, 4 * hidden, scale=0.5),
        "bias": inputs.normal(4 * hidden, scale=0.5),
        "windowWeight": inputs.normal(hidden, 3 * components, scale=0.5),
        "windowBias": inputs.normal(3 * components, scale=0.5),
    }
    p = {name: torch.tensor(value, requires_grad=True) for name, value in parameters.items()}
    x = torch.tensor(inputs.normal(time, batch, width), requires_grad=True)
    characters = torch.zeros(batch, longest, symbols, dtype=torch.float64)
    for row, text in enumerate(texts):
        for place, character in enumerate(text):
            characters[row, place, character] = 1
    places = torch.arange(1, longest + 1, dtype=torch.float64)
    h = c = torch.zeros(batch, hidden, dtype=torch.float64)
    kappa = torch.zeros(batch, components, dtype=torch.float64)
    seen = torch.zeros(batch, symbols, dtype=torch.float64)
    outputs = []
    for t in range(time):
        net = torch.cat([x[t], seen], dim=1) @ p["inputWeight"] + h @ p["recurrentWeight"] + p["bias"]
        i, f, g, o = net.split(hidden, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        alpha, beta, step = (h @ p["windowWeight"] + p["windowBias"]).exp().split(components, dim=1)
        kappa = kappa + step
        phi = (alpha[:, :, None] * torch.exp(-beta[:, :, None] * (kappa[:, :, None] - places) ** 2)).sum(1)
        seen = torch.einsum("bu,bus->bs", phi, characters)
        outputs.append(torch.cat([h, seen], dim=1))
    outputs = torch.stack(outputs)
    output_gradient = torch.tensor(inputs.normal(*outputs.shape))
    (outputs * output_gradient).sum().backward()
    padded = [text + [-1] * (longest - len(text)) for text in texts]
    return {
        "symbols": symbols, "texts": tensor(padded), "x": tensor(x.detach().numpy()), **tensors(parameters),
        **tensors({
            "outputs": outputs.detach().numpy(), "outputGradient": output_gradient.numpy(),
            "finalKappa": kappa.detach().numpy(), "xGradient": x.grad.numpy(),
            **{f"{name}Gradient": value.grad.numpy() for name, value in p.items()},
        }),
    }


def main():
    inputs = Inputs(21)
    write(__file__, "handwriting.json", {
        "mixture": mixture(inputs, time=4, batch=3, count=5),
        "window": window(
            inputs, time=5, width=3, hidden=4, components=3, symbols=4, texts=[[0, 2, 1, 3, 3], [1], [3, 2]]),
    })


if __name__ == "__main__":
    main()
