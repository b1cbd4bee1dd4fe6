"""Region sockets over the real server: what arrives on connect, what changes, who may look, what may come up."""

import json
import re
import time
from datetime import timedelta

import httpx
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from live.regions import find
from tests.clients import socket_of
from tests.sockets import close_code, next_frame, silence
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

BOARD = "/ws/departures/JFK/"


def test_who_shows_nothing_gets_a_snapshot_that_is_the_fragment(server, flight, client):
    with server.ws(BOARD) as socket:
        frame = next_frame(socket)
    fragment = client.get("/live/departures/JFK/")
    assert (
        frame["content"] == f'<hx-partial hx-target="#departures-JFK" hx-swap="innerMorph">{fragment.text}</hx-partial>'
    )
    assert fragment["ETag"] == f'"{frame["v"]}"'


def test_page_fragment_and_push_are_the_same_html(server, flight, client):
    page = client.get("/flights/JFK/departures/").text
    fragment = client.get("/live/departures/JFK/").text
    assert fragment in page
    with server.ws(BOARD) as socket:
        assert fragment in next_frame(socket)["content"]


def test_who_shows_the_current_version_gets_nothing_until_it_changes(server, flight):
    shown = find("departures/JFK/").render().version
    with server.ws(f"{BOARD}?v={shown}") as socket:
        with silence(socket):
            pass
        flight.assign_gate("B22")
        frame = next_frame(socket)
    assert frame["from"] == shown
    assert frame["v"] == find("departures/JFK/").render().version
    assert re.findall(r'hx-target="#([^"]+)"', frame["content"]) == [f"departure-{flight.pk}"]
    assert "B22" in frame["content"]
    assert len(json.dumps(frame)) <= 2048


def test_a_board_is_not_told_of_another_airports_flights(server, flight, make_flight):
    other = make_flight(number="9", origin="SFO", destination="LHR")
    shown = find("departures/JFK/").render().version
    with server.ws(f"{BOARD}?v={shown}") as socket, silence(socket):
        other.assign_gate("F1")


def until_hints_arrive(server):
    """Wait until the hub of each process of the server hears hints: /readyz sends one, and says whether it came."""
    for process in getattr(server, "processes", [server]):
        until(lambda process=process: httpx.get(f"{process.url}/readyz").json()["checks"]["layer"]["ok"])


def test_a_hint_reaches_every_browser_at_once(serve, flight, bob):
    """The outbox is read once a minute here: what comes sooner came by the hint."""
    server = serve(LIVE_OUTBOX_EVERY="60", LIVE_HINT_WITHIN="20")
    expected = flight.off_block_scheduled + timedelta(minutes=40)
    message = {"flight": flight.pk, "estimated_departure": expected.isoformat(), "reason": "93"}
    with server.ws(BOARD) as board, socket_of(server, bob, "/ws/flight-delay/") as desk:
        next_frame(board)
        next_frame(desk)
        until_hints_arrive(server)
        desk.send(json.dumps(message))
        assert "content" in next_frame(board)


def test_the_first_heartbeat_comes_with_the_connection(serve, flight):
    """A page that was asleep has to know at once what time it is; all others come once an hour here."""
    with serve(LIVE_BEAT_EVERY="3600").ws(BOARD) as socket:
        while "beat" not in json.loads(socket.recv(20)):
            pass


def test_heartbeats_come(serve, flight):
    server = serve(LIVE_BEAT_EVERY="1")
    with server.ws(BOARD) as socket:
        beats = [frame for frame in (json.loads(socket.recv(20)) for _ in range(3)) if "beat" in frame]
    assert beats[0]["beat"] == settings.RELEASE
    assert abs(beats[0]["at"] - time.time()) < 30


def test_no_such_airport_and_no_such_address_are_4404(server, airports):
    for path in ("/ws/departures/XXX/", "/ws/nothing/here/"):
        with server.ws(path) as socket:
            assert close_code(socket) == 4404


@pytest.mark.parametrize("sent", ["hello", b"\x00\x01"])
def test_a_board_takes_no_texts(server, flight, sent):
    with server.ws(BOARD) as socket:
        next_frame(socket)
        socket.send(sent)
        assert close_code(socket) == 1008


def test_the_echo_answers_and_is_limited(server):
    with server.ws("/ws/echo/") as socket:
        socket.send("ping")
        assert socket.recv(5) == "ping"
        for _ in range(40):
            socket.send("again")
        assert close_code(socket) == 1008


def test_the_fragment_is_304_while_nothing_changed(flight, client):
    first = client.get("/live/departures/JFK/")
    assert client.get("/live/departures/JFK/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get("/live/departures/JFK/", headers={"If-None-Match": f"W/{first['ETag']}"}).status_code == 304
    flight.assign_gate("B22")
    second = client.get("/live/departures/JFK/", headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert second["ETag"] != first["ETag"]


def test_a_public_fragment_reads_no_session(flight, client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/live/departures/JFK/")
    assert queries.captured_queries
    assert not [query["sql"] for query in queries.captured_queries if "session" in query["sql"]]
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


def test_languages_are_regions_of_their_own(server, flight):
    with server.ws(f"{BOARD}?lang=de") as german, server.ws(f"{BOARD}?lang=nonsense") as default:
        assert next_frame(german)["v"] != next_frame(default)["v"] == find("departures/JFK/").render().version
