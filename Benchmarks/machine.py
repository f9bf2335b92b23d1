"""The machine and the versions that figures were taken with.

Not run by itself.
"""

import datetime
import importlib.metadata
import os
import pathlib
import platform
import re
import subprocess

PACKAGES = {
    "PyTorch": "torch", "TensorFlow": "tensorflow_cpu", "Keras": "keras", "JAX": "jax",
    "ONNX Runtime": "onnxruntime", "NumPy": "numpy",
}


def first_line(*command):
    """What a command prints first, or nothing."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (done.stdout.splitlines() or [""])[0].strip()


def processor():
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return first_line("sysctl", "-n", "machdep.cpu.brand_string") or platform.machine()
    fields = {}
    for line in text.split("\n\n")[0].splitlines():
        name, _, value = line.partition(":")
        fields[name.strip()] = value.strip()
    model = fields.get("model name", platform.machine())
    if "cpu family" in fields:
        model += f" (family {fields['cpu family']}, model {fields.get('model', '?')})"
    return model


def caches():
    """The first core's caches, as in 'L2 1024K'."""
    found = []
    for index in sorted(pathlib.Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        kind = (index / "type").read_text().strip()
        if kind != "Instruction":
            found.append(f"L{(index / 'level').read_text().strip()} {(index / 'size').read_text().strip()}")
    return found


def second_level_bytes(taken):
    """The size of a core's L2 cache of the machine that figures were taken on; 1 MB where it is not known."""
    for cache in taken.get("caches", []):
        level, size = cache.split()
        if level == "L2" and size[-1] in "KM":
            return int(size[:-1]) * (1024 if size[-1] == "K" else 1024 * 1024)
    return 1024 * 1024


def cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def levels(usage):
    """The instruction sets that the command has for this machine, from its help."""
    found = re.search(r"Instruction set: ([^(]*?) \(default", usage)
    return found[1] if found else ""


def best_level(taken):
    """The level that our kernels used, from what `taken` gave."""
    return (taken["levels"] or "").split(", ")[-1]


def versions(rnn):
    swift = first_line("swift", "--version").removeprefix("Swift version ")
    found = {"rnn": first_line(rnn, "--version"), "Swift": swift, "Python": platform.python_version(),
             "system": platform.platform(terse=True)}
    for name, package in PACKAGES.items():
        try:
            found[name] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "absent"
    return found


def taken(bench):
    """All of it, and the date."""
    return {
        "date": datetime.date.today().isoformat(), "quick": bench.quick, "threads": bench.threads,
        "processor": processor(), "cores": cores(), "caches": caches(), "levels": levels(bench.usage),
        "versions": versions(bench.rnn),
    }
