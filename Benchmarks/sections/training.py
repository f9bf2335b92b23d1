"""Whole training steps beside the peers', and in bfloat16 beside our own in single precision."""

from checks import Check, by_key, ratio_cell
from machine import best_level, levels
from tables import failures, measured, number, table

NAME = "training"
TITLE = "Training"
TEXT = """Median milliseconds of a whole training step: forward, loss, backward, clipping of the gradient's global norm,
Adam; float32. Of each peer the fastest of several ways to write it counts; with `--quick` Keras and JAX are written in
one way each. The share of peak is what the products that
are really computed have of the multiply-add units' peak."""

# By the best level of the processor: peers use what it has, and lose less than we do where it has less.
MUST = {
    "avx512": {
        "mnist-rnn": 2.3, "mnist-lstm": 1.4, "mnist-gru": 2.3, "series-rnn": 2, "hihello-lstm": 6,
        "char-lstm-2x128": 2.1, "char-gru-2x128": 2.9, "char-lstm-3x512": 1.3, "char-gru-3x512": 1.55,
        "wide-lstm-1x1024": 1.25,
    },
    "avx2": {
        "mnist-rnn": 2.1, "mnist-lstm": 1.75, "mnist-gru": 1.75, "series-rnn": 2.6, "hihello-lstm": 6,
        "char-lstm-2x128": 1.5, "char-gru-2x128": 2.3, "char-lstm-3x512": 1.15, "char-gru-3x512": 1.4,
        "wide-lstm-1x1024": 1.15,
    },
}
CONFIGURATIONS = list(MUST["avx512"])
BFLOAT16 = ["char-lstm-3x512", "wide-lstm-1x1024"]
BFLOAT16_MUST = 1.5
NO_PRECISION = "this build has no --precision"
PEERS = {
    "PyTorch": ["pytorch_peer.py"], "Keras": ["keras_peer.py"], "Keras XLA": ["keras_peer.py", "--xla"],
    "JAX": ["jax_peer.py"],
}
QUICK_VARIANTS = {"Keras": "custom", "Keras XLA": "custom", "JAX": "scan"}


def peers(name, quick):
    found = {}
    for who, (script, *flags) in PEERS.items():
        variant = ["--variant", QUICK_VARIANTS[who]] if quick and who in QUICK_VARIANTS else []
        found[who] = [script, name, *flags, *variant, "--seconds", "0.5" if quick else "5"]
    return found


def measure(bench):
    seconds = ["--seconds", "1" if bench.quick else "3"]
    for name in CONFIGURATIONS:
        for _, row in bench.in_turn(([name, *seconds], None), peers(name, bench.quick), "seconds"):
            yield name, row
    for name in BFLOAT16 if best_level({"levels": levels(bench.usage)}) == "avx512" else []:
        fp32, failure = bench.own(name, *seconds)
        row = {"fp32": fp32.get(name, {"failure": failure}), "bf16": {"failure": NO_PRECISION}}
        if bench.knows("--precision"):
            bf16, failure = bench.own(name, *seconds, "--precision", "bf16")
            row["bf16"] = bf16.get(name, {"failure": failure})
        yield "bf16 " + name, row


def musts(taken):
    return MUST.get(best_level(taken), MUST["avx2"])


def whole_steps(rows):
    return {key: row for key, row in rows.items() if not key.startswith("bf16 ")}


def checks(rows, taken):
    found = []
    for key, row in rows.items():
        if key.startswith("bf16 "):
            if "seconds" in row["fp32"] and "seconds" in row["bf16"]:
                ratio = row["fp32"]["seconds"] / row["bf16"]["seconds"]
                found.append(Check(key, f"{key[5:]} in bf16, times our own fp32", ratio, BFLOAT16_MUST))
            continue
        fastest = [line["seconds"] for line in row["peers"].values() if "seconds" in line]
        if fastest and "seconds" in row["ours"]:
            ratio = min(fastest) / row["ours"]["seconds"]
            found.append(Check(key, f"{key}, times the fastest peer", ratio, musts(taken)[key]))
    return found


def milliseconds(line):
    return line["seconds"] * 1000


def share(line):
    return number(line["peak_fraction"] * 100, "%") if line.get("peak_fraction") is not None else "-"


def body(rows, taken):
    held = by_key(checks(rows, taken))
    head = ["configuration", "ours, ms", *(f"{who}, ms" for who in PEERS), "times the fastest", "must", "of peak"]
    cells = [
        [key, measured(row["ours"], milliseconds),
         *(measured(row["peers"].get(who), milliseconds) for who in PEERS),
         ratio_cell(held.get(key)), f"{musts(taken)[key]:g}", share(row["ours"])]
        for key, row in whole_steps(rows).items()
    ]
    parts = [table(head, cells), failures(whole_steps(rows))]
    halves = {key: row for key, row in rows.items() if key.startswith("bf16 ")}
    if halves:
        parts += ["With `--precision bf16` beside our own single precision:", table(
            ["configuration", "fp32, ms", "bf16, ms", "times fp32", "must"],
            [[key[5:], measured(row["fp32"], milliseconds), bfloat16_cell(row["bf16"]),
              ratio_cell(held.get(key)), f"{BFLOAT16_MUST:g}"] for key, row in halves.items()])]
    return "\n\n".join(part for part in parts if part)


def bfloat16_cell(line):
    return NO_PRECISION if line.get("failure") == NO_PRECISION else measured(line, milliseconds)
