"""What nginx refuses itself, as deploy/nginx.conf has it, before any process hears of it."""

from contextlib import ExitStack

import httpx
import pytest
from websockets.sync.client import connect

from tests.scaled.parts import ROOT, Nginx
from tests.server.raw import everything, head, opened, status
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

LOGIN = "/accounts/login/"
HEALTH = head("GET", "/healthz", "Connection: close")


class Strict(Nginx):
    """nginx with some of its bounds changed: each is a text of the file, and what it becomes."""

    def __init__(self, processes, changed):
        super().__init__([process.port for process in processes])
        self.changed = changed

    def prepare(self):
        super().prepare()
        path = self.folder / "nginx.conf"
        text = path.read_text()
        for before, after in self.changed.items():
            assert before in text
            text = text.replace(before, after)
        path.write_text(text)


@pytest.fixture
def strict(server):
    """``with strict({"limit_conn pages 5000": "limit_conn pages 5"}) as nginx``: before the processes of ``server``."""
    return lambda changed: Strict(server.processes, changed)


def test_what_it_bounds_stands_in_the_file_that_is_deployed():
    """The tests below make bounds smaller: here are those that an installation has."""
    text = (ROOT / "deploy/nginx.conf").read_text()
    for bound in [
        "limit_conn pages 5000;",
        "limit_conn sockets 5000;",
        "client_max_body_size 3m;",
        "client_header_timeout 30s;",
        "client_body_timeout 30s;",
        "send_timeout 30s;",
    ]:
        assert bound in text


def test_headers_that_drip_end(strict):
    with strict({"client_header_timeout 30s": "client_header_timeout 1s"}) as nginx:
        for begun in (b"", head("GET", LOGIN)[:-2]):
            with opened(nginx, begun) as one:
                assert everything(one) == b""


def test_a_body_that_stops_ends_and_no_process_hears_of_it(strict):
    begun = head("POST", LOGIN, "Content-Length: 1000") + b"login="
    with strict({"client_body_timeout 30s": "client_body_timeout 1s"}) as nginx, opened(nginx, begun) as one:
        assert everything(one) == b""


def test_connections_of_one_address_that_are_answered(strict, server):
    """nginx counts a connection once its headers have come: here bodies are missing."""
    begun = head("POST", LOGIN, "Content-Length: 1000", "Expect: 100-continue")
    with strict({"limit_conn pages 5000": "limit_conn pages 5"}) as nginx, ExitStack() as stack:
        held = [stack.enter_context(opened(nginx, begun)) for _ in range(5)]
        assert [status(one.recv(1000)) for one in held] == [100] * 5

        def one_more():
            with opened(nginx, HEALTH) as one:
                return everything(one)

        assert status(one_more()) == 429
        assert b"Retry-After: 5" in one_more() and b"Try again in a few seconds" in one_more()
        with nginx_socket(nginx) as ws:
            ws.send("here")
            assert ws.recv(5) == "here", "sockets are counted apart"
        for one in held:
            one.close()
        until(lambda: status(one_more()) == 200)


def test_sockets_of_one_address(strict):
    with strict({"limit_conn sockets 5000": "limit_conn sockets 5"}) as nginx, ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(nginx_socket(nginx))
        asked = head("GET", "/ws/echo/", "Connection: close")
        with opened(nginx, asked) as one:
            answer = everything(one)
        assert status(answer) == 429 and b"Retry-After" in answer
        with opened(nginx, HEALTH) as one:
            assert status(everything(one)) == 200


def test_a_flood_of_forms_is_slowed_and_pages_are_not(strict):
    with (
        strict({"rate=100r/s": "rate=1r/m", "burst=500": "burst=5"}) as nginx,
        httpx.Client(base_url=f"http://127.0.0.1:{nginx.port}") as client,
    ):
        answers = [client.post(LOGIN, data={"login": "a"}) for _ in range(8)]
        assert [answer.status_code for answer in answers] == [403] * 6 + [429] * 2
        assert answers[-1].headers["Retry-After"] == "5" and "Try again" in answers[-1].text
        assert client.get(LOGIN).status_code == 200


def test_too_long_headers_are_told(server):
    for sent in [head("GET", "/" + "x" * 20000), head("GET", "/", "X-Long: " + "x" * 20000)]:
        with opened(server, sent) as one:
            answer = everything(one)
        assert status(answer) == 431 and b"too long" in answer


def nginx_socket(nginx):
    return connect(f"ws://127.0.0.1:{nginx.port}/ws/echo/", origin=f"http://127.0.0.1:{nginx.port}")
