"""Generated characters beside PyTorch's, and with weights stored in fewer bits."""

from checks import Check, by_key, must_cell, ratio_cell
from machine import second_level_bytes
from tables import failures, measured, number, table

NAME = "generation"
TITLE = "Generation"
TEXT = """Median milliseconds of one character of one sequence: the network's step, the softmax and the draw. PyTorch's
module and a cell written out, in inference mode; the faster counts."""

MUST = {"generate-lstm-2x128": 30, "generate-lstm-3x512": 15, "generate-gru-3x512": 6}
WEIGHTS_MUST = {"bf16": 2, "int8": 3.5}
BANDWIDTH_MUST = 0.8


def measure(bench):
    seconds = "0.5" if bench.quick else "3"
    for name in MUST:
        peers = {"PyTorch": ["pytorch_peer.py", name, "--seconds", "0.5" if bench.quick else "5"]}
        for _, row in bench.in_turn(([name, "--seconds", seconds], None), peers, "seconds"):
            yield name, row
    for name in MUST if bench.knows("--weights") else []:
        row = {}
        for weights in ("fp32", "bf16", "int8"):
            lines, failure = bench.own(name, "--seconds", seconds, "--weights", weights)
            row[weights] = lines.get(name, {"failure": failure})
        yield "weights " + name, row


def checks(rows, taken):
    found = []
    for name, must in MUST.items():
        row = rows.get(name, {"ours": {}, "peers": {}})
        peer = row["peers"].get("PyTorch", {})
        if "seconds" in row["ours"] and "seconds" in peer:
            ratio = peer["seconds"] / row["ours"]["seconds"]
            found.append(Check(name, f"{name}, times PyTorch's best", ratio, must))
        lines = rows.get("weights " + name, {})
        full = lines.get("fp32", {})
        for weights, least in WEIGHTS_MUST.items():
            line = lines.get(weights, {})
            if "3x512" in name and "seconds" in full and "seconds" in line:
                ratio = full["seconds"] / line["seconds"]
                found.append(Check(f"{name} {weights}", f"{name} in {weights}, times our fp32", ratio, least))
        share, read = full.get("bandwidth_fraction"), full.get("bytes_per_step") or 0
        if share is not None and read > second_level_bytes(taken):
            what = f"{name} in fp32, share of the machine's bandwidth"
            found.append(Check(f"{name} bandwidth", what, share, BANDWIDTH_MUST))
    return found


def milliseconds(line):
    return line["seconds"] * 1000


def body(rows, taken):
    held = by_key(checks(rows, taken))
    beside = {name: rows[name] for name in MUST if name in rows}
    parts = [
        table(["configuration", "ours, ms", "PyTorch, ms", "times PyTorch", "must", "characters a second"],
              [[name, measured(row["ours"], milliseconds), measured(row["peers"].get("PyTorch"), milliseconds),
                ratio_cell(held.get(name)), f"{MUST[name]:g}", measured(row["ours"], lambda line: 1 / line["seconds"])]
               for name, row in beside.items()]),
        failures(beside),
    ]
    cells = []
    for name in MUST:
        lines = rows.get("weights " + name, {})
        for weights, line in lines.items():
            check = held.get(f"{name} {weights}")
            bandwidth = held.get(f"{name} bandwidth") if weights == "fp32" else None
            cells.append([
                name, weights, measured(line, milliseconds), ratio_cell(check), must_cell(check),
                number(scaled(line, "bytes_per_step", 1e-6)), number(scaled(line, "read_bandwidth", 1e-9)),
                number(scaled(line, "bandwidth_fraction", 100), "%"), must_cell(bandwidth)])
    if cells:
        parts += ["With weights of fewer bits (`--weights`). The share is that of the bandwidth with which the machine "
                  "reads memory of this size.", table(
            ["configuration", "weights", "ms", "times fp32", "must", "MB a character", "GB/s", "of bandwidth", "must"],
            cells)]
    return "\n\n".join(part for part in parts if part)


def scaled(line, name, factor):
    return None if line.get(name) is None else line[name] * factor
