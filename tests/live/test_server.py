"""The server that ``manage.py serve`` runs: how it ends, whom it lets wait, what it does not take."""

import json
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
from websockets.exceptions import ConnectionClosed

from live.outbox import publish
from live.regions import find
from tracking.flights import topics
from tracking.flights.models import Flight, Source

pytestmark = pytest.mark.django_db(transaction=True)

BOARD = "/ws/departures/JFK/"
HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def close_code(ws, seconds=5):
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            ws.recv(seconds)
    return closed.value.rcvd.code


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
    server = serve()
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


def test_it_ends_within_ten_seconds_whatever_still_runs(serve, flight, source):
    server = serve()
    with Held(server, source, flight):
        assert server.stop(within=10) == 0


def test_a_second_signal_ends_it_at_once(serve, flight, source):
    server = serve()
    with server.ws("/ws/echo/") as ws, Held(server, source, flight):
        server.process.send_signal(signal.SIGINT)
        assert close_code(ws) == 1012
        server.process.send_signal(signal.SIGINT)
        assert server.end(2) == -signal.SIGINT


def test_a_taken_port_is_one_clear_sentence(server, tmp_path):
    again = subprocess.run(
        [sys.executable, "-W", "ignore", settings.BASE / "manage.py", "serve", f"--port={server.port}"],
        env={**server.environment, "AIRSIDE_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert again.returncode == 1
    assert again.stderr == f"Cannot listen on 127.0.0.1:{server.port}: Address already in use.\n"


# Readers that don't keep up


def slow_reader(server, path):
    """A socket whose reader takes nothing after the handshake."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.settimeout(10)
    reader.connect(("127.0.0.1", server.port))
    reader.sendall(HANDSHAKE.format(path=path, port=server.port).encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += reader.recv(1)
    assert answer.startswith(b"HTTP/1.1 101")
    return reader


def frames(reader, until):
    """The texts of its frames, up to one with these words."""
    data = reader.makefile("rb")
    while True:
        head = data.read(2)
        length = head[1]
        if length > 125:
            length = int.from_bytes(data.read(2 if length == 126 else 8), "big")
        payload = data.read(length)
        if head[0] == 0x81:
            yield payload.decode()
            if until in payload.decode():
                return


@pytest.fixture
def long_board(make_flight):
    """A board whose changes are long: every row of it, at once. Gives the verb that changes it so."""
    for number in range(1, 301):
        make_flight(minutes=60 + number // 2, number=str(number))

    def move_all(gate):
        with transaction.atomic():
            Flight.objects.update(gate=gate)
            publish(topics.board("JFK"))

    return move_all


def receive(ws, words):
    while words not in ws.recv(10):
        pass


def test_who_reads_slowly_delays_nobody_and_then_gets_what_is_true_now(server, long_board):
    path = f"{BOARD}?v={find('departures/JFK/').render().version}"
    slow = slow_reader(server, path)
    with server.ws(path) as quick:
        for number in range(10, 22):
            long_board(f"Z{number}")
            receive(quick, f"Z{number}")
    seen = [frame for frame in frames(slow, "Z21") if '"beat"' not in frame]
    assert len(seen) < 6, "what waited for it was bounded"
    assert "from" not in json.loads(seen[-1]), "and a snapshot took the place of the rest"


def test_who_never_reads_again_is_let_go(serve, long_board):
    server = serve(LIVE_STALLED_AFTER="1")
    path = f"{BOARD}?v={find('departures/JFK/').render().version}"
    slow = slow_reader(server, path)
    with server.ws(path) as quick:
        for number in range(10, 14):
            long_board(f"Z{number}")
            receive(quick, f"Z{number}")
        deadline = time.monotonic() + 10
        while "stalls, closed" not in server.log:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        long_board("Z99")
        receive(quick, "Z99")
    with pytest.raises((ConnectionResetError, IndexError)):  # IndexError: the end comes where a frame would begin
        list(frames(slow, "Z99"))


# What clients send


def test_what_is_too_long_or_no_text_closes_the_socket(server):
    with server.ws("/ws/echo/") as ws:
        ws.send("x" * 70_000)
        assert close_code(ws) == 1009
    with server.ws("/ws/echo/") as ws:
        ws.send(b"\x00\x01")
        assert close_code(ws) == 1008


def test_what_is_no_frame_closes_the_socket_with_one_line_in_the_log(server):
    reader = slow_reader(server, "/ws/echo/")
    before = server.log
    text = b"\x81\x83\0\0\0\0bye"  # whose answer then meets a socket that closes
    reader.sendall(text + b"\xf1\x80\0\0\0\0")
    assert reader.recv(1) == b"\x88"
    time.sleep(2.5)  # for its close to be waited for, and for Daphne to look at what ended, and how
    said = server.log.removeprefix(before).splitlines()
    assert len(said) == 1 and "closed a socket to /ws/echo/" in said[0]


def test_a_flood_closes_the_socket(server):
    with server.ws("/ws/echo/") as ws, pytest.raises(ConnectionClosed) as closed:
        for _ in range(10_000):
            ws.send("x")
    assert closed.value.rcvd.code == 1008


def test_a_client_cannot_say_where_the_site_is(server):
    headers = {"Daphne-Root-Path": "/elsewhere"}
    assert "/elsewhere" not in httpx.get(f"{server.url}/accounts/login/", headers=headers).text
    with server.ws("/ws/echo/", additional_headers=headers) as ws:
        ws.send("here")
        assert ws.recv(5) == "here"


def test_a_thousand_may_come_at_once(server):
    """Even while the server is busy with something else, as all are when it has just started."""
    server.process.send_signal(signal.SIGSTOP)
    try:
        crowd = [socket.create_connection(("127.0.0.1", server.port), timeout=2) for _ in range(1000)]
    finally:
        server.process.send_signal(signal.SIGCONT)
    for one in crowd:
        one.settimeout(20)
        one.sendall(HANDSHAKE.format(path="/ws/echo/", port=server.port).encode())
    for one in crowd:
        assert one.recv(12) == b"HTTP/1.1 101"
        one.close()
