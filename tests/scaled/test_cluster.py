"""Two processes behind nginx: both serve, both hear of each change, and either may go at any time."""

import json
import time
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from redis import Redis
from websockets.exceptions import ConnectionClosed

from live import outbox
from live.regions import find
from tests.feeding import Feed, Visitor, load
from tests.sockets import content_with
from tests.waiting import until
from tracking.flights.models import FlightChange, Source

pytestmark = pytest.mark.django_db(transaction=True)

BOARD = "/ws/departures/JFK/"


def connections(process):
    """How many are open to it, as the kernel counts them."""
    rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(row.split()[1].endswith(f":{process.port:04X}") and row.split()[3] == "01" for row in rows)


@pytest.fixture
def feed_of(make_flight):
    """``feed_of(site)``: a feed of eight flights that leave in an hour, by as many sources."""
    flights = [make_flight(number=str(number)) for number in range(100, 108)]
    keys = [Source.objects.issue(f"source {number}")[1] for number in range(8)]
    return lambda site: Feed.of(site, keys, flights)


def test_sockets_are_spread_over_both(serve, flight):
    site = serve()
    with ExitStack() as opened:
        for _ in range(20):
            opened.enter_context(site.ws(BOARD))
        assert [connections(process) for process in site.processes] == [10, 10]


def test_a_change_made_through_one_reaches_the_sockets_of_both_at_once(serve, redis, feed_of):
    """The outbox is read once a minute here: what comes sooner came through Redis."""
    site = serve(REDIS_URL=redis.url, LIVE_OUTBOX_EVERY="60")
    with ExitStack() as opened:
        sockets = [opened.enter_context(process.ws(BOARD)) for process in site.processes]
        for socket in sockets:
            content_with(socket, "102")
        until(lambda: listening(redis) == 2)
        for process, gate in zip(site.processes, ("C1", "C2"), strict=True):
            feed_of(process).report("102", gate)
            for socket in sockets:
                content_with(socket, gate)


def test_a_killed_process_loses_nothing_that_was_acknowledged(serve, feed_of):
    site = serve()
    feed, visitor = feed_of(site), Visitor(site)
    with ExitStack() as opened:
        sockets = [opened.enter_context(site.ws(BOARD)) for _ in range(10)]
        with load(feed, visitor):
            until(lambda: len(feed.taken) > 5)
            site.processes[0].kill()
            left = until(lambda: half_of(sockets), why="those of the other process stay, and no others")
            again = [opened.enter_context(site.ws(BOARD)) for _ in sockets[len(left) :]]
            before = len(feed.taken)
            until(lambda: len(feed.taken) > before + 10)
        assert len(feed.failed) <= 1, "the call that it was working on, at most"
        assert visitor.failed == [], "who only reads is answered by the other"
        assert set(feed.taken) <= gates_told()
        current = find("departures/JFK/").render().version
        for socket in [*left, *again]:
            shows(socket, current)


def test_processes_that_are_exchanged_one_by_one_lose_no_request(serve, feed_of):
    site = serve()
    feed, visitor = feed_of(site), Visitor(site)
    with load(feed, visitor):
        for process in site.processes * 2:
            before = len(feed.taken)
            until(lambda before=before: len(feed.taken) > before + 5)
            assert process.stop() == 0
            process.start()
    assert feed.failed == visitor.failed == []
    assert set(feed.taken) <= gates_told()


def test_while_no_process_answers_a_page_asks_again_by_itself(serve):
    site = serve()
    site.kill()
    answer = httpx.get(site.url)
    assert answer.status_code == 503
    assert answer.headers["Refresh"] == answer.headers["Retry-After"] == "5"
    assert "Refresh" not in httpx.post(site.url).headers, "who sent something is not sent to the same address again"
    site.start()
    assert httpx.get(site.url).status_code == 200


def test_what_each_process_counts_is_not_told_through_nginx(serve):
    assert httpx.get(f"{serve().url}/metrics").status_code == 404


def gates_told():
    return set(FlightChange.objects.filter(field="gate").values_list("after", flat=True))


def listening(redis):
    """How many processes listen for hints."""
    with Redis.from_url(redis.url) as asked:
        ((_, number),) = asked.pubsub_numsub(f"asgi__group__{outbox.GROUP}")
    return number


def half_of(sockets):
    """Those that are not cut, once some are: nginx spreads them over both processes."""
    left = [socket for socket in sockets if not is_cut(socket)]
    return left if 2 < len(left) < 8 else None


def is_cut(socket):
    try:
        socket.recv(0.5)
        while True:
            socket.recv(0.01)
    except TimeoutError:
        return False
    except ConnectionClosed:
        return True


def shows(socket, version, seconds=10):
    """Read up to the frame that brings this version."""
    deadline = time.monotonic() + seconds
    while json.loads(socket.recv(max(deadline - time.monotonic(), 0.01))).get("v") != version:
        pass
