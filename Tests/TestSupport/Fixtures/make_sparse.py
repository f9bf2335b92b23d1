"""Makes sparse.json: PyTorch's SparseAdam over steps that look up some rows of a table, and TensorFlow's sampled softmax.

Run: python make_sparse.py   (needs torch, tensorflow and numpy)

`sparseAdam` holds for every step the rows looked up, some twice, the gradient of each, and the table after the step.
`sampledSoftmax` holds `tf.nn.sampled_softmax_loss` of candidates that were given, with and without labels among them,
and its gradients, computed in Float64. Of a label that was drawn more than once TensorFlow removes one draw only, so
no such label is here. `expectedCounts` are those that TensorFlow's log-uniform sampler reports for its
own draws: with replacement they follow from the class, without from the class and the number of tries as well, which
the sampler does not report; it follows here from the count of the rarest class drawn.
"""

import math

import numpy as np
import tensorflow as tf
import torch

from fixture import Inputs, rounded, tensor, tensors, write

inputs = Inputs(11)


def sparse_adam():
    rows, width, steps, looked_up = 7, 3, 25, 4
    start = inputs.normal(rows, width)
    table = torch.nn.Embedding(rows, width, sparse=True, dtype=torch.float64)
    table.weight.data = torch.tensor(start)
    optimizer = torch.optim.SparseAdam(table.parameters(), lr=0.05, betas=(0.9, 0.99), eps=1e-3)
    history = []
    for _ in range(steps):
        indices = inputs.generator.integers(rows - 1, size=looked_up)  # the last row is never looked up
        gradients = inputs.normal(looked_up, width)
        optimizer.zero_grad()
        (table(torch.tensor(indices)) * torch.tensor(gradients)).sum().backward()
        optimizer.step()
        history.append({
            "rows": tensor(indices),
            "gradients": tensor(gradients),
            "table": tensor(table.weight.detach().numpy()),
        })
    return {"learningRate": 0.05, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-3, "start": tensor(start), "steps": history}


def sampled_softmax(sampled, labels):
    classes, width = 12, 4
    values = {
        "weights": inputs.normal(classes, width),
        "biases": inputs.normal(classes),
        "inputs": inputs.normal(len(labels), width),
    }
    variables = {name: tf.constant(value) for name, value in values.items()}
    label_counts = np.abs(inputs.normal(len(labels))) + 0.01
    sampled_counts = np.abs(inputs.normal(len(sampled))) + 0.01
    result_gradient = inputs.normal(len(labels))
    with tf.GradientTape() as tape:
        for variable in variables.values():
            tape.watch(variable)
        losses = tf.nn.sampled_softmax_loss(
            labels=tf.constant(labels, tf.int64)[:, None], num_sampled=len(sampled), num_classes=classes,
            sampled_values=(tf.constant(sampled, tf.int64), tf.constant(label_counts)[:, None],
                            tf.constant(sampled_counts)),
            **variables)
        total = tf.reduce_sum(losses * result_gradient)
    gradients = tape.gradient(total, variables)
    return {
        **tensors(values),
        "labels": tensor(np.array(labels)),
        "sampled": tensor(np.array(sampled)),
        "labelExpectedCounts": rounded(label_counts),
        "expectedCounts": rounded(sampled_counts),
        "losses": tensor(losses.numpy()),
        "resultGradient": tensor(result_gradient),
        "gradients": tensors({name: tf.convert_to_tensor(value).numpy() for name, value in gradients.items()}),
    }


def expected_counts(count, unique):
    classes, labels = 1000, [0, 3, 77, 999]
    drawn, label_counts, counts = tf.random.log_uniform_candidate_sampler(
        tf.constant([labels], tf.int64), num_true=len(labels), num_sampled=count, unique=unique, range_max=classes,
        seed=5)
    drawn, counts = drawn.numpy(), counts.numpy().astype(np.float64)
    rarest = drawn.argmax()
    probability = math.log((drawn[rarest] + 2) / (drawn[rarest] + 1)) / math.log(classes + 1)
    tries = count if not unique else round(math.log1p(-counts[rarest]) / math.log1p(-probability))
    return {"classes": classes, "count": count, "isUnique": unique, "tries": tries, "labels": labels,
            "labelExpectedCounts": rounded(label_counts.numpy()), "drawn": drawn.tolist(),
            "expectedCounts": rounded(counts)}


def main():
    tf.random.set_seed(3)
    write(__file__, "sparse.json", {
        "sparseAdam": sparse_adam(),
        "sampledSoftmax": [
            sampled_softmax([4, 7, 1, 10, 2], [0, 3, 11]),
            sampled_softmax([4, 7, 1, 10, 2, 0], [7, 3, 2, 7]),
            sampled_softmax([4, 4, 1, 4, 0], [11, 0, 5]),  # drawn with replacement
        ],
        "expectedCounts": [expected_counts(40, False), expected_counts(40, True), expected_counts(300, True)],
    })


if __name__ == "__main__":
    main()
