"""What comes up a socket is too large, too much, or no frame at all: it is closed, told in one line, and hurts no one."""

import json
import socket
from collections import deque

import pytest
from websockets.exceptions import ConnectionClosed

from tests.live.readers import raw_socket
from tests.sockets import close_code

pytestmark = pytest.mark.django_db(transaction=True)

MASK = b"\0\0\0\0"
CLOSE = b"\x88"
FRAMES = {
    "reserved bits": b"\xf1\x80" + MASK,
    "a reserved opcode": b"\x83\x80" + MASK,
    "no mask": b"\x81\x03bye",
    "no UTF-8": b"\x81\x82" + MASK + b"\xc3\x28",
    "the rest of nothing": b"\x80\x80" + MASK,
    "a second beginning": b"\x01\x81" + MASK + b"a" + b"\x01\x81" + MASK + b"b",
    "a ping in parts": b"\x09\x80" + MASK,
    "a long ping": b"\x89\xfe\0\x80" + MASK + 128 * b"a",
    "a gigabyte, announced": b"\x82\xff" + (1 << 30).to_bytes(8, "big") + MASK,
    "a length below zero": b"\x82\xff" + 8 * b"\xff" + MASK,
    "too much in small parts": b"\x01\xfe\xff\xff" + MASK + 65535 * b"a" + b"\x00\x82" + MASK + b"aa",
    "a close code of nobody's": b"\x88\x82" + MASK + (1004).to_bytes(2, "big"),
    "half a close code": b"\x88\x81" + MASK + b"\x03",
    "an answer that meets the end": b"\x81\x83" + MASK + b"bye" + b"\xf1\x80" + MASK,
}
REQUESTS = {
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
    "half a request": b"GET /ws/echo/ HTTP/1.1\r\nHost: x\r\nUpgrade: webso",
    "no key": b"GET /ws/echo/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    "no path": b"GET \xff\xfe HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    "a long header": b"GET / HTTP/1.1\r\nX: " + 100_000 * b"a" + b"\r\n\r\n",
}


@pytest.fixture
def process(serve):
    return serve(processes=1, LIVE_BEAT_EVERY="1")


def test_what_is_no_frame_closes_the_socket_with_one_line_in_the_log(process):
    before = process.log
    with process.ws("/ws/echo/") as neighbour:
        for what, sent in FRAMES.items():
            reader = raw_socket(process, "/ws/echo/")
            reader.sendall(sent)
            assert reader.recv(1) == CLOSE, what
            reader.close()
        neighbour.send("still here")
        assert neighbour.recv(5) == "still here"
    daphne_has_looked(process)
    lines = process.log.removeprefix(before).splitlines()
    assert len(lines) == len(FRAMES) and all("closed a socket to /ws/echo/" in line for line in lines), lines


def test_what_is_no_request_is_no_fault_of_ours(process):
    before = process.log
    for sent in REQUESTS.values():
        with socket.create_connection(("127.0.0.1", process.port)) as stranger:
            stranger.sendall(sent)
    with process.ws("/ws/echo/") as neighbour:
        neighbour.send("still here")
        assert neighbour.recv(5) == "still here"
    daphne_has_looked(process)
    log = process.log.removeprefix(before)
    assert "traceback" not in log.lower() and "ERROR" not in log, log


def daphne_has_looked(server):
    """Wait until Daphne has looked at the connections that have ended, which it does once a second, and logged their faults.

    Heartbeats come from the same event loop once a second: after three of them it has looked.
    """
    with server.ws("/ws/connection/") as socket:
        beats = 0
        while beats < 3:
            beats += "beat" in json.loads(socket.recv(10))


def test_what_is_too_long_or_no_text_closes_the_socket(server):
    with server.ws("/ws/echo/") as ws:
        ws.send("x" * 70_000)
        assert close_code(ws) == 1009
    with server.ws("/ws/echo/") as ws:
        ws.send(b"\x00\x01")
        assert close_code(ws) == 1008


def test_a_flood_closes_the_socket(server):
    with server.ws("/ws/echo/") as ws, pytest.raises(ConnectionClosed) as closed:
        for _ in range(10_000):
            ws.send("x")
        deque(ws, maxlen=0)  # all may be sent before the end is heard of
    # who still sends may be cut off before the close frame is there
    assert closed.value.rcvd is None or closed.value.rcvd.code == 1008
