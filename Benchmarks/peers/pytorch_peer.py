"""Measures PyTorch on one configuration and prints a JSON line.

Run: python pytorch_peer.py NAME [--seconds S] [--threads 2] [--variant module|written-out]

Training variants: `module` is nn.RNN, nn.LSTM or nn.GRU, which takes tokens as one-hot vectors that are made
beforehand; `written-out` multiplies the inputs of all steps at once (or looks tokens up in the first weight)
and writes the steps out. Both use fused Adam. Generation variants: the module in inference mode, and a cell
written out over transposed weights, which looks the token up. Each generated character includes softmax and a draw.
"""

import torch
from torch.nn import functional as F

from configurations import CONFIGURATIONS, GATES
from measurement import LEARNING_RATE, MAXIMUM_NORM, arguments, batch, report


def recurrent_module(c):
    if c.cell == "rnn":
        return torch.nn.RNN(c.inputs, c.hidden, c.layers, nonlinearity=c.activation)
    return {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[c.cell](c.inputs, c.hidden, c.layers)


def loss_of(c, logits, targets):
    if c.loss == "squared":
        return F.mse_loss(logits, targets)
    return F.cross_entropy(logits.reshape(-1, c.outputs), targets.reshape(-1))


def next_state(c, from_input, state, weight, bias):
    """One step of a cell written out: the new state, a tuple that starts with the output."""
    h = state[0]
    from_state = torch.addmm(bias, h, weight)
    if c.cell == "lstm":
        i, f, g, o = (from_input + from_state).chunk(4, 1)
        cell = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(cell), cell
    if c.cell == "gru":
        xr, xz, xn = from_input.chunk(3, 1)
        hr, hz, hn = from_state.chunk(3, 1)
        n = torch.tanh(xn + torch.sigmoid(xr + hr) * hn)
        return (torch.lerp(n, h, torch.sigmoid(xz + hz)),)
    activation = torch.tanh if c.activation == "tanh" else torch.relu
    return (activation(from_input + from_state),)


class WrittenOut(torch.nn.Module):
    """The layers of a recurrent network with every step written out, over transposed weights."""

    def __init__(self, c):
        super().__init__()
        self.c = c
        width = GATES[c.cell] * c.hidden

        def weight(rows):
            return torch.nn.Parameter(torch.empty(rows, width).uniform_(-1, 1) / c.hidden**0.5)

        sizes = [c.inputs] + [c.hidden] * (c.layers - 1)
        self.input_weights = torch.nn.ParameterList([weight(rows) for rows in sizes])
        self.recurrent_weights = torch.nn.ParameterList([weight(c.hidden) for _ in sizes])
        self.biases = torch.nn.ParameterList([torch.nn.Parameter(torch.zeros(width)) for _ in sizes])

    def zero_state(self):
        states = 2 if self.c.cell == "lstm" else 1
        return tuple(torch.zeros(self.c.batch, self.c.hidden) for _ in range(states))

    def forward(self, inputs):
        outputs = inputs
        for layer, weight in enumerate(self.input_weights):
            lookup = layer == 0 and self.c.input_kind == "tokens"
            from_inputs = F.embedding(outputs, weight) if lookup else outputs @ weight
            state, steps = self.zero_state(), []
            for from_input in from_inputs.unbind(0):
                state = next_state(self.c, from_input, state, self.recurrent_weights[layer], self.biases[layer])
                steps.append(state[0])
            outputs = torch.stack(steps)
        return outputs, state


def training_step(c, recurrent, inputs, targets):
    dense = torch.nn.Linear(c.hidden, c.outputs)
    parameters = [*recurrent.parameters(), *dense.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=LEARNING_RATE, fused=True)

    def step():
        outputs, _ = recurrent(inputs)
        loss = loss_of(c, dense(outputs[-1] if c.loss == "last" else outputs), targets)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, MAXIMUM_NORM)
        optimizer.step()

    return step


def training_variants(c):
    inputs, tokens, targets = batch(c)
    one_hot, targets = torch.from_numpy(inputs), torch.from_numpy(targets)
    lookup = one_hot if tokens is None else torch.from_numpy(tokens)
    return {
        "module": lambda: training_step(c, recurrent_module(c), one_hot, targets),
        "written-out": lambda: training_step(c, WrittenOut(c), lookup, targets),
    }


def module_generation(c):
    recurrent, dense, table = recurrent_module(c), torch.nn.Linear(c.hidden, c.outputs), torch.eye(c.inputs)
    token, state = torch.zeros(1, dtype=torch.long), None

    def step():
        nonlocal token, state
        outputs, state = recurrent(table[token].unsqueeze(0), state)
        token = torch.multinomial(torch.softmax(dense(outputs[0, 0]), 0), 1)

    return torch.inference_mode()(step)


def written_out_generation(c):
    recurrent, dense = WrittenOut(c), torch.nn.Linear(c.hidden, c.outputs)
    output_weight, output_bias = dense.weight.detach().T.contiguous(), dense.bias.detach()
    layers = [
        (input_weight.detach(), recurrent_weight.detach(), bias.detach())
        for input_weight, recurrent_weight, bias in zip(
            recurrent.input_weights, recurrent.recurrent_weights, recurrent.biases)
    ]
    token, states = torch.zeros(1, dtype=torch.long), [recurrent.zero_state() for _ in layers]

    def step():
        nonlocal token
        output = None
        for index, (input_weight, recurrent_weight, bias) in enumerate(layers):
            from_input = F.embedding(token, input_weight) if index == 0 else output @ input_weight
            states[index] = next_state(c, from_input, states[index], recurrent_weight, bias)
            output = states[index][0]
        token = torch.multinomial(torch.softmax(torch.addmm(output_bias, output, output_weight)[0], 0), 1)

    return torch.inference_mode()(step)


def main():
    options = arguments(__doc__.splitlines()[0], generates=True).parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    c = CONFIGURATIONS[options.name]
    if c.generates:
        variants = {"module": lambda: module_generation(c), "written-out": lambda: written_out_generation(c)}
    else:
        variants = training_variants(c)
    report("pytorch", torch.__version__, options, variants)


if __name__ == "__main__":
    main()
