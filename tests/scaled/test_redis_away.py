"""Redis goes, stalls and comes back: pages answer, people sign in, feeds are taken, and boards stay current."""

import signal
import time

import httpx
import pytest

from tests.clients import sign_in
from tests.feeding import Feed
from tests.scaled.test_cluster import BOARD, listening
from tests.sockets import content_with
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a-long-enough-password"


@pytest.fixture
def site(serve, redis):
    return serve(REDIS_URL=redis.url)


def everything_works(site, feed, flight, user, gate):
    for path in ("/", "/flights/JFK/departures/", "/accounts/login/", "/healthz"):
        assert httpx.get(site.url + path, timeout=30).status_code == 200, path
    client, _answer = sign_in(site.url, user.email, PASSWORD)
    assert client.get("/accounts/email/").status_code == 200, "the next page knows who it is"
    with site.processes[0].ws(BOARD) as one, site.processes[1].ws(BOARD) as other:
        for socket in (one, other):
            content_with(socket, flight.number)
        feed.report(flight.number, gate)
        assert feed.taken[-1:] == [gate], feed.failed
        for socket in (one, other):
            content_with(socket, gate)


@pytest.fixture
def alice(alice):
    alice.set_password(PASSWORD)
    alice.save()
    return alice


def test_everything_works_while_it_is_gone_and_after(redis, site, flight, source, alice):
    feed = Feed.of(site, [source.key], [flight])
    everything_works(site, feed, flight, alice, "A1")
    redis.kill()
    everything_works(site, feed, flight, alice, "A2")
    redis.start()
    everything_works(site, feed, flight, alice, "A3")
    assert "hint lost" in site.log and "the cache is in memory" in site.log
    assert "traceback" not in site.log


def test_hints_come_through_it_again_after_a_restart(serve, redis, flight, source):
    """The outbox is read once a minute here: what comes sooner came through Redis."""
    site = serve(REDIS_URL=redis.url, LIVE_OUTBOX_EVERY="60")
    feed = Feed.of(site, [source.key], [flight])
    with site.processes[0].ws(BOARD) as one, site.processes[1].ws(BOARD) as other:
        content_with(one, flight.number)
        content_with(other, flight.number)
        until(lambda: listening(redis) == 2)
        redis.end()
        redis.start()
        until(lambda: listening(redis) == 2)
        feed.report(flight.number, "A1")
        content_with(one, "A1")
        content_with(other, "A1")


def test_nobody_waits_long_for_one_that_does_not_answer(redis, site, flight, source):
    feed = Feed.of(site, [source.key], [flight])
    with site.ws(BOARD) as socket:
        content_with(socket, flight.number)
        feed.report(flight.number, "A1")
        content_with(socket, "A1")
        redis.process.send_signal(signal.SIGSTOP)
        try:
            before = time.monotonic()
            feed.report(flight.number, "A2")
            assert feed.taken[-1] == "A2" and time.monotonic() - before < 10
            content_with(socket, "A2")
        finally:
            redis.process.send_signal(signal.SIGCONT)
    assert feed.failed == []


def test_a_call_with_many_changes_waits_once_for_a_redis_that_hangs(redis, serve, flight, make_flight, source):
    """Each update of a feed is a transaction of its own, and publishes."""
    flights = [flight, *[make_flight(number=str(number)) for number in range(900, 919)]]
    site = serve(REDIS_URL=redis.url)
    feed = Feed.of(site, [source.key], flights)
    feed.report(flight.number, "A0")
    redis.process.send_signal(signal.SIGSTOP)
    try:
        updates = [feed.update(number, "A1") for number in feed.numbers]
        headers = {"Authorization": f"Bearer {source.key}"}
        answer = httpx.post(f"{site.url}/api/flights/updates", json=updates, headers=headers, timeout=60)
        assert answer.json()["accepted"] == len(flights), answer.text
        assert site.log.count("hint lost") == 1
    finally:
        redis.process.send_signal(signal.SIGCONT)


def test_hints_come_again_once_it_goes_on(serve, redis, flight, source):
    """The outbox is read once a minute here: what comes sooner came by a hint."""
    site = serve(REDIS_URL=redis.url, LIVE_OUTBOX_EVERY="60")
    feed = Feed.of(site, [source.key], [flight])
    with site.processes[0].ws(BOARD) as one, site.processes[1].ws(BOARD) as other:
        content_with(one, flight.number)
        content_with(other, flight.number)
        until(lambda: listening(redis) == 2)
        redis.process.send_signal(signal.SIGSTOP)
        try:
            feed.report(flight.number, "A1")
            until(lambda: "hint lost" in site.log)
        finally:
            redis.process.send_signal(signal.SIGCONT)
        until(lambda: listening(redis) == 2)
        gates = (f"B{number}" for number in range(1, 99))

        def comes():
            """Each report may be the one that tries Redis again, a few seconds after it was lost."""
            feed.report(flight.number, gate := next(gates))
            try:
                return bool(content_with(one, gate, seconds=1) and content_with(other, gate, seconds=1))
            except (TimeoutError, AssertionError):
                return False

        until(comes)
    assert feed.failed == []
