"""The server that ``manage.py serve`` runs: how it ends, whom it lets wait, what it does not take."""

import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tests.live.readers import HANDSHAKE
from tests.sockets import close_code
from tests.waiting import until
from tracking.flights.models import Source

pytestmark = pytest.mark.django_db(transaction=True)

BOARD = "/ws/departures/JFK/"

ASKS = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def set_gate(server, source, flight, gate):
    """One update of a feed, over HTTP."""
    update = {
        "airline": flight.airline_id,
        "number": flight.number,
        "origin": flight.origin_id,
        "date": str(flight.date),
        "reported_at": timezone.now().isoformat(),
        "gate": gate,
    }
    headers = {"Authorization": f"Bearer {source.key}"}
    return httpx.post(f"{server.url}/api/flights/updates", json=[update], headers=headers, timeout=30)


class Held:
    """``with Held(…) as request:`` a feed's request that has to wait until the block ends."""

    def __init__(self, server, source, flight):
        self.args = server, source, flight, "C7"
        self.pool = ThreadPoolExecutor(1)

    def __enter__(self):
        self.lock = transaction.atomic()
        self.lock.__enter__()
        Source.objects.update(silent_after=301)  # the row, or on SQLite the database, is ours to write now
        request = self.pool.submit(set_gate, *self.args)
        time.sleep(0.5)
        assert not request.done()
        return request

    def __exit__(self, *fault):
        self.lock.__exit__(*fault)


# The end


def test_sigterm_finishes_requests_and_tells_sockets_to_come_back(serve, flight, source):
    server = serve(processes=1)
    with ExitStack() as open_sockets, Held(server, source, flight) as request:
        watching = [open_sockets.enter_context(server.ws(path)) for path in [BOARD, "/ws/echo/"] * 10]
        server.process.send_signal(signal.SIGTERM)
        assert {close_code(ws) for ws in watching} == {1012}
        with pytest.raises(httpx.ConnectError):
            httpx.get(server.url)
    assert request.result(10).json()["accepted"] == 1
    assert server.end() == 0
    flight.refresh_from_db()
    assert flight.gate == "C7"
    assert "Traceback" not in server.log and "pending" not in server.log


def test_who_stands_at_the_door_when_it_closes_is_answered(serve):
    """A proxy that has sent a POST and is cut off could not ask another process: it might be done twice."""
    server = serve(processes=1)
    httpx.get(f"{server.url}/healthz")  # who was alone the last time is let in alone
    server.process.send_signal(signal.SIGSTOP)
    crowd = [socket.create_connection(("127.0.0.1", server.port), timeout=10) for _ in range(200)]
    *prompt, late = crowd
    for one in prompt:
        one.sendall(ASKS)
    server.process.send_signal(signal.SIGTERM)
    server.process.send_signal(signal.SIGCONT)
    late.sendall(ASKS)
    for one in crowd:
        assert one.recv(12) == b"HTTP/1.1 200"
        one.close()
    assert server.end() == 0


def lets_nobody_in(server):
    try:
        socket.create_connection(("127.0.0.1", server.port), timeout=10).close()
    except ConnectionRefusedError:
        return True
    return False


def test_who_was_let_in_has_a_moment_to_ask_something(serve):
    """A proxy that is busy may send its request long after it has connected."""
    server = serve(processes=1)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as slow:
        httpx.get(f"{server.url}/healthz")  # connections are accepted in turn, so the other was
        server.process.send_signal(signal.SIGTERM)
        until(lambda: lets_nobody_in(server))
        time.sleep(0.5)
        slow.sendall(ASKS)
        assert slow.recv(12) == b"HTTP/1.1 200"
    assert server.end() == 0


def test_who_asks_nothing_does_not_keep_it(serve):
    server = serve(processes=1)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10):
        assert server.stop(within=10) == 0


def test_it_ends_within_ten_seconds_whatever_still_runs(serve, flight, source):
    server = serve(processes=1)
    with Held(server, source, flight):
        assert server.stop(within=10) == 0


def test_a_second_signal_ends_it_at_once(serve, flight, source):
    server = serve(processes=1)
    with server.ws("/ws/echo/") as ws, Held(server, source, flight):
        server.process.send_signal(signal.SIGINT)
        assert close_code(ws) == 1012
        server.process.send_signal(signal.SIGINT)
        assert server.end(4) == -signal.SIGINT, "by itself it would take seven seconds"


def test_a_taken_port_is_one_clear_sentence(process, tmp_path):
    again = subprocess.run(
        [sys.executable, "-W", "ignore", settings.BASE / "manage.py", "serve", f"--port={process.port}"],
        env={**process.environment, "AIRSIDE_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert again.returncode == 1
    assert again.stderr == f"Cannot listen on 127.0.0.1:{process.port}: Address already in use.\n"


# What clients send


def test_a_client_cannot_say_where_the_site_is(server):
    headers = {"Daphne-Root-Path": "/elsewhere"}
    assert "/elsewhere" not in httpx.get(f"{server.url}/accounts/login/", headers=headers).text
    with server.ws("/ws/echo/", additional_headers=headers) as ws:
        ws.send("here")
        assert ws.recv(5) == "here"


def test_a_thousand_may_come_at_once(process):
    """Even while the process is busy with something else, as all are when it has just started."""
    process.process.send_signal(signal.SIGSTOP)
    try:
        crowd = [socket.create_connection(("127.0.0.1", process.port), timeout=2) for _ in range(1000)]
    finally:
        process.process.send_signal(signal.SIGCONT)
    for one in crowd:
        one.settimeout(20)
        one.sendall(HANDSHAKE.format(path="/ws/echo/", port=process.port).encode())
    for one in crowd:
        assert one.recv(12) == b"HTTP/1.1 101"
        one.close()
