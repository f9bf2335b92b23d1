"""Makes random_tensorflow.json: the random streams of TensorFlow's CPU kernels.

Run: python make_random_tensorflow.py   (needs tensorflow and numpy)

Each stream is drawn in a graph of its own, so that it starts at its beginning. `seed` and `operationSeed` are
signed 64-bit integers. Streams of up to 40 values are stored whole in `first`; of longer ones the first 40
and the last 10 are.
"""

import tensorflow as tf

from fixture import rounded, write

FIRST, LAST = 40, 10
COUNTS = [15, 25, 40, 1001]
SEEDS = [(42, 5), (42, 14), (42, 20), (42, 22), (42, 77), (1, 0), (-7, 3), (0x123456789ABCDEF, 0xFEDCBA987654321)]
KINDS = {
    "uniform": tf.raw_ops.RandomUniform,
    "normal": tf.raw_ops.RandomStandardNormal,
    "truncatedNormal": tf.raw_ops.TruncatedNormal,
}


def stream(kind, seed, operation_seed, count):
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        values = session.run(KINDS[kind](shape=[count], dtype=tf.float32, seed=seed, seed2=operation_seed))
    return {
        "kind": kind,
        "seed": seed,
        "operationSeed": operation_seed,
        "count": count,
        "first": rounded(values[:FIRST]),
        "last": rounded(values[-LAST:]) if count > FIRST else [],
    }


def long_stream():
    """One stream long enough that TensorFlow splits it over threads."""
    return [stream(kind, 42, 5, 1_000_003) for kind in KINDS]


def main():
    streams = [
        stream(kind, seed, operation_seed, count)
        for kind in KINDS
        for seed, operation_seed in SEEDS
        for count in COUNTS
    ]
    write(__file__, "random_tensorflow.json", streams + long_stream())


if __name__ == "__main__":
    main()
