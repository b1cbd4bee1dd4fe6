"""How many connections one address may have open: more are told so, and a WebSocket is none of them."""

from contextlib import ExitStack

import pytest

from tests.server.raw import KEY, counted, everything, head, opened, status
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 20


@pytest.fixture
def narrow(serve):
    return serve(processes=1, AIRSIDE_CONNECTIONS_PER_ADDRESS=str(MOST), AIRSIDE_METRICS_KEY=KEY)


def answer_to_one_more(server):
    with opened(server, head("GET", "/healthz", "Connection: close")) as one:
        return everything(one)


def test_one_more_is_told_so_until_one_has_ended(narrow):
    with ExitStack() as stack:
        held = [stack.enter_context(opened(narrow)) for _ in range(MOST)]
        refused = answer_to_one_more(narrow)
        assert status(refused) == 429 and b"Retry-After: 5" in refused and b"Too much at once" in refused
        held.pop().close()
        until(lambda: status(answer_to_one_more(narrow)) == 200)
    until(lambda: status(answer_to_one_more(narrow)) == 200)
    until(lambda: counted(narrow, "airside_connections") == 1, why="the one that asks")
    assert counted(narrow, 'airside_refused_total{kind="connections"}') >= 1
    assert counted(narrow, 'airside_refused_early_total{status="429"}') >= 1


def test_a_socket_is_none_of_them(narrow):
    """And its end gives no place back a second time."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(narrow.ws("/ws/echo/")) for _ in range(2 * MOST)]
        assert status(answer_to_one_more(narrow)) == 200
        for socket in sockets:
            socket.send("here")
            assert socket.recv(5) == "here"
    with ExitStack() as stack:
        for _ in range(MOST):
            stack.enter_context(opened(narrow))
        assert status(answer_to_one_more(narrow)) == 429


def test_a_proxy_bounds_its_clients_itself(serve):
    server = serve(processes=1, AIRSIDE_CONNECTIONS_PER_ADDRESS=str(MOST), AIRSIDE_TRUSTED_PROXIES="127.0.0.1")
    with ExitStack() as stack:
        for _ in range(3 * MOST):
            stack.enter_context(opened(server))
        assert status(answer_to_one_more(server)) == 200


def test_what_is_malformed_or_too_long_is_told_as_well(process):
    digits = head("POST", "/", "Content-Length: " + "9" * 5000)
    for sent, expected in [
        (b"what is this?\r\n\r\n", 400),
        (digits, 400),
        (head("POST", "/", "Content-Length: 1", "Transfer-Encoding: chunked"), 400),
        (head("POST", "/", "Transfer-Encoding: chunked") + b"no length\r\n", 400),
        (b"GET /" + b"x" * 20000, 431),
        (head("GET", "/", *(f"X-{number}: {'x' * 1000}" for number in range(20))), 431),
    ]:
        with opened(process, sent) as one:
            answer = everything(one)
        assert status(answer) == expected, sent[:80]
        assert b"<p>" in answer and answer.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    ("languages", "found"), [("de-AT,en;q=0.5", b"de"), ("xx, fr;q=0.1", b"fr"), ("\xff" * 30, b"en"), ("", b"en")]
)
def test_in_the_language_of_who_asks(process, languages, found):
    asked = head("POST", "/", f"Accept-Language: {languages}", "Content-Length: 99999999")
    with opened(process, asked) as one:
        answer = everything(one)
    assert status(answer) == 413
    assert b'lang="%b"' % found in answer
