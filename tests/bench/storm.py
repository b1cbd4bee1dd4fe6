"""All sockets are dropped at once, miss a change, and come back at once: until all are current, and what that costs."""

import os
import threading
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

from tests.bench.processes import serving, watching
from tests.bench.tables import Column, Table, medians, note, number

KINDS = {"airside": "Airside", "tutorial": "tutorial Channels"}
COLUMNS = [
    Column("back", "all back s", 2),
    Column("current", "all current s", 2),
    Column("thrown_out", "thrown out", 0),
    Column("cpu", "CPU s in all", 2),
    Column("busiest", "CPU s, busiest second", 2),
    Column("page", "slowest page meanwhile s", 2),
]
TICK = os.sysconf("SC_CLK_TCK")


def measure():
    sockets = number("SOCKETS", 5000)
    blocks = defaultdict(list)
    turns = number("BLOCKS", 3)
    for turn in range(turns):
        for kind, name in KINDS.items():
            note(f"storm: {turn + 1} of {turns}: {name}")
            blocks[name].append(measure_block(kind, sockets))
    rows = {name: medians(found) for name, found in blocks.items()}
    yield Table(f"{sockets:,} sockets dropped at once, and back at once", COLUMNS, rows)


def measure_block(kind, sockets):
    with serving(kind) as server, watching([server], sockets) as watchers:
        watchers.change()
        with Meter(server) as meter:
            figures = watchers.tell("storm", kind == "airside")
        return {**figures, **meter.figures()}


class Meter:
    """What a process uses, and how long it lets a page wait, while something else goes on."""

    def __init__(self, server):
        self.server, self.samples, self.pages, self.over = server, [], [], threading.Event()
        self.threads = [threading.Thread(target=job) for job in (self.sample, self.ask)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *fault):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def sample(self):
        while not self.over.wait(0.05):
            self.samples.append((time.monotonic(), cpu(self.server.process.pid)))

    def ask(self):
        while not self.over.wait(0.1):
            began = time.monotonic()
            with suppress(OSError):
                self.server.ask("usage")
            self.pages.append(time.monotonic() - began)

    def figures(self):
        return {
            "cpu": self.samples[-1][1] - self.samples[0][1],
            "busiest": max(used - self.used_at(moment - 1) for moment, used in self.samples),
            "page": max(self.pages),
        }

    def used_at(self, moment):
        return next((used for when, used in reversed(self.samples) if when <= moment), self.samples[0][1])


def cpu(pid):
    """Seconds of CPU that a process has used, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK
