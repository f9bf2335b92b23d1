"""Whole sequences without gradients beside ONNX Runtime and PyTorch."""

from checks import Check, by_key, must_cell, ratio_cell
from tables import failures, measured, table

NAME = "inference"
TITLE = "Inference of whole sequences"
TEXT = """Milliseconds of one layer over 100 steps of B sequences without gradients, H units and as many inputs. PyTorch
is the module in inference mode, ONNX Runtime a model of the same layer."""

PEERS = {"ONNX Runtime": "layer_onnxruntime.py", "PyTorch": "layer_pytorch.py"}
MUST = 1.0
BATCHED_GRU_MUST = 1.2


def measure(bench):
    seconds = "0.3" if bench.quick else "2"
    peers = {who: [script, "inference", "--seconds", seconds] for who, script in PEERS.items()}
    yield from bench.in_turn((["inference", "--seconds", seconds], None), peers)


def best(line):
    return min(line["seconds"].values()) * 1000


def checks(rows, taken):
    found = []
    for case, row in rows.items():
        peers = [best(line) for line in row["peers"].values() if "seconds" in line]
        if peers and "ms" in row["ours"]:
            batched_gru = case.startswith("gru") and not case.endswith(" B 1")
            must = BATCHED_GRU_MUST if batched_gru else MUST
            found.append(Check(case, f"{case}, times the faster peer", min(peers) / row["ours"]["ms"], must))
    return found


def body(rows, taken):
    held = by_key(checks(rows, taken))
    cells = [
        [case, measured(row["ours"], lambda line: line["ms"]),
         *(measured(row["peers"].get(who), best) for who in PEERS), ratio_cell(held.get(case)),
         must_cell(held.get(case))]
        for case, row in rows.items()
    ]
    head = ["", "ours, ms", *(f"{who}, ms" for who in PEERS), "times the faster", "must"]
    return "\n\n".join(filter(None, [table(head, cells), failures(rows)]))
