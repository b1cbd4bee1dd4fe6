"""Bodies that are too large are refused before they are held, and whoever sent one can read why."""

import http.client
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from tests.server.raw import KEY, counted, everything, head, opened, status
from tests.server.test_server import Held
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

LOGIN = "/accounts/login/"
MB = 1024 * 1024
GIGANTIC = 1200 * MB
FORM = "Content-Type: application/x-www-form-urlencoded"


def held(pid):
    """Bytes of memory that the process has at most had at once."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.partition("VmHWM:")[2].split()[0]) * 1024


def forget_peak(pid):
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def chunks(size, piece=b"x" * 65536):
    for _ in range(size // len(piece)):
        yield piece


def pour(connection, size, in_chunks):
    """Send a body until it is all sent or the other side has had enough; bytes sent."""
    sent = 0
    try:
        for piece in chunks(size):
            connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece) if in_chunks else piece)
            sent += len(piece)
    except OSError:
        pass
    return sent


@pytest.mark.parametrize("how", [f"Content-Length: {GIGANTIC}", "Transfer-Encoding: chunked"])
def test_a_gigantic_body_is_refused_while_pages_answer(serve, how):
    server = serve(processes=1)
    httpx.get(server.url + LOGIN)
    forget_peak(server.pid)
    before = held(server.pid)
    with opened(server, head("POST", LOGIN, FORM, how)) as one, ThreadPoolExecutor(1) as pool:
        sending = pool.submit(pour, one, GIGANTIC, "chunked" in how)
        while not sending.done():
            assert httpx.get(server.url + LOGIN, timeout=10).status_code == 200
        assert sending.result() < GIGANTIC / 4
        answer = everything(one)
    assert status(answer) == 413 and b"3 MB" in answer and b"Connection: close" in answer
    assert held(server.pid) - before < 40 * MB


def too_large_for_httpx(url):
    answer = httpx.post(url, content=b"x" * (settings.MAX_BODY + 1))
    return answer.status_code, answer.text


def too_large_for_httpx_in_chunks(url):
    answer = httpx.post(url, content=chunks(2 * settings.MAX_BODY))
    return answer.status_code, answer.text


def too_large_for_http_client(url):
    address = httpx.URL(url)
    connection = http.client.HTTPConnection(address.host, address.port)
    connection.request("POST", address.path, b"x" * (8 * settings.MAX_BODY))
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def too_large_for_curl(url, *options):
    command = ["curl", "--silent", "--data-binary", "@-", "--write-out", "\n%{http_code}", *options, url]
    said = subprocess.run(
        command, input=b"x" * (8 * settings.MAX_BODY), capture_output=True, check=True
    ).stdout.decode()
    body, _, code = said.rpartition("\n")
    return int(code), body


def too_large_for_curl_that_asks_first(url):
    return too_large_for_curl(url, "--header", "Expect: 100-continue")


CLIENTS = [
    too_large_for_httpx,
    too_large_for_httpx_in_chunks,
    too_large_for_http_client,
    too_large_for_curl,
    too_large_for_curl_that_asks_first,
]


@pytest.mark.parametrize("send", CLIENTS)
def test_clients_can_read_why(server, send):
    code, page = send(server.url + LOGIN)
    assert code == 413 and "too large" in page


def test_a_feed_gets_json(server):
    answer = httpx.post(f"{server.url}/api/flights/updates", content=b"x" * (settings.MAX_BODY + 1))
    assert answer.status_code == 413
    assert "3 MB" in json.loads(answer.text)["error"]


def test_who_asks_before_sending_is_told_at_once(process):
    asked = head("POST", LOGIN, FORM, f"Content-Length: {settings.MAX_BODY + 1}", "Expect: 100-continue")
    with opened(process, asked) as one:
        answer = everything(one)
    assert status(answer) == 413 and b"100 Continue" not in answer


def test_who_asks_before_sending_what_is_taken_is_told_to_go_on(process):
    with opened(process, head("POST", LOGIN, FORM, "Content-Length: 3", "Expect: 100-continue")) as one:
        assert status(one.recv(1000)) == 100
        one.sendall(b"a=b")
        assert status(one.recv(1000)) == 403, "a form without its token"


def test_the_largest_body_is_taken_both_ways(server):
    """The site's own view answers it."""
    url = f"{server.url}/api/flights/updates"
    for body in (b"x" * settings.MAX_BODY, chunks(settings.MAX_BODY)):
        assert httpx.post(url, content=body).status_code == 401, "no key"


def test_the_rest_of_what_came_with_it_is_no_request(process):
    """A body that is refused may hold what looks like a request."""
    inside = head("GET", "/healthz")
    with opened(process, head("POST", LOGIN, f"Content-Length: {settings.MAX_BODY + 1}") + inside * 50) as one:
        answer = everything(one)
    assert answer.count(b"HTTP/1.1") == 1


def test_large_bodies_of_one_address_are_counted_together(serve):
    """Small ones, as of forms, never are."""
    server = serve(processes=1, AIRSIDE_BODIES_PER_ADDRESS="3")
    begun = head("POST", LOGIN, FORM, f"Content-Length: {MB}") + b"x" * 65536
    with ExitStack() as stack:
        first = [stack.enter_context(opened(server, begun)) for _ in range(3)]
        with opened(server, begun) as one:
            answer = everything(one)
            assert status(answer) == 429 and b"Retry-After" in answer and b"Too much at once" in answer
        assert httpx.post(server.url + LOGIN, data={"login": "a"}).status_code == 403
        first.pop().close()

        def taken():
            with opened(server, begun + b"x" * (MB - 65536)) as one:
                return status(one.recv(1000)) == 403

        until(taken, why="a place was never given back")


def test_bodies_whose_senders_have_gone_are_dropped(serve, flight, source):
    """They arrived whole, and wait for a place that another request has."""
    long = {"AIRSIDE_LOCK_WAIT": "60", "AIRSIDE_REQUESTS_WAIT": "60", "LIVE_LOOKS_BACK": "120"}
    server = serve(processes=1, AIRSIDE_REQUESTS_AT_ONCE="1", AIRSIDE_METRICS_KEY=KEY, **long)
    whole = head("POST", LOGIN, FORM, f"Content-Length: {settings.MAX_BODY}") + b"x" * settings.MAX_BODY
    with Held(server, source, flight):
        forget_peak(server.pid)
        before = held(server.pid)
        for _ in range(60):
            opened(server, whole).close()
        until(lambda: counted(server, "airside_connections") == 2)  # the feed's, and the one that asks
        assert held(server.pid) - before < 100 * MB  # all of them are 180
