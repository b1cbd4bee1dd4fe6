"""The real server, as processes of its own on the tests' database: fixtures ``server``, ``process`` and ``serve``.

On the scaled set-up ``server`` is two processes behind nginx, else it is one. ``process`` is one on both, reached
directly: for tests that look into it or at its connections.
"""

import os
import subprocess
import sys
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from websockets.sync.client import connect

from tests.scaled.parts import Nginx

__all__ = ["process", "serve", "server"]

SCALED = bool(settings.REDIS_URL)


class Address:
    """What both have: pages at ``url``, sockets at ``ws(path)``."""

    def ws(self, path, **options):
        """A socket to an address such as ``/ws/echo/``, as a page of the site opens it (``websockets``' sync client)."""
        return connect(self.ws_url + path, **{"origin": self.url, "max_size": None, **options})

    @property
    def ws_url(self):
        return f"ws://127.0.0.1:{self.port}"


class Process(Address):
    """``manage.py serve`` while it runs. What tests write must be committed (``transactional_db``) to be seen by it."""

    def __init__(self, folder, environment):
        self.folder = folder
        self.environment = environment
        self.log_begins = 0
        self.port = 0  # a free one, kept from then on
        self.start()

    def start(self):
        """Start it, and return once it listens."""
        self.process = subprocess.Popen(
            [sys.executable, settings.BASE / "manage.py", "serve", "--host=127.0.0.1", f"--port={self.port}"],
            env={**self.environment, "AIRSIDE_DATA": str(self.folder)},
            stdout=subprocess.PIPE,
            stderr=(self.folder / "log").open("a"),
            text=True,
        )
        with ExitStack() as undo:
            undo.callback(self.kill)
            said = self.process.stdout.readline()
            assert "listens on" in said, said + self.log
            undo.pop_all()
        self.url = said.split()[-1]
        self.port = urlsplit(self.url).port

    def stop(self, within=12):
        """SIGTERM; the exit status once it has ended."""
        self.process.terminate()
        return self.end(within)

    def kill(self):
        self.process.kill()
        return self.end()

    def end(self, within=12):
        with self.process:  # closes the pipe
            return self.process.wait(within)

    def close(self):
        if self.runs:
            self.kill()

    @property
    def runs(self):
        return self.process.poll() is None

    @property
    def pid(self):
        return self.process.pid

    @property
    def log(self):
        return (self.folder / "log").read_text()[self.log_begins :]

    def forget_log(self):
        """``log`` has only what comes from now on: for a server that several tests use."""
        self.log_begins += len(self.log)


class Cluster(Address):
    """Several processes behind nginx, started and ended together; ``processes`` has each."""

    def __init__(self, folder, environment, processes=2):
        self.environment = {**environment, "AIRSIDE_TRUSTED_PROXIES": "127.0.0.1"}
        self.processes = []
        with ExitStack() as undo:
            for number in range(processes):
                (folder / str(number)).mkdir()
                self.processes.append(Process(folder / str(number), self.environment))
                undo.callback(self.processes[-1].close)
            self.nginx = undo.enter_context(Nginx([process.port for process in self.processes]))
            self.undo = undo.pop_all()
        self.port = self.nginx.port
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self):
        for process in self.processes:
            process.start()

    def stop(self, within=12):
        """SIGTERM to all; the first exit status that is none of success."""
        for process in self.processes:
            process.process.terminate()
        return next(filter(None, [process.end(within) for process in self.processes]), 0)

    def kill(self):
        for process in self.processes:
            process.kill()

    def close(self):
        self.undo.close()

    @property
    def runs(self):
        return any(process.runs for process in self.processes)

    @property
    def log(self):
        return "".join(process.log for process in self.processes)


def start(folder, processes=None, **environment):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.served",
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "AIRSIDE_RELEASE": settings.RELEASE,
        "LIVE_OUTBOX_EVERY": "0.2",
        "LIVE_PERIODIC": "0",  # tests do them when their time has come; the server's is another
        "EMAIL_URL": "dummymail://",  # the console would be a pipe that nobody reads
        **environment,
    }
    several = SCALED if processes is None else processes > 1
    return Cluster(folder, environment, processes or 2) if several else Process(folder, environment)


def database_url():
    """The address of the database that the tests use, for another process."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def server(django_db_setup, django_db_blocker, tmp_path_factory):
    """One server for all tests. Who stops or kills it starts it again."""
    yield from one_for_all(django_db_blocker, tmp_path_factory)


@pytest.fixture(scope="session")
def process(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """One serving process for all tests: the server itself, where that is one."""
    if SCALED:
        yield from one_for_all(django_db_blocker, tmp_path_factory, processes=1)
    else:
        yield request.getfixturevalue("server")


def one_for_all(django_db_blocker, tmp_path_factory, **options):
    """A server for the fixture of a session or a module; ``options`` as ``start`` takes them."""
    with django_db_blocker.unblock():
        serving = start(tmp_path_factory.mktemp("serve"), **options)
    yield serving
    try:
        assert not serving.runs or serving.stop() == 0, serving.log
    finally:
        serving.close()


@pytest.fixture
def serve(transactional_db, tmp_path):
    """``serve(LIVE_STALLED_AFTER="2")``: a server of the test's own, with other settings; ``processes=1``: just one."""
    started = []

    def start_one(**options):
        folder = tmp_path / str(len(started))
        folder.mkdir()
        started.append(start(folder, **options))
        return started[-1]

    yield start_one
    for serving in started:
        serving.close()
