"""Visitors, attackers and what is measured at the servers, from the side of the bench: processes that take lines."""

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tests.bench.storm import cpu

PAGE = os.sysconf("SC_PAGE_SIZE")


class Process:
    """A module of this package in a process of its own; it takes lines of JSON and answers with such."""

    def __init__(self, module, *arguments):
        command = [sys.executable, "-m", f"tests.bench.hostile.{module}", *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, words):
        print(json.dumps(words), file=self.process.stdin, flush=True)

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{' '.join(self.process.args)} ended.")
        return json.loads(line)

    def end(self):
        with self.process:
            self.process.stdin.close()


class Visitors(Process):
    def begin(self, seconds):
        self.tell(seconds)

    def measure(self, seconds):
        self.begin(seconds)
        return self.answer()


@contextmanager
def visiting(setup, source, watch, **options):
    visitors = Visitors("honest")
    try:
        visitors.tell({"site": ["127.0.0.1", setup.port], "source": source, "watch": watch, **options})
        visitors.answer()
        yield visitors
    finally:
        visitors.end()


class Attacker(Process):
    def __init__(self, name, setup, source, how_many):
        super().__init__("attacks", name)
        self.name, self.told = name, {}
        options = {"sessions": setup.people} if name == "private" else {}
        options |= {"database": setup.database, "slots": setup.slots} if name in ("lock", "flood") else {}
        self.tell({"site": ["127.0.0.1", setup.port], "source": source, "how_many": how_many, **options})

    def end(self):
        self.process.stdin.close()
        self.told = {"name": self.name, **self.answer()}
        super().end()


@contextmanager
def attacking(setup, names, how_many):
    """These attacks until the block ends; then each one's ``told`` has what came of it."""
    with ExitStack() as stack:
        attackers = []
        for number, name in enumerate(names, 2):
            attackers.append(Attacker(name, setup, f"127.0.{number}.1", how_many[name]))
            stack.callback(attackers[-1].end)
        yield attackers


class Meter:
    """What serving processes use while something goes on, and how often /readyz does not say 200."""

    def __init__(self, servers):
        self.servers, self.memory, self.unready, self.over = servers, [0], 0, threading.Event()
        self.threads = [threading.Thread(target=job, daemon=True) for job in (self.sample, self.ask)]

    def __enter__(self):
        self.began, self.used, self.machine = time.monotonic(), self.cpu(), machine()
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *fault):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def cpu(self):
        return sum(cpu(server.process.pid) for server in self.servers)

    def sample(self):
        while not self.over.wait(0.2):
            for server in self.servers:
                pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
                self.memory.append(pages * PAGE)

    def ask(self):
        while not self.over.wait(2):
            for server in self.servers:
                try:
                    urllib.request.urlopen(f"{server.url}/readyz", timeout=10).close()
                except (urllib.error.URLError, OSError):
                    self.unready += 1

    def figures(self):
        busy, in_all = (now - before for now, before in zip(machine(), self.machine, strict=True))
        return {
            "server": (self.cpu() - self.used) / (time.monotonic() - self.began) * 100,
            "memory": max(self.memory) / 2**20,
            "machine": busy / in_all * 100,
            "unready": self.unready,
        }


def complaints(servers):
    """What the servers have logged as warnings and errors, with the last line of a traceback: how often each."""
    found = Counter()
    for server in servers:
        for line in server.log.read_text().splitlines():
            with suppress(ValueError, AttributeError, KeyError):
                entry = json.loads(line)
                if entry["level"] not in ("DEBUG", "INFO"):
                    fault = entry.get("traceback", "").strip().splitlines()[-1:]
                    found[" ".join([entry["level"], re.sub(r"[\d.]+", "…", entry["message"])[:100], *fault])] += 1
    return found.most_common(8)


def machine():
    """Ticks that the machine's cores were busy, and all ticks."""
    fields = list(map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:9]))
    return sum(fields) - fields[3] - fields[4], sum(fields)
