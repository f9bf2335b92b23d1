"""What the peers share: arguments, random batches, timing, and the line that is printed.

Not run by itself.
"""

import argparse
import json
import statistics
import time

import numpy as np

from configurations import CONFIGURATIONS

LEARNING_RATE = 2e-3
MAXIMUM_NORM = 5.0
SMALLEST_COUNT = 5
LONG_ENOUGH = 20.0
"""Seconds after which fewer calls than SMALLEST_COUNT must do."""


def arguments(description, generates=False):
    """The configuration, and the parser's result. `generates`: whether the peer can also generate."""
    names = [name for name, configuration in CONFIGURATIONS.items() if generates or not configuration.generates]
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("name", choices=names)
    parser.add_argument("--seconds", type=float, default=5.0, help="time to measure for, of each variant")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--variant", help="measure only this variant")
    parser.add_argument("--first-call", action="store_true", help="make one step of the first variant, and time it")
    parser.add_argument("--memory", action="store_true",
                        help="make five steps of the first variant, and print the physical memory that they took (Linux)")
    return parser


def batch(configuration):
    """Random inputs [T,B,inputs] (one-hot for tokens), token ids [T,B] or None, and targets."""
    c, generator = configuration, np.random.default_rng(1)
    tokens = None
    if c.input_kind == "tokens":
        tokens = generator.integers(c.inputs, size=(c.time, c.batch))
        inputs = np.eye(c.inputs, dtype=np.float32)[tokens]
    else:
        inputs = generator.standard_normal((c.time, c.batch, c.inputs)).astype(np.float32)
    if c.loss == "squared":
        targets = generator.standard_normal((c.time, c.batch, c.outputs)).astype(np.float32)
    else:
        shape = (c.batch,) if c.loss == "last" else (c.time, c.batch)
        targets = generator.integers(c.outputs, size=shape)
    return inputs, tokens, targets


def median_seconds(step, seconds, warm_up=2):
    """The median time of a call of `step`, which returns only when its work is done.

    The first calls are not counted, unless they are so long that what comes first hardly matters.
    """
    times, begin = [], time.perf_counter()
    while True:
        start = time.perf_counter()
        step()
        end = time.perf_counter()
        times.append(end - start)
        if end - begin >= LONG_ENOUGH and len(times) <= warm_up + SMALLEST_COUNT:
            return statistics.median(times[min(warm_up, len(times) - 1):])
        if len(times) == warm_up:
            begin = end
        if len(times) >= warm_up + SMALLEST_COUNT and end - begin >= seconds:
            return statistics.median(times[warm_up:])


def first_call(make):
    """The time that a step takes which is made for the first time, its network and all else included."""
    start = time.perf_counter()
    make()()
    return time.perf_counter() - start


def status_bytes(name):
    """A size of this process's memory, as Linux tells it."""
    with open("/proc/self/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(name + ":"))


def resident_peak(make, steps=5):
    """The most bytes that steps, their network and their batch have in physical memory beyond those before them."""
    with open("/proc/self/clear_refs", "w", encoding="utf-8") as peak:
        peak.write("5")
    before = status_bytes("VmRSS")
    step = make()
    for _ in range(steps):
        step()
    return status_bytes("VmHWM") - before


def report(peer, version, options, variants):
    """Measures each variant (name: function that makes a step) and prints the fastest as a JSON line."""
    chosen = {options.variant: variants[options.variant]} if options.variant else variants
    if options.memory:
        name = next(iter(chosen))
        print(json.dumps({"peer": peer, "name": options.name, "bytes": resident_peak(chosen[name]), "variant": name,
                          "threads": options.threads, "version": version}), flush=True)
        return
    if options.first_call:
        name = next(iter(chosen))
        measured = {name: first_call(chosen[name])}
    else:
        measured = {name: median_seconds(make(), options.seconds) for name, make in chosen.items()}
    fastest = min(measured, key=measured.get)
    line = {
        "peer": peer,
        "name": options.name,
        "seconds": measured[fastest],
        "threads": options.threads,
        "version": version,
        "variant": fastest,
        "variants": measured,
    }
    if CONFIGURATIONS[options.name].generates:
        line["per_second"] = 1 / measured[fastest]
    print(json.dumps(line), flush=True)
