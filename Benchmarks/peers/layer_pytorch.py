"""Measures one recurrent layer of PyTorch and prints a JSON line for every case.

Run: python layer_pytorch.py ragged|small-batches|inference [--seconds S] [--threads 2]

`ragged` and `small-batches`: a step forward and backward with the sum of the outputs as its loss, the gradients of the
weights and of the inputs, without an update. `packed` is pack_padded_sequence and pad_packed_sequence around the
module, `padded` the module without lengths; `written-out` writes the steps out. `inference`: the module in inference
mode.
"""

import torch

from configurations import Configuration
from layers import CASES, arguments, report
from measurement import median_seconds
from pytorch_peer import WrittenOut
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def module(layer):
    return {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[layer.cell](layer.hidden, layer.hidden)


def written_out(layer):
    return WrittenOut(Configuration(
        layer.case, layer.cell, layer.batch, layer.time, layer.hidden, layer.hidden, 1, layer.hidden))


def training_step(layer, recurrent, packs=False):
    inputs = torch.randn(layer.time, layer.batch, layer.hidden, requires_grad=True)
    lengths = torch.tensor(layer.lengths)
    wanted = [inputs, *recurrent.parameters()]

    def step():
        if packs:
            packed = pack_padded_sequence(inputs, lengths, enforce_sorted=False)
            outputs, _ = pad_packed_sequence(recurrent(packed)[0])
        else:
            outputs, _ = recurrent(inputs)
        for tensor in wanted:
            tensor.grad = None
        outputs.sum().backward()

    return step


def inference(layer):
    recurrent, inputs = module(layer).eval(), torch.randn(layer.time, layer.batch, layer.hidden)
    return torch.inference_mode()(lambda: recurrent(inputs))


def variants(name, layer):
    if name == "ragged":
        return {
            "packed": lambda: training_step(layer, module(layer), packs=True),
            "padded": lambda: training_step(layer, module(layer)),
        }
    if name == "small-batches":
        return {
            "module": lambda: training_step(layer, module(layer)),
            "written-out": lambda: training_step(layer, written_out(layer)),
        }
    return {"module": lambda: inference(layer)}


def main():
    options = arguments(__doc__.splitlines()[0], list(CASES))
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    for layer in CASES[options.name]:
        seconds = {name: median_seconds(make(), options.seconds)
                   for name, make in variants(options.name, layer).items()}
        report("pytorch", torch.__version__, options, layer.case, seconds)


if __name__ == "__main__":
    main()
