"""Requests that never become whole, and answers that nobody reads: their connections end by themselves."""

import threading
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from tests.server.raw import everything, head, opened, status
from tests.serving import one_for_all

pytestmark = pytest.mark.django_db(transaction=True)

LOGIN = "/accounts/login/"
FORM = "Content-Type: application/x-www-form-urlencoded"
HALF_HEADERS = head("GET", "/healthz")[:-2] + b"X-More: "
HALF_BODY = head("POST", LOGIN, FORM, "Content-Length: 1000") + b"login="
HALF_CHUNK = head("POST", LOGIN, FORM, "Transfer-Encoding: chunked") + b"1f4\r\nlogin="
WHOLE = head("GET", "/healthz")


@pytest.fixture(scope="module")
def hasty(django_db_setup, django_db_blocker, tmp_path_factory):
    """A server that waits for a request for one second only."""
    yield from one_for_all(django_db_blocker, tmp_path_factory, processes=1, AIRSIDE_REQUEST_WITHIN="1")


@contextmanager
def dripping(connection, drop=b"x"):
    """Send a byte, and again a byte, until the block ends."""
    over = threading.Event()

    def drip():
        while not over.wait(0.1):
            try:
                connection.sendall(drop)
            except OSError:
                return

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.mark.parametrize("begun", [HALF_HEADERS, HALF_BODY, HALF_CHUNK, b"GET /hea"])
def test_a_request_that_drips_is_told_and_ends(hasty, begun):
    with opened(hasty, begun) as one, dripping(one):
        answer = everything(one)
    assert status(answer) == 408 and b"within 1 seconds" in answer and answer.count(b"HTTP/1.1") == 1


def test_after_an_answer_the_next_request_has_as_long(hasty):
    with opened(hasty, WHOLE) as one:
        assert status(one.recv(4096)) == 200
        one.sendall(HALF_HEADERS)
        assert status(everything(one)) == 408


def test_a_connection_that_says_nothing_ends_without_a_word(hasty):
    with opened(hasty) as one:
        assert everything(one) == b""
    with opened(hasty, WHOLE) as one:
        assert status(everything(one)) == 200, "the end comes after the answer"


def test_two_thousand_half_sent_requests_delay_nobody_and_end(serve):
    server = serve(processes=1, AIRSIDE_REQUEST_WITHIN="15")
    with ExitStack() as stack:
        begun = [b"", HALF_HEADERS, HALF_BODY, HALF_CHUNK]
        crowd = [stack.enter_context(opened(server, begun[number % 4], seconds=40)) for number in range(2000)]
        for _ in range(5):
            assert httpx.get(server.url + LOGIN, timeout=5).status_code == 200
        with server.ws("/ws/echo/") as ws:
            ws.send("here")
            assert ws.recv(5) == "here"
        ended = [everything(one) for one in crowd]
    assert [b"408 Request Timeout" in answer for answer in ended] == [False, True, True, True] * 500


# What must not end


def test_keep_alive_and_pipelined_requests_are_answered_in_order(hasty):
    asked = [
        head("GET", "/healthz"),
        head("GET", "/no-such-page/"),
        head("POST", LOGIN, FORM, "Content-Length: 3") + b"a=b",
    ]
    with opened(hasty, b"".join(asked) + head("GET", "/healthz", "Connection: close")) as one:
        answers = everything(one).split(b"HTTP/1.1 ")[1:]
    assert [answer[:3] for answer in answers] == [b"200", b"404", b"403", b"200"]
    with httpx.Client() as client:
        connections = {id(client.get(hasty.url + "/healthz").extensions["network_stream"]) for _ in range(5)}
    assert len(connections) == 1


def test_a_socket_stays(hasty):
    with hasty.ws("/ws/echo/") as ws, opened(hasty) as silent:
        everything(silent)  # the time is over
        ws.send("here")
        assert ws.recv(5) == "here"
