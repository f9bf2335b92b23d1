"""Makes numpy_files.json: small .npy and .npz files in base64 as NumPy writes them, with the numbers in them.

Run: python make_numpy_files.py   (needs numpy)
"""

import base64
import io

import numpy as np

from fixture import rounded, write

RANDOM = np.random.default_rng(7)


def text(save, *arguments, **arrays):
    file = io.BytesIO()
    save(file, *arguments, **arrays)
    return base64.b64encode(file.getvalue()).decode()


def array(values):
    return {"file": text(np.save, values), "shape": list(values.shape), "values": rounded(values.astype(np.float64))}


def objects():
    drawings = np.empty(2, dtype=object)
    drawings[:] = [np.zeros((3, 3), np.int16), np.ones((2, 3), np.int16)]
    return drawings


whole = RANDOM.integers(-100, 100, (3, 4))
real = RANDOM.standard_normal((2, 3))
strokes = {
    "train_data": np.array([[0, 0, 0], [3, -4, 0], [5, 6, 1], [-7, 8, 1], [0, 0, 0], [10, 20, 0]], np.int16),
    "train_offsets": np.array([0, 4, 6]),
    "valid_data": np.array([[0, 0, 0], [1, 2, 1]], np.int16),
    "valid_offsets": np.array([0, 2]),
}

write(
    __file__,
    "numpy_files.json",
    {
        "arrays": [array(whole.astype(kind)) for kind in ["i1", "<i2", ">i4", "<i8"]]
        + [array(abs(whole).astype(kind)) for kind in ["u1", ">u2", "<u4", ">u8"]]
        + [array(real.astype(kind)) for kind in ["<f2", ">f4", "<f4", "<f8", ">f8"]]
        + [
            array(whole > 0),
            array(np.asfortranarray(whole)),
            array(np.asfortranarray(RANDOM.integers(0, 9, (2, 3, 2)))),
            array(np.array(3.5)),
            array(np.zeros((0, 3))),
            array(np.array([6e-8, 65504, 0, -0.5], "<f2")),
        ],
        "objects": text(np.save, objects()),
        "stored": text(np.savez, **strokes),
        "deflated": text(np.savez_compressed, **strokes),
        "sketches": text(np.savez_compressed, train=objects(), valid=objects(), test=objects()),
    },
)
