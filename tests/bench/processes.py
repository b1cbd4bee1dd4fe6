"""The processes that a measurement is made of: one or more servers, and the watchers of their boards."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench.tables import note
from tests.scaled.parts import program_or_none, scaled


class Server:
    """A server of servers.py in a process of its own. The bench asks it over HTTP."""

    def __init__(self, kind, folder, length=0, **environment):
        self.command = [sys.executable, "-m", "tests.bench.servers", kind, str(length)]
        self.log = Path(folder) / "log"
        self.environment = {**os.environ, "AIRSIDE_DATA": folder, "HOST": "127.0.0.1", **environment}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self):
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [*self.command, str(self.port)],
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        if self.process.stdout.readline().strip() != "ready":
            self.end()
            sys.exit(f"{' '.join(self.command)} did not start:\n{self.log.read_text()[-2000:]}")

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        with self.process:
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:  # it has more to do than it can
                self.process.kill()

    def ask(self, what):
        with urllib.request.urlopen(f"{self.url}/bench/{what}", timeout=120) as answer:
            return json.load(answer)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(kind, length=0, **environment):
    """One server of this kind, with an empty folder for its data."""
    with tempfile.TemporaryDirectory() as folder, ending(Server(kind, folder, length, **environment)) as server:
        yield server


@contextmanager
def serving_scaled(kind="airside", length=0, **further):
    """Two processes of Airside on one PostgreSQL and one Redis."""
    with scaled() as environment, ExitStack() as stack:
        servers = []
        for _ in range(2):
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            servers.append(stack.enter_context(ending(Server(kind, folder, length, **environment, **further))))
        yield servers


def set_ups(kind, **settings):
    """The two set-ups that are compared, by name: each a context manager that takes ``length`` and gives the servers.

    Both processes of a site have one key: else links and sessions of one are worthless at the other.
    """
    settings = {"SECRET_KEY": "of a bench, which holds no secrets " * 2, **settings}

    @contextmanager
    def embedded(length):
        with serving(kind, length, **settings) as server:
            yield [server]

    if not can_scale():
        note(f"{kind}: PostgreSQL or Redis is not installed, so it goes on SQLite alone")
        return {"SQLite, 1 process": embedded}
    return {
        "SQLite, 1 process": embedded,
        "PostgreSQL, 2 processes": lambda length: serving_scaled(kind, length, **settings),
    }


def can_scale():
    return all(map(program_or_none, ("postgres", "redis-server")))


@contextmanager
def ending(server):
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.end()


class Watchers:
    """Many sockets, in a process of their own (watchers.py), which takes orders line by line."""

    def __init__(self, process):
        self.process = process
        self.connecting = self.answer()["connected"]  # seconds

    def tell(self, order, *arguments):
        print(json.dumps([order, *arguments]), file=self.process.stdin, flush=True)
        return self.answer()

    def change(self):
        return self.tell("change")

    def settle(self, seconds=0.5):
        self.tell("settle", seconds)

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("The watchers ended.")
        return json.loads(line)


@contextmanager
def watching(servers, sockets):
    """So many sockets to the board, spread over these servers."""
    ports = ",".join(str(server.port) for server in servers)
    address = servers[0].ask("address")["address"]
    command = [sys.executable, "-m", "tests.bench.watchers", ports, str(sockets), address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Watchers(process)
        process.stdin.close()
