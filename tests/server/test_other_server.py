"""The application is plain ASGI: another server runs it as it is."""

import subprocess
import sys

import pytest
from django.conf import settings
from websockets.sync.client import connect

from live.regions import find
from tests.sockets import next_frame


@pytest.fixture
def uvicorn(server, tmp_path):
    """The port of uvicorn with the application, on the tests' database."""
    command = [sys.executable, "-m", "uvicorn", "asgi:application", "--app-dir=site", "--port=0", "--lifespan=off"]
    with subprocess.Popen(
        command, cwd=settings.BASE, env={**server.environment, "PYTHONPATH": "."}, stderr=subprocess.PIPE, text=True
    ) as process:
        port = next(line for line in process.stderr if "running on" in line).split(":")[-1].split()[0]
        yield int(port)
        process.terminate()
        process.stderr.read()


def test_it_runs_on_uvicorn(uvicorn, transactional_db, flight):
    address, origin = f"ws://127.0.0.1:{uvicorn}", f"http://127.0.0.1:{uvicorn}"
    with connect(f"{address}/ws/echo/", origin=origin) as ws:
        ws.send("hello")
        assert ws.recv(20) == "hello"
    with connect(f"{address}/ws/departures/JFK/", origin=origin, max_size=None) as ws:
        frame = next_frame(ws)
    assert frame["v"] == find("departures/JFK/").render().version
