"""Answers that nobody reads: their connections end by themselves, and who reads slowly gets all."""

import socket
import time

import pytest

from tests.server.raw import head

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hasty(serve):
    """A server that waits for a request, and for a reader, for one second only."""
    return serve(processes=1, AIRSIDE_REQUEST_WITHIN="1")


def reads_nothing(server, asked):
    """A connection whose kernel takes a few kilobytes; the client never reads."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    connection.settimeout(20)
    connection.connect(("127.0.0.1", server.port))
    connection.sendall(asked)
    return connection


@pytest.mark.parametrize("persistence", ["keep-alive", "close"])
def test_who_never_reads_the_answer_is_let_go(hasty, long_board, persistence):
    long_board("A1")
    page = head("GET", "/flights/JFK/departures/", f"Connection: {persistence}")
    with reads_nothing(hasty, page) as one:
        end_of(one)


def test_who_reads_slowly_gets_all_of_it(hasty, long_board):
    long_board("A1")
    with reads_nothing(hasty, head("GET", "/flights/JFK/departures/", "Connection: close")) as one:
        answer = b""
        while part := one.recv(2048):
            answer += part
            time.sleep(0.02)
    assert answer.endswith(b"</html>\n")


def end_of(connection):
    """Return once the other side has ended the connection, though nothing is read."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            connection.sendall(b"\r\n")
        except OSError:
            return
        time.sleep(0.1)
    raise AssertionError("it is still open")
