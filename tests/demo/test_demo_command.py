"""``manage.py demo`` as ``make run`` starts it: in a folder and a process group of its own, on a port of its own."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from time import monotonic, sleep

import httpx
import pytest
from django.conf import settings

from tests.clients import sign_in

pytestmark = pytest.mark.alone  # it starts servers

LISTENS = re.compile(r"listens on (\S+)")


class Demo:
    """The demo while it runs; what it has said up to now is ``said``."""

    def __init__(self, folder, **environment):
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AIRSIDE_", "DATABASE_", "REDIS_"))
        }
        self.process = subprocess.Popen(
            [sys.executable, settings.BASE / "manage.py", "demo"],
            env={**kept, "AIRSIDE_DATA": str(folder), "AIRSIDE_DEMO": "1", "PORT": "0", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said = ""

    def wait_until_it_listens(self):
        for line in self.process.stdout:
            self.said += line
            if listens := LISTENS.search(line):
                self.url = listens[1]
                return self
        raise AssertionError(self.said)

    def end(self):
        """What it says up to its end, and the exit status."""
        with self.process:
            self.said += self.process.stdout.read()
        return self.process.returncode

    def press_ctrl_c(self):
        os.killpg(self.process.pid, signal.SIGINT)

    def leaves_nothing(self, within=12):
        """Whether every process that it started has ended, or does soon."""
        until = monotonic() + within
        while monotonic() < until:
            self.process.poll()
            try:
                os.killpg(self.process.pid, 0)
            except ProcessLookupError:
                return True
            sleep(0.1)
        return False


@pytest.fixture
def demo(tmp_path):
    started = []

    def start(**environment):
        started.append(Demo(tmp_path, **environment))
        return started[-1]

    yield start
    for one in started:
        if not one.leaves_nothing(within=0.2):
            os.killpg(one.process.pid, signal.SIGKILL)
        one.process.stdout.close()


def rows(folder, table):
    with sqlite3.connect(folder / "airside.sqlite3") as database:
        return database.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()


@pytest.mark.timeout(600)  # two whole starts of the demo; a minute on a quiet machine
def test_starts_ends_whole_and_starts_again_where_it_was(demo, tmp_path):
    first = demo().wait_until_it_listens()
    assert f"demo day: {first.url}\n" in first.said
    assert "made up" in first.said
    page = httpx.get(first.url, trust_env=False)
    assert page.status_code == 200
    assert re.search(r"/static/css/site\.[0-9a-f]{12}\.css", page.text), "static files are not the collected ones"
    password = re.search(r"password (\S+)", first.said)[1]
    for email in ("desk", "desk2", "organiser", "guest", "admin"):
        _client, answer = sign_in(first.url, f"{email}@airside.example", password)
        assert answer.status_code == 302
    until = monotonic() + 60
    while not rows(tmp_path, "flights_flight"):
        assert monotonic() < until, "the feed sends nothing"
        sleep(0.2)

    first.press_ctrl_c()
    assert first.leaves_nothing()
    assert first.end() == 0
    assert "Traceback" not in first.said
    users, flights = rows(tmp_path, "accounts_user"), rows(tmp_path, "flights_flight")

    second = demo().wait_until_it_listens()
    assert [user[0] for user in rows(tmp_path, "accounts_user")] == [user[0] for user in users]
    assert {flight[0] for flight in flights} <= {flight[0] for flight in rows(tmp_path, "flights_flight")}
    second.process.kill()  # no chance to end the feed itself
    assert second.leaves_nothing()


def test_a_taken_port_is_said_before_anything_else(demo, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = demo(PORT=str(port))
        assert refused.end() == 1
    assert refused.said.count("\n") == 1
    assert f"Cannot listen on 127.0.0.1:{port}: Address already in use." in refused.said
    assert not (tmp_path / "airside.sqlite3").exists()


def test_refuses_without_demo_mode(demo, tmp_path):
    refused = demo(AIRSIDE_DEMO="0")
    assert refused.end() == 1
    assert refused.said.count("\n") == 1
    assert "demo mode" in refused.said
    assert not (tmp_path / "airside.sqlite3").exists()
