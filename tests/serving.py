"""The real server, as a process of its own on the tests' database: fixtures ``server`` and ``serve``."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from websockets.sync.client import connect

__all__ = ["serve", "server"]


class Serving:
    """``manage.py serve`` while it runs. What tests write must be committed (``transactional_db``) to be seen by it."""

    def __init__(self, folder, **environment):
        self.folder = folder
        self.environment = {
            **os.environ,
            "AIRSIDE_DATA": str(folder),
            "DATABASE_URL": database_url(),
            "SECRET_KEY": settings.SECRET_KEY,
            "LIVE_OUTBOX_EVERY": "0.2",
            **environment,
        }
        self.port = 0  # a free one, kept from then on
        self.start()

    def start(self):
        """Start it, and return once it listens."""
        self.process = subprocess.Popen(
            [sys.executable, settings.BASE / "manage.py", "serve", "--host=127.0.0.1", f"--port={self.port}"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=(self.folder / "log").open("a"),
            text=True,
        )
        said = self.process.stdout.readline()
        assert "listens on" in said, said + self.log
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

    def ws(self, path, **options):
        """A socket to an address such as ``/ws/echo/``, as a page of the site opens it (``websockets``' sync client)."""
        return connect(self.ws_url + path, **{"origin": self.url, "max_size": None, **options})

    @property
    def ws_url(self):
        return f"ws://127.0.0.1:{self.port}"

    @property
    def pid(self):
        return self.process.pid

    @property
    def log(self):
        return (self.folder / "log").read_text()


def database_url():
    """The address of the database that the tests use, for another process."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def server(django_db_setup, django_db_blocker, tmp_path_factory):
    """One server for all tests. Who stops or kills it starts it again."""
    with django_db_blocker.unblock():
        serving = Serving(tmp_path_factory.mktemp("serve"))
    yield serving
    if serving.process.poll() is None:
        assert serving.stop() == 0, serving.log


@pytest.fixture
def serve(transactional_db, tmp_path):
    """``serve(LIVE_STALLED_AFTER="2")``: a server of the test's own, with other settings."""
    started = []

    def start(**environment):
        folder = tmp_path / str(len(started))
        folder.mkdir()
        started.append(Serving(folder, **environment))
        return started[-1]

    yield start
    for serving in started:
        if serving.process.poll() is None:
            serving.kill()
