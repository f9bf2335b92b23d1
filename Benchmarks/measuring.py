"""Runs commands that print lines of JSON, and tells how much other processes computed meanwhile.

Not run by itself.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

MOST_FOREIGN_LOAD = 0.1
"""Cores that others may use before a measurement counts as disturbed."""

SAME_MOMENT = 0.02
"""Lines that come within so many seconds were measured together, and have one load."""

TICKS_OF_DOUBT = 2
"""How far the kernel's two counts, in hundredths of a second, may be apart without foreign load."""


def machine_ticks():
    """Ticks in which a core of the machine was busy; 0 without /proc."""
    try:
        fields = pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    except OSError:
        return 0
    user, nice, system, _, _, interrupt, soft_interrupt, steal = map(int, fields)
    return user + nice + system + interrupt + soft_interrupt + steal


def process_ticks(process):
    """Ticks that a process has computed for, its finished children included; 0 without /proc."""
    try:
        text = pathlib.Path(f"/proc/{process.pid}/stat").read_text()
    except OSError:
        return 0
    return sum(map(int, text.rpartition(")")[2].split()[11:15]))


def last_words(error_file, status):
    """A line that says why a command failed."""
    error_file.seek(0)
    lines = [line.strip() for line in error_file.read().decode(errors="replace").splitlines() if line.strip()]
    if any(line.startswith("ModuleNotFoundError") for line in lines):
        return "not installed"
    errors = [line for line in lines if line.startswith("Error") or "Error:" in line]
    return (errors or lines or [f"exit status {status}"])[-1][:200]


def run(command, longest, most_lines=None):
    """The lines that a command prints, and why it ended early, or None.

    Every line gets `foreign_load`, the cores that others used while it was measured, and `arrived`, the seconds since
    the command was started. After `most_lines` lines, or `longest` seconds, the command is ended.
    """
    lines, start = [], time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        machine = machine_ticks()
        try:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        except OSError as error:
            return [], str(error)
        timer = threading.Timer(longest, process.kill)
        timer.start()
        try:
            own, since = 0, start
            for text in process.stdout:
                if not text.startswith("{"):
                    continue
                arrived = time.perf_counter()
                if not lines or arrived - since > SAME_MOMENT:
                    machine_now, own_now = machine_ticks(), process_ticks(process)
                    ticks = max(0, (machine_now - machine) - (own_now - own) - TICKS_OF_DOUBT)
                    load = ticks / os.sysconf("SC_CLK_TCK") / (arrived - since)
                    machine, own, since = machine_now, own_now, arrived
                lines.append(json.loads(text) | {"foreign_load": round(load, 3), "arrived": arrived - start})
                if len(lines) == most_lines:
                    return lines, None
            status = process.wait()
        except json.JSONDecodeError as error:
            return lines, f"not JSON: {error}"
        finally:
            timed_out = not timer.is_alive()
            timer.cancel()
            if process.poll() is None:
                process.kill()
                process.wait()
            process.stdout.close()
        if timed_out:
            return lines, f"ended after {longest:.0f} seconds"
        return lines, last_words(errors, status) if status != 0 or not lines else None


class Bench:
    """Our command, the peers' scripts, and how long each may take."""

    def __init__(self, rnn, usage, peers, threads, quick):
        self.rnn, self.usage, self.peers, self.threads, self.quick = rnn, usage, peers, threads, quick
        self.longest = 60.0 if quick else 1800.0
        self.attempts = 1 if quick else 3

    def knows(self, word):
        """Whether the command has an option or a comparison."""
        return (f"{word} " if word.startswith("--") else f" {word}: ") in self.usage

    def own(self, *arguments, most_lines=None):
        """The lines of `rnn benchmark` by their case, and why it ended early, or None."""
        command = [self.rnn, "benchmark", *arguments, "--json", "--threads", str(self.threads)]
        return self.measure("ours", command, most_lines)

    def peer(self, who, script, *arguments, most_lines=None):
        """The lines of a peer by their case, and why it ended early, or None."""
        command = [sys.executable, str(self.peers / script), *arguments, "--threads", str(self.threads)]
        return self.measure(who, command, most_lines)

    def measure(self, who, command, most_lines=None):
        """For each case the line with the least foreign load of several attempts; one quiet attempt ends them."""
        print(f"{who}: {' '.join(map(str, command[1:]))}", file=sys.stderr, flush=True)
        best = {}
        for _ in range(self.attempts):
            lines, failure = run(command, self.longest, most_lines)
            for line in lines:
                case = line.get("case", line.get("name"))
                best[case] = min(best.get(case, line), line, key=lambda each: each["foreign_load"])
            if failure:
                print(f"{who}: {failure}", file=sys.stderr, flush=True)
                return best, failure
            if all(line["foreign_load"] <= MOST_FOREIGN_LOAD for line in best.values()):
                break
        return best, None

    def in_turn(self, own, peers, number="ms"):
        """Ours, each peer, and ours again: yields each case and its row {"ours": line, "peers": {peer: line}}.

        own: arguments of `rnn benchmark`, and how many lines to wait for. peers: by name a script and its arguments.
        Rows are yielded again whenever more of them is known. The better of our two lines counts. A peer that fails has
        {"failure": why} in every case that it did not print.
        """
        arguments, most_lines = own
        lines, failure = self.own(*arguments, most_lines=most_lines)
        if not lines:
            yield "all", {"ours": {"failure": failure}, "peers": {}}
            return
        rows = {case: {"ours": line, "peers": {}} for case, line in lines.items()}
        yield from rows.items()
        for who, command in peers.items():
            lines, failure = self.peer(who, *command, most_lines=most_lines)
            for case, row in rows.items():
                row["peers"][who] = lines.get(case, {"failure": failure or "not measured"})
            yield from rows.items()
        lines, _ = self.own(*arguments, most_lines=most_lines)
        for case, line in lines.items():
            row = rows.setdefault(case, {"ours": line, "peers": {}})
            row["ours"] = min(row["ours"], line, key=lambda each: each[number] or 0)
        yield from rows.items()
