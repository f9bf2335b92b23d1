"""Measures JAX on one configuration and prints a JSON line.

Run: python jax_peer.py NAME [--seconds S] [--threads 2] [--variant scan|scan-4|unrolled]

One compiled step over donated buffers. The inputs of all steps are multiplied at once (tokens are looked up in
the first weight); variants: `scan` over the steps, the same with 4 steps written out in its body (`scan-4`),
and all of them (`unrolled`; only up to 50 steps in all layers, for it takes long to compile and then is slower).
"""

import os

from configurations import CONFIGURATIONS, GATES
from measurement import LEARNING_RATE, MAXIMUM_NORM, arguments, batch, report

MOST_UNROLLED_STEPS = 50


def limit_threads(count):
    """XLA takes as many threads as the process may use cores, and reads that when it starts."""
    cores = sorted(os.sched_getaffinity(0))
    if count > len(cores):
        raise SystemExit(f"--threads {count}: this process may use {len(cores)} cores")
    os.sched_setaffinity(0, cores[:count])


def initial_parameters(c):
    import jax

    keys = iter(jax.random.split(jax.random.key(1), 2 * c.layers + 1))
    width, scale = GATES[c.cell] * c.hidden, c.hidden**-0.5

    def weight(rows, columns):
        return jax.random.uniform(next(keys), (rows, columns), minval=-scale, maxval=scale)

    def zeros(columns):
        return jax.numpy.zeros(columns)

    sizes = [c.inputs] + [c.hidden] * (c.layers - 1)
    layers = [{"input": weight(rows, width), "recurrent": weight(c.hidden, width), "bias": zeros(width)}
              for rows in sizes]
    if c.cell == "gru":
        for layer in layers:
            layer["recurrentBias"] = zeros(c.hidden)
    return {"layers": layers, "output": weight(c.hidden, c.outputs), "bias": zeros(c.outputs)}


def make_step(c, unroll):
    """A compiled training step as a function without arguments."""
    import jax
    import jax.numpy as jnp

    def next_state(layer, state, from_input):
        h = state[0]
        from_state = h @ layer["recurrent"]
        if c.cell == "lstm":
            i, f, g, o = jnp.split(from_input + from_state, 4, axis=1)
            cell = jax.nn.sigmoid(f) * state[1] + jax.nn.sigmoid(i) * jnp.tanh(g)
            return jax.nn.sigmoid(o) * jnp.tanh(cell), cell
        if c.cell == "gru":
            xr, xz, xn = jnp.split(from_input, 3, axis=1)
            hr, hz, hn = jnp.split(from_state, 3, axis=1)
            n = jnp.tanh(xn + jax.nn.sigmoid(xr + hr) * (hn + layer["recurrentBias"]))
            z = jax.nn.sigmoid(xz + hz)
            return (z * h + (1 - z) * n,)
        activation = jnp.tanh if c.activation == "tanh" else jax.nn.relu
        return (activation(from_input + from_state),)

    def loss_of(parameters, inputs, targets):
        outputs = inputs
        for index, layer in enumerate(parameters["layers"]):
            lookup = index == 0 and c.input_kind == "tokens"
            product = layer["input"][outputs] if lookup else outputs @ layer["input"]

            def body(state, from_input):
                state = next_state(layer, state, from_input)
                return state, state[0]

            zero = tuple(jnp.zeros((c.batch, c.hidden)) for _ in range(2 if c.cell == "lstm" else 1))
            _, outputs = jax.lax.scan(body, zero, product + layer["bias"], unroll=unroll)
        outputs = outputs[-1] if c.loss == "last" else outputs
        results = outputs @ parameters["output"] + parameters["bias"]
        if c.loss == "squared":
            return jnp.mean((results - targets) ** 2)
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(results), targets[..., None], axis=-1))

    def train(parameters, first, second, count, inputs, targets):
        loss, gradients = jax.value_and_grad(loss_of)(parameters, inputs, targets)
        norm = jnp.sqrt(sum(jnp.sum(leaf**2) for leaf in jax.tree.leaves(gradients)))
        clip = MAXIMUM_NORM / jnp.maximum(norm, MAXIMUM_NORM)
        rate = LEARNING_RATE * jnp.sqrt(1 - 0.999**count) / (1 - 0.9**count)
        gradients = jax.tree.map(lambda g: g * clip, gradients)
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
        second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
        parameters = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-8), parameters, first, second)
        return parameters, first, second, count + 1, loss

    compiled = jax.jit(train, donate_argnums=(0, 1, 2, 3))
    inputs, tokens, targets = batch(c)
    inputs = jnp.asarray(inputs if tokens is None else tokens)
    targets = jnp.asarray(targets)
    parameters = initial_parameters(c)
    zeros = [jax.tree.map(jnp.zeros_like, parameters) for _ in range(2)]
    state = (parameters, *zeros, jnp.float32(1))

    def step():
        nonlocal state
        *state, loss = compiled(*state, inputs, targets)
        jax.block_until_ready((state, loss))

    return step


def main():
    options = arguments(__doc__.splitlines()[0]).parse_args()
    limit_threads(options.threads)
    import jax

    c = CONFIGURATIONS[options.name]
    variants = {"scan": lambda: make_step(c, 1), "scan-4": lambda: make_step(c, 4)}
    if c.time * c.layers <= MOST_UNROLLED_STEPS:
        variants["unrolled"] = lambda: make_step(c, c.time)
    report("jax", jax.__version__, options, variants)


if __name__ == "__main__":
    main()
