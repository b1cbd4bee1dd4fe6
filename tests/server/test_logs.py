"""What the log says, and that it says of nobody who they are."""

import asyncio
import json
import logging
import os
import re
import subprocess
import sys
import threading
import traceback
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.test import RequestFactory
from websockets.exceptions import ConnectionClosed

from accounts.models import User
from server.logs import JsonLines, Lines
from server.redaction import without_addresses
from server.request_ids import request_id
from tests.live.people import TOPIC, Browser, People, working_hub
from tests.serving import one_for_all
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "window-seat-12A"
VISITOR = "203.0.113.77"


def entries(server):
    """The log's lines. Each has to be JSON."""
    return [json.loads(line) for line in server.log.splitlines()]


def answered(server, said, logger="airside.requests"):
    """The log's line on a request, by the id that its answer told."""
    wanted = said.headers["X-Request-ID"], logger
    return next(entry for entry in entries(server) if (entry.get("request_id"), entry["logger"]) == wanted)


@pytest.fixture(scope="module")
def failing_server(django_db_setup, django_db_blocker, tmp_path_factory):
    yield from one_for_all(
        django_db_blocker,
        tmp_path_factory,
        processes=1,
        DJANGO_SETTINGS_MODULE="tests.server.failing",
        AIRSIDE_TRUSTED_PROXIES="127.0.0.1",
        AIRSIDE_METRICS_KEY="a-key-for-metrics",
    )


@pytest.fixture
def failing(failing_server):
    """A process that also has addresses that fail, behind a proxy that tells who asks. Its log is empty."""
    failing_server.forget_log()
    return failing_server


# Requests


def test_a_request_is_one_line(process, flight):
    answer = httpx.get(f"{process.url}/flights/{flight.pk}/?q=secret-words")
    entry = answered(process, answer)
    assert datetime.now(UTC) - datetime.fromisoformat(entry.pop("time")) < timedelta(minutes=1)
    ms = entry.pop("ms")
    assert 0 <= ms < 60_000
    assert entry == {
        "level": "INFO",
        "logger": "airside.requests",
        "message": f"GET flights:flight 200 in {ms} ms",
        "request_id": answer.headers["X-Request-ID"],
        "method": "GET",
        "view": "flights:flight",
        "status": 200,
    }


def test_what_is_asked_every_few_seconds_is_no_line(process, flight):
    said = [httpx.get(process.url + path) for path in ("/healthz", "/readyz", "/static/js/live.js", "/connection/")]
    logged = {entry.get("request_id") for entry in entries(process)}
    assert [answer.headers["X-Request-ID"] in logged for answer in said] == [False, False, False, True]


def test_a_word_that_is_no_method_is_not_repeated(process):
    answer = httpx.request("JANE-DOE", f"{process.url}/connection/")
    assert answered(process, answer)["method"] == "other"
    assert "JANE-DOE" not in process.log


# Their ids


def test_each_has_an_id_of_its_own(process):
    with httpx.Client() as same_connection:
        ids = {same_connection.get(f"{process.url}/healthz").headers["X-Request-ID"] for _ in range(5)}
    assert len(ids) == 5
    assert all(re.fullmatch(r"[0-9a-f]{16}", one) for one in ids)


@pytest.mark.parametrize("given", ["abc-123", "A.b_C-9" * 9, "x"])
def test_a_proxys_id_is_taken(failing, given):
    answer = httpx.get(f"{failing.url}/connection/", headers={"X-Request-ID": given})
    assert answer.headers.get_list("X-Request-ID") == [given]
    assert answered(failing, answer)["view"] == "connection"


@pytest.mark.parametrize("given", ["", "x" * 65, "jane@example.org", 'x"', "a b", "ä", "a,b", "../x"])
def test_but_only_a_sane_one(failing, given):
    answer = httpx.get(f"{failing.url}/connection/", headers={"X-Request-ID": given.encode()})
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-ID"])


def test_nobody_else_chooses_one(process):
    answer = httpx.get(f"{process.url}/connection/", headers={"X-Request-ID": "jane.doe"})
    assert answer.headers["X-Request-ID"] != "jane.doe"
    assert "jane.doe" not in process.log


def test_what_a_request_does_is_logged_with_its_id(failing):
    answer = httpx.get(f"{failing.url}/fails/x/", headers={"X-Request-ID": "one-of-many"})
    assert answer.status_code == 500
    lines = [entry for entry in entries(failing) if entry.get("request_id") == "one-of-many"]
    assert [entry["logger"] for entry in lines] == ["django.request", "airside.requests"]
    assert [entry["level"] for entry in lines] == ["ERROR", "WARNING"]


def test_a_socket_has_an_id_too(failing, flight):
    with failing.ws("/ws/departures/JFK/", additional_headers={"X-Request-ID": "a-socket"}) as board:
        board.recv(5)
        board.send("something")
        with suppress(ConnectionClosed):
            while board.recv(5):
                pass
    entry = next(entry for entry in entries(failing) if "does not take" in entry["message"])
    assert entry["request_id"] == "a-socket"
    assert entry["message"] == "closed a socket to DeparturesBoard that sent what it does not take"


def test_a_socket_that_breaks_the_protocol_is_told_of_by_its_kind(failing, flight):
    """What follows in its path may be a key."""
    with failing.ws("/ws/departures/JFK/") as board:
        board.recv(5)
        with suppress(ConnectionClosed):
            board.send("x" * 70_000)
            while board.recv(5):
                pass
    closed = until(lambda: [entry for entry in entries(failing) if "closed a socket" in entry["message"]])
    assert closed[0]["message"].startswith("closed a socket to /ws/departures/: ")


def test_a_socket_takes_its_id_to_the_database_and_the_hub_takes_nobodys():
    """The first to join starts the hub, and what it renders for all: those lines are not theirs."""
    rendered, done = [], threading.Event()

    def render():
        rendered.append(request_id.get())
        done.set()

    async def body():
        request_id.set("came-first")
        region = People()
        region.hook = render
        async with working_hub() as hub:
            hub.join(region, [TOPIC], Browser("").socket)
            assert await hub.renders.run(request_id.get) == "came-first"
            assert await hub.renders.run(done.wait, 20)

    asyncio.run(asyncio.wait_for(body(), 60))
    assert rendered == [None]


# Faults


def test_a_fault_is_one_line_with_its_traceback_and_without_its_words(failing, bob, client):
    client.force_login(bob)
    cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    answer = httpx.get(f"{failing.url}/fails/a-signed-key/", cookies=cookies)
    assert answer.status_code == 500
    entry = answered(failing, answer, "django.request")
    assert entry["message"] == "Internal Server Error"
    assert "failing_urls.py" in entry["traceback"] and "raise ValueError" in entry["traceback"]
    assert entry["traceback"].rstrip().endswith("ValueError")
    assert "KeyError\n" in entry["traceback"], "what led to it is told, and first"
    assert entry["traceback"].index("KeyError") < entry["traceback"].index("raise ValueError")
    assert bob.first_name not in failing.log and "a-signed-key" not in failing.log


def formatted(*args, formatter=None, **kwargs):
    """What the log says of ``log.error(*args, **kwargs)``."""
    record = logging.getLogger("test").makeRecord("test", logging.ERROR, "f", 1, *args[:1], args[1:], None, **kwargs)
    return json.loads(JsonLines().format(record)) if formatter is None else formatter.format(record)


def raised(fault):
    try:
        raise fault
    except type(fault) as caught:
        return caught


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (ValueError("Jane Doe"), "ValueError"),
        (User.DoesNotExist("Jane Doe"), "User.DoesNotExist"),
        (
            AttributeError("'Flight' object has no attribute 'gat'"),
            "AttributeError: 'Flight' object has no attribute 'gat'",
        ),
        (OperationalError("deadlock\nDETAIL: Jane Doe"), "OperationalError: deadlock"),
        (ConnectionRefusedError(111, "10.1.2.3 says no"), "ConnectionRefusedError: [Errno 111] [address] says no"),
    ],
)
def test_what_an_exception_says_of_data_is_left_out(fault, says):
    assert formatted("it failed: %s", fault)["message"] == f"it failed: {says}"
    record = logging.LogRecord(
        "test", logging.ERROR, "f", 1, "it failed", (), (type(fault), raised(fault), fault.__traceback__)
    )
    assert json.loads(JsonLines().format(record))["traceback"].endswith(f"\n{says}")


def test_the_words_of_exceptions_are_told_to_developers(settings):
    settings.DEBUG = True
    assert formatted("%s", ValueError("Jane Doe"))["message"] == "ValueError: Jane Doe"


def test_a_fault_that_leads_to_itself_ends():
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    record = logging.LogRecord("test", logging.ERROR, "f", 1, "it failed", (), (ValueError, first, None))
    assert json.loads(JsonLines().format(record))["traceback"] == "KeyError\n\nValueError"


def test_a_librarys_objects_are_told_by_their_type(bob):
    entry = formatted("%r and %s after %d of %s", bob, ["Jane"], 3, "four")
    assert entry["message"] == "'User' and list after 3 of four"


def test_what_a_library_adds_to_a_line_is_not_in_it(bob):
    request = RequestFactory().get("/fails/a-key/?q=jane")
    entry = formatted(
        "Internal Server Error: %s", "/fails/a-key/", extra={"request": request, "user": bob, "status_code": 500}
    )
    assert set(entry) == {"time", "level", "logger", "message"}
    assert entry["message"] == "Internal Server Error"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("Forbidden (%s): %s", "CSRF cookie not set.", "/key/x/"), "Forbidden (CSRF cookie not set.)"),
        (
            ("Forbidden (%s): %s", "Referer checking failed - https://x/?a=(b)jane does not match", "/"),
            "Forbidden (Referer checking failed)",
        ),
        (("Invalid HTTP_HOST header: 'jane.example'. You may need to add 'jane.example'",), "Invalid HTTP_HOST header"),
        (("100% - sure",), "100%"),
    ],
)
def test_what_django_says_of_a_request_ends_before_what_it_quotes(args, says):
    assert formatted(*args, extra={"request": RequestFactory().get("/")})["message"] == says


def test_a_traceback_as_a_message_is_one_all_the_same():
    try:
        raise ValueError(VISITOR)
    except ValueError:
        entry = formatted(traceback.format_exc())
    assert entry["message"] == "Traceback (most recent call last):"
    assert entry["traceback"].endswith("ValueError")
    assert VISITOR not in str(entry)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("to jane.doe+x@mail.example.org: no", "to [mail]: no"),
        ("from 203.0.113.7:4711, 10.0.0.1.", "from [address]:4711, [address]."),
        ("at ::1, [2001:db8::17]:80 and ::ffff:10.0.0.1", "at [address], [[address]]:80 and [address]"),
        (
            "at 12:30:45, flights:departures, 1.2.3, key::int",
            "at 12:30:45, flights:departures, 1.2.3, key::int",
        ),
        ("<Socket client=['127.0.0.1', 80] path=b'/ws/order/key/'>", "<Socket client=['[address]', 80] path=…>"),
    ],
)
def test_addresses_never_pass(text, says):
    assert without_addresses(text) == says


# Who drives through the whole site leaves no trace of who they are


def test_nobody_is_in_the_log_or_in_the_metrics(failing, flight, source, client):
    jane = User.objects.create_superuser("jane.doe@example.org", PASSWORD, first_name="Jane-Marie", last_name="Doemann")
    secrets = {
        "jane.doe",
        "example.org",
        "Jane-Marie",
        "Doemann",
        VISITOR,
        "127.0.0.1",
        PASSWORD,
        "looked-for",
        "a-signed-key",
    }
    headers = {"X-Forwarded-For": VISITOR, "User-Agent": "Jane-Marie's own browser"}
    with httpx.Client(base_url=failing.url, headers=headers, follow_redirects=True, timeout=30) as browser:

        def submit(page, path, **data):
            token = re.search(
                r'name="csrfmiddlewaretoken" value="(\w+)"|X-CSRFToken&quot;: &quot;(\w+)', browser.get(page).text
            )
            token = token[1] or token[2] if token else browser.cookies["csrftoken"]
            return browser.post(
                path, data={"csrfmiddlewaretoken": token, **data}, headers={"Referer": failing.url + page}
            )

        login = "/accounts/login/"
        submit(login, login, login=jane.email, password="not-it-" + PASSWORD)
        assert submit(login, login, login=jane.email, password=PASSWORD).url.path != login
        secrets |= {browser.cookies["sessionid"], browser.cookies["csrftoken"]}
        seen = browser.get(f"/flights/{flight.pk}/desk/")
        assert seen.status_code == 200
        assert (
            submit(
                f"/flights/{flight.pk}/desk/", f"/flights/{flight.pk}/delay/", later=30, seen=flight.revision
            ).status_code
            == 200
        )
        flight.refresh_from_db()
        assert flight.off_block_estimated, "the delay was made"
        browser.get("/flights/?q=looked-for")
        browser.get("/accounts/password/reset/key/a-signed-key/")
        browser.get("/accounts/confirm-email/a-signed-key/")
        assert browser.get("/fails/a-signed-key/").status_code == 500
        assert browser.get("/suspects/a-signed-key/").status_code == 400
        assert browser.get("/", headers={"Host": "jane.doe.example.org"}).status_code == 400
        assert (
            browser.post(login, data={"login": jane.email}, headers={"Origin": "https://jane.doe"}).status_code == 403
        )
        assert browser.get("/nowhere/a-signed-key/").status_code == 404
        assert (
            browser.post(
                "/api/flights/updates", json=[{"airline": "Doemann"}], headers={"Authorization": f"Bearer {source.key}"}
            ).status_code
            == 200
        )
        secrets.add(source.key)
        sent = {"Cookie": f"sessionid={browser.cookies['sessionid']}", **headers}
        with failing.ws("/ws/flight-delay/", additional_headers=sent) as desk:
            desk.recv(5)
            for text in (f"{jane.email} wants", f'{{"flight": "{jane.email}", "reason": "Jane-Marie"}}', "x" * 5000):
                desk.send(text)
            with suppress(ConnectionClosed):
                while desk.recv(5):
                    pass
        for path in ("/ws/flights/?q=looked-for", "/ws/orders/a-signed-key/", "/ws/echo/?q=looked-for"):
            with failing.ws(path, additional_headers=sent) as ws, suppress(ConnectionClosed):
                ws.send(b"Jane-Marie")
                while ws.recv(5):
                    pass
        scrape = httpx.get(f"{failing.url}/metrics", headers={"Authorization": "Bearer a-key-for-metrics"}).text
        ready = browser.get("/readyz").text
    log = failing.log
    assert {entry.get("status") for entry in entries(failing)} >= {200, 302, 400, 403, 404, 500}
    assert "airside_requests_total" in scrape
    for where in (log, scrape, ready):
        assert [word for word in secrets if word in where] == []


# For a person to read


def test_plain_lines_for_a_terminal():
    lines = Lines("%(levelname)s %(name)s: %(message)s")
    assert formatted("it is %s", "here", formatter=lines) == "ERROR test: it is here"
    fault = raised(ValueError("Jane Doe"))
    record = logging.LogRecord("test", logging.ERROR, "f", 1, "it failed", (), (ValueError, fault, fault.__traceback__))
    first, *others = lines.format(record).splitlines()
    assert first == "ERROR test: it failed"
    assert len(others) > 1 and others[-1] == "ValueError"


def test_a_plain_log_leaves_requests_out(serve):
    server = serve(processes=1, AIRSIDE_LOG="plain")
    assert httpx.get(f"{server.url}/connection/").status_code == 200
    assert server.log == ""


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({}, "json"),
        ({"AIRSIDE_DEMO": "1"}, "plain"),
        ({"DEBUG": "1"}, "plain"),
        ({"AIRSIDE_DEMO": "1", "AIRSIDE_LOG": "json"}, "json"),
        ({"AIRSIDE_LOG": "plain"}, "plain"),
        ({"AIRSIDE_LOG": "loud"}, "AIRSIDE_LOG is json or plain, and not loud"),
    ],
)
def test_which_it_is(environment, says, tmp_path):
    known = {name: value for name, value in os.environ.items() if name not in {"AIRSIDE_LOG", "AIRSIDE_DEMO", "DEBUG"}}
    said = subprocess.run(
        [sys.executable, "-c", "import settings; print(settings.LOG)"],
        env={**known, "AIRSIDE_DATA": str(tmp_path), "PYTHONPATH": str(settings.BASE / "site"), **environment},
        capture_output=True,
        text=True,
    )
    assert says in said.stdout + said.stderr
    assert (said.returncode == 0) == (ImproperlyConfigured.__name__ not in said.stderr)


def test_no_id_outside_of_requests():
    assert request_id.get() is None
    assert "request_id" not in formatted("a management command says so")
