"""Whether the process lives, and whether it can serve: /healthz and /readyz."""

import asyncio
import json
import socket
import threading
import time
from datetime import timedelta

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from live import health, outbox
from live.hub import Hub, hub
from tests.waiting import until
from tracking.flights.models import Source

pytestmark = pytest.mark.django_db(transaction=True)

PROBES = ["/healthz", "/readyz", "/metrics"]


@pytest.fixture(autouse=True)
def _a_busy_machine_is_waited_for(monkeypatch):
    """Here nothing but what a test lets hang is too late."""
    monkeypatch.setattr(health, "WITHIN", 20)


@pytest.fixture
def add_check(monkeypatch):
    """``add_check(job, vital=True)``: another check, called "another", until the test ends."""
    monkeypatch.setattr(health, "checks", list(health.checks))
    return lambda job, **options: health.check("another", **options)(job)


@pytest.fixture
def another(add_check, client):
    """``another(job, vital=True)``: the status of /readyz with one more check, and what became of that."""

    def ask(job, **options):
        add_check(job, **options)
        answer = client.get("/readyz")
        return answer.status_code, {
            name: said for name, said in answer.json()["checks"]["another"].items() if name != "ms"
        }

    return ask


def test_a_process_in_order_is_ready(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    said = answer.json()
    assert said["ready"]
    assert {name: check["vital"] for name, check in said["checks"].items()} == {
        "database": True,
        "hub": True,
        "layer": False,
        "post": False,
        "refunds": False,
        "feed": False,
        "orders": False,
        "webhooks": False,
    }
    assert all(check["ok"] for check in said["checks"].values())


def test_what_is_vital_and_fails_makes_it_503(another):
    def fail():
        raise OSError("cannot reach 10.1.2.3")

    assert another(fail) == (503, {"ok": False, "vital": True, "problem": "OSError"})


def test_what_is_not_vital_is_told_of(another):
    def trouble():
        raise health.Trouble("1 of 2 silent")

    assert another(trouble, vital=False) == (200, {"ok": False, "vital": False, "problem": "1 of 2 silent"})


def test_a_coroutine_may_be_a_check(another):
    async def trouble():
        raise health.Trouble("tired")

    assert another(trouble)[0] == 503


def test_a_check_that_hangs_ends_in_time_and_holds_one_thread(add_check, client, monkeypatch):
    monkeypatch.setattr(health, "WITHIN", 0.05)
    called, goes_on = [], threading.Event()

    def hang():
        called.append(1)
        goes_on.wait(10)

    add_check(hang)
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").json()["checks"]["another"]["problem"] == "no answer in 0.05 seconds"
    assert len(called) == 1, "the one that hangs is waited for, and not asked again"
    goes_on.set()
    until(lambda: client.get("/readyz").status_code == 200)


def test_a_silent_feed_is_told_of_and_takes_nobody_out(client, source):
    source.record_call()
    assert client.get("/readyz").json()["checks"]["feed"]["ok"]
    Source.objects.update(heard_at=timezone.now() - timedelta(hours=1))
    Source.objects.issue("never heard")
    answer = client.get("/readyz")
    assert answer.status_code == 200 and answer.json()["ready"]
    feed = answer.json()["checks"]["feed"]
    assert not feed["ok"] and feed["problem"] == "1 of 1 silent"
    assert source.name not in answer.text


def test_a_layer_that_is_down_is_told_of_and_takes_nobody_out(client, monkeypatch):
    async def fail(message):
        raise ConnectionError("redis://user:password@10.1.2.3:6379 refused")

    monkeypatch.setattr(outbox, "send", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["checks"]["layer"]["problem"] == "ConnectionError"


def test_a_hint_comes_through_to_a_hub_at_work(process, flight):
    with process.ws("/ws/departures/JFK/") as board:
        board.recv(5)
        ready = httpx.get(f"{process.url}/readyz").json()
    assert ready["checks"]["layer"]["ok"]


def test_a_hub_whose_heart_stops_is_not_ready(client, monkeypatch):
    class Task:
        def done(self):
            return False

    monkeypatch.setattr(hub, "tasks", [Task()])
    monkeypatch.setattr(hub.listener, "hinted", asyncio.Event())
    monkeypatch.setattr(hub.heartbeats, "beat_at", time.monotonic() - 60)
    monkeypatch.setattr(health, "WITHIN", 0.2)  # its layer is not heard of either
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["hub"]["problem"] == "no heartbeat for 10 seconds"
    assert not answer.json()["checks"]["layer"]["ok"]
    monkeypatch.setattr(hub.heartbeats, "beat_at", time.monotonic() + 60)
    until(lambda: client.get("/readyz").status_code == 200)


def test_a_hub_whose_job_has_ended_says_so():
    class Task:
        def done(self):
            return True

    stopped = Hub()
    assert stopped.fault() is None, "nobody has joined it"
    stopped.tasks = [Task()]
    assert stopped.fault() == "ended"


def test_a_database_that_hangs_is_503_in_time_and_the_process_lives(serve):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, and never says a word
        server = serve(processes=1, DATABASE_URL=f"postgres://nobody@127.0.0.1:{silent.getsockname()[1]}/nothing")
        began = time.monotonic()
        answer = httpx.get(f"{server.url}/readyz", timeout=20)
        took = time.monotonic() - began
        assert answer.status_code == 503
        assert answer.json()["checks"]["database"]["problem"] == "no answer in 2 seconds"
        assert took < 10
        why, what = [json.loads(line)["message"] for line in server.log.splitlines()]
        late = [
            f"{name}: no answer in 2 seconds" for name in ("database", "post", "refunds", "feed", "orders", "webhooks")
        ]
        assert why == f"not ready: {', '.join(late)}"
        assert what.startswith("GET readyz 503 in "), "and that is said once"
        assert httpx.get(f"{server.url}/healthz", timeout=10).text == "ok"


@pytest.mark.parametrize("address", PROBES)
def test_they_answer_by_plain_http_whatever_they_are_called(settings, address):
    settings.METRICS_KEY = "a-key"
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["airside.example"]
    answer = Client(headers={"host": "10.1.2.3:8000", "authorization": "Bearer a-key"}).get(address)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "Set-Cookie" not in answer


@pytest.mark.parametrize("address", PROBES)
def test_they_are_for_reading(client, address):
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", ["/healthz", "/metrics"])
def test_they_ask_no_database(client, django_assert_num_queries, settings, address):
    settings.METRICS_KEY = "a-key"
    with django_assert_num_queries(0):
        assert client.get(address, headers={"authorization": "Bearer a-key"}).status_code == 200


def test_all_other_addresses_mind_their_host(settings):
    settings.ALLOWED_HOSTS = ["airside.example"]
    for address in ("/connection/", "/healthz/", "/readyz/x"):
        assert Client(headers={"host": "10.1.2.3"}).get(address).status_code == 400


def test_nothing_in_it_is_anybodys(process, source):
    source.record_call()
    said = httpx.get(f"{process.url}/readyz").text
    assert source.name not in said and "127.0.0.1" not in said
    assert json.loads(said)["ready"]
