"""What /metrics counts, and who may ask."""

import asyncio
import socket
import time
from collections import Counter

import httpx
import pytest
from django.db import transaction
from django.urls import get_resolver
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from live import outbox
from live.heartbeats import Heartbeats
from live.models import Publish
from live.regions import Region, find
from live.rendering import Watched
from tests.live.people import TOPIC, Browser, People, working_hub
from tests.server.test_server import set_gate
from tests.sockets import next_frame
from tests.waiting import until, until_async
from tracking.flights import topics
from tracking.flights.models import Flight

pytestmark = pytest.mark.django_db(transaction=True)

BOARD = "/ws/departures/JFK/"
KEY = {"Authorization": "Bearer a-key-for-metrics"}


class Scrape:
    """One answer of /metrics: ``scrape("airside_sockets", region="DeparturesBoard")`` is a value, 0 where there is none."""

    def __init__(self, server):
        answer = httpx.get(f"{server.url}/metrics", headers=KEY, timeout=30)
        assert answer.status_code == 200
        self.text = answer.text
        self.samples = [sample for family in text_string_to_metric_families(self.text) for sample in family.samples]

    def __call__(self, name, **labels):
        return sum(
            sample.value for sample in self.samples if sample.name == name and labels.items() <= sample.labels.items()
        )

    def values(self, label):
        return {sample.labels[label] for sample in self.samples if label in sample.labels}


def scrape_until(server, condition, seconds=20):
    """Ask what it counts until that is so; the Scrape."""

    def asked():
        scrape = Scrape(server)
        return scrape if condition(scrape) else None

    return until(asked, seconds)


@pytest.fixture
def counting(serve):
    """``counting(LIVE_BEAT_EVERY="1")``: one process of the test's own that may be asked what it counts."""
    return lambda **environment: serve(processes=1, AIRSIDE_METRICS_KEY="a-key-for-metrics", **environment)


# Who may ask


def test_without_a_key_there_is_no_such_address(client, settings):
    settings.METRICS_KEY = ""
    for authorization in ("", "Bearer ", "Bearer None"):
        assert client.get("/metrics", headers={"authorization": authorization}).status_code == 404


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Bearer a-key-for-metric", "a-key-for-metrics", "Bearer ä"]
)
def test_a_wrong_key_is_told_so(client, settings, authorization):
    settings.METRICS_KEY = "a-key-for-metrics"
    answer = client.get("/metrics", headers={"authorization": authorization})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert "airside" not in answer.text


def test_both_formats_of_prometheus(client, settings):
    settings.METRICS_KEY = "a-key-for-metrics"
    headers = {"authorization": KEY["Authorization"]}
    assert client.get("/metrics", headers=headers)["Content-Type"].startswith("text/plain")
    openmetrics = client.get("/metrics", headers={**headers, "accept": "application/openmetrics-text; version=1.0.0"})
    assert openmetrics["Content-Type"].startswith("application/openmetrics-text")
    assert openmetrics.text.endswith("# EOF\n")


# Sockets and what they are sent


def test_who_watches_and_what_they_were_sent(counting, flight):
    server = counting(LIVE_BEAT_EVERY="1")
    with server.ws(BOARD) as first, server.ws(f"{BOARD}?v=old") as second, server.ws("/ws/arrivals/JFK/") as third:
        for ws in (first, second, third):
            next_frame(ws)
        flight.assign_gate("B22")
        for ws in (first, second):
            assert "from" in next_frame(ws)
        scrape = scrape_until(server, lambda scrape: scrape("airside_frames_sent_total", kind="beat") >= 3)
        assert scrape("airside_sockets", region="DeparturesBoard") == 2
        assert scrape("airside_sockets", region="ArrivalsBoard") == 1
        assert scrape("airside_sockets") == 3
        assert scrape("airside_sockets_waiting") == 0
        assert scrape("airside_regions", region="DeparturesBoard") == 1
        assert scrape("airside_sockets_opened_total", region="DeparturesBoard") == 2
        assert scrape("airside_frames_sent_total", kind="snapshot") == 3
        assert scrape("airside_frames_sent_total", kind="change") == 2
        assert scrape("airside_resyncs_total", region="DeparturesBoard") == 1, "the one that came with a version"
        assert scrape("airside_render_seconds_count", region="DeparturesBoard") >= 2
        assert 0 < scrape("airside_render_seconds_sum", region="DeparturesBoard") < 60
        assert scrape("airside_signal_to_send_seconds_count", region="DeparturesBoard") == 1
        assert 0 < scrape("airside_signal_to_send_seconds_sum", region="DeparturesBoard") < 60
        assert scrape("airside_signal_to_send_seconds_count", region="ArrivalsBoard") == 0
    scrape = scrape_until(server, lambda scrape: scrape("airside_sockets") == scrape("airside_regions") == 0)
    assert scrape("airside_sockets_closed_total", code="1000") == 3


def test_a_rendering_that_changes_nothing_was_sent_to_nobody(counting, flight):
    server = counting()
    with server.ws(f"{BOARD}?v={find('departures/JFK/').render().version}"):
        scrape_until(server, lambda scrape: scrape("airside_render_seconds_count", region="DeparturesBoard") == 1)
        outbox.publish(topics.board("JFK"))
        scrape = scrape_until(server, lambda scrape: scrape("airside_render_seconds_count") == 2)
    assert scrape("airside_signal_to_send_seconds_count") == scrape("airside_frames_sent_total", kind="change") == 0


def test_hints_and_what_only_the_outbox_told(counting, flight, source):
    Publish.objects.create(topic="before-it-started")
    server = counting()
    with server.ws(BOARD) as board:
        next_frame(board)
        scrape_until(server, lambda scrape: scrape("airside_signals_total", way="start"))
        Publish.objects.create(topic=topics.board("JFK"))  # nobody hints
        scrape = scrape_until(server, lambda scrape: scrape("airside_signals_total", way="outbox") == 1)
        assert scrape("airside_signals_total", way="hint") == 0
        for gate in ("C1", "C2", "C3", "C4", "C5"):
            assert set_gate(server, source, flight, gate).json()["accepted"] == 1
            while gate not in next_frame(board)["content"]:
                pass
            if (scrape := Scrape(server))("airside_signals_total", way="hint"):
                break  # of a change whose hint takes long the outbox may have told before
        assert scrape("airside_signals_total", way="hint")
        each_once = Publish.objects.count()
        scrape_until(server, lambda scrape: scrape("airside_signals_total") == each_once)


@pytest.fixture
def long_board(make_flight):
    """A verb whose change is a long frame: every row of a board, at once."""
    for number in range(1, 301):
        make_flight(minutes=60 + number // 2, number=str(number))

    def move_all(gate):
        with transaction.atomic():
            Flight.objects.update(gate=gate)
            outbox.publish(topics.board("JFK"))

    return move_all


def test_readers_that_stall(counting, long_board):
    server = counting(LIVE_STALLED_AFTER="1")
    path = f"{BOARD}?v={find('departures/JFK/').render().version}"
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.connect(("127.0.0.1", server.port))
    with server.ws(path) as quick, server.ws(path, sock=narrow, max_queue=1, close_timeout=0.1):
        number, deadline = 10, time.monotonic() + 20
        while not (scrape := Scrape(server))("airside_slow_readers_total", region="DeparturesBoard"):
            assert time.monotonic() < deadline
            number += 1
            long_board(f"Z{number}")
            while f"Z{number}" not in next_frame(quick)["content"]:
                pass
        assert scrape("airside_sockets_waiting") <= 1
        scrape = scrape_until(server, lambda scrape: scrape("airside_sockets_dropped_total", reason="stalled"))
        assert scrape("airside_sockets_dropped_total", reason="stalled") == 1
        scrape_until(server, lambda scrape: scrape("airside_sockets", region="DeparturesBoard") == 1)


def test_the_connection_check(counting):
    server = counting()
    with server.ws("/ws/echo/") as ws:
        ws.send("here")
        ws.recv(5)
        scrape = Scrape(server)
        assert scrape("airside_echo_sockets") == scrape("airside_echoed_total") == 1
        assert scrape("airside_sockets") == 0
    scrape_until(server, lambda scrape: scrape("airside_echo_sockets") == 0)


def test_close_codes_and_only_those_that_mean_something(counting, flight):
    server = counting()
    for code in (1001, 4999, 3210):
        with server.ws(BOARD) as ws:
            ws.close(code)
    for path in ("/ws/flight-delay/", "/ws/nothing/"):
        with server.ws(path):
            pass
    with server.ws(BOARD) as ws:
        ws.send("what it does not take")
    expected = {"1001": 1, "other": 2, "4401": 1, "4404": 1, "1008": 1}
    scrape = scrape_until(
        server,
        lambda scrape: all(scrape("airside_sockets_closed_total", code=code) == n for code, n in expected.items()),
    )
    assert scrape.values("code") == set(expected)


# What goes wrong


def counted(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0


def test_failures_of_renderings_and_of_the_outbox(db, settings, monkeypatch):
    settings.LIVE = {**settings.LIVE, "outbox_every": 0.05}
    renders, reads = (
        lambda: counted("airside_render_failures_total", region="People"),
        lambda: counted("airside_hub_failures_total", job="outbox"),
    )
    before = renders(), reads()

    def fail(*args):
        raise RuntimeError("the database went away")

    async def body():
        region = People()
        region.hook = fail
        monkeypatch.setattr(outbox, "since", fail)

        async with working_hub() as hub:
            hub.join(region, [TOPIC], Browser("").socket)
            await until_async(lambda: renders() > before[0] and reads() > before[1])

    asyncio.run(asyncio.wait_for(body(), 60))


def test_one_that_stalls_is_dropped_once(settings, monkeypatch):
    """However long its connection then takes to end."""
    settings.LIVE = {**settings.LIVE, "stalled_after": 0}
    before = counted("airside_sockets_dropped_total", reason="stalled")

    async def body():
        watched = Watched(People(), [TOPIC], None, None)
        heartbeats = Heartbeats({TOPIC: watched})
        stalls = Browser("")
        stalls.reads.clear()
        watched.sockets.add(stalls.socket)
        assert stalls.socket.push("a frame that nobody reads")
        with monkeypatch.context() as patch:
            real = asyncio.sleep
            patch.setattr(asyncio, "sleep", lambda seconds: real(0))
            await heartbeats.beat()
            await heartbeats.beat()

    asyncio.run(body())
    assert counted("airside_sockets_dropped_total", reason="stalled") == before + 1


def test_who_comes_when_there_are_too_many_regions(settings, monkeypatch):
    monkeypatch.setattr("live.hub.MAX_REGIONS", 0)
    before = counted("airside_sockets_dropped_total", reason="full")

    async def body():
        async with working_hub() as hub:
            assert not hub.join(People(), [TOPIC], Browser("").socket)

    asyncio.run(body())
    assert counted("airside_sockets_dropped_total", reason="full") == before + 1


# Requests


def test_requests_by_status_and_by_the_name_of_their_view(counting, flight):
    server = counting()
    paths = ["/", f"/flights/{flight.pk}/", "/flights/?q=B6", "/nowhere/at-all/", "/static/js/live.js", "/healthz"]
    answers = [httpx.get(server.url + path) for path in paths] + [httpx.request("ODD-WORD", server.url)]
    expected = Counter(f"{answer.status_code // 100}xx" for answer in answers)
    assert {"2xx", "4xx"} <= set(expected)
    scrape = Scrape(server)
    for status in ("2xx", "3xx", "4xx", "5xx"):
        assert scrape("airside_requests_total", status=status) == expected[status]
    counts = {view: scrape("airside_request_seconds_count", view=view) for view in scrape.values("view")}
    assert counts == {"front": 2, "flights:flight": 1, "flights:found": 1, "none": 1, "static": 1, "healthz": 1}
    assert scrape("airside_request_seconds_sum", view="front") > 0


def test_labels_are_few_and_name_nobody(counting, flight):
    """Whatever is asked for: each value is one of those that the code has names for."""
    server = counting()
    for number in range(5):
        httpx.get(f"{server.url}/flights/{flight.pk + number}/?q=jane-doe{number}")
        httpx.get(f"{server.url}/accounts/password/reset/key/{number}-secret{number}/")
        with server.ws(f"/ws/flights/?q=jane-doe{number}") as ws:
            next_frame(ws)
    scrape = Scrape(server)
    assert scrape.values("region") <= {cls.__name__ for cls in Region.classes}
    assert scrape.values("view") <= {"none", "static"} | view_names(get_resolver())
    assert "jane-doe" not in scrape.text and "secret" not in scrape.text
    assert len(scrape.samples) < 600


def view_names(resolver, namespace=""):
    names = set()
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            names |= view_names(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        else:
            names.add(f"{namespace}{entry.name}")
    return names


def test_every_metric_is_told_of_in_the_docs(settings):
    """A metric that nobody explains is read by nobody."""
    told = (settings.BASE / "docs/operating.md").read_text()
    ours = {family.name for family in REGISTRY.collect() if family.name.startswith("airside_")}
    assert {name for name in ours if f"`{name}" not in told} == set()
