"""Measures one recurrent layer of ONNX Runtime without gradients and prints a JSON line for every case.

Run: python layer_onnxruntime.py inference [--seconds S] [--threads 2]
"""

import numpy as np
import onnxruntime

from layers import CASES, arguments, report
from measurement import median_seconds
from onnx_model import recurrent_layer


def inference(layer, threads):
    generator = np.random.default_rng(1)
    model = recurrent_layer(layer.cell, layer.time, layer.batch, layer.hidden, layer.hidden, generator)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    inputs = generator.standard_normal((layer.time, layer.batch, layer.hidden)).astype(np.float32)
    return lambda: session.run(None, {"inputs": inputs})


def main():
    options = arguments(__doc__.splitlines()[0], ["inference"])
    for layer in CASES[options.name]:
        seconds = {"session": median_seconds(inference(layer, options.threads), options.seconds)}
        report("onnxruntime", onnxruntime.__version__, options, layer.case, seconds)


if __name__ == "__main__":
    main()
