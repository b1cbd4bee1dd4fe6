"""What several requests ask for at the same time is read once; nobody gets what is older than the own request."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal

import pytest
from django.http import Http404
from django.template import Context, Template

import shared_reads
from bookings.events.attendees.choosing import public_event
from live.regions import find
from server.concurrency import limit_concurrency
from shared_reads import read_once
from tests.waiting import until

LIVE = Template("{% load live %}{% live region %}")


@pytest.fixture(autouse=True)
def nothing_read(monkeypatch):
    monkeypatch.setattr(shared_reads, "slots", type(shared_reads.slots)())


@pytest.fixture
def came(rf):
    """``came(seconds)``: a request that came so many seconds ago."""

    def make(ago=0.0):
        request = rf.get("/")
        request.scope = {"arrived": time.monotonic() - ago}
        return request

    return make


def page_part(request, region):
    """A region as a page has it."""
    return LIVE.render(Context({"request": request, "region": region}))


class Counter:
    """Counts how often it is read."""

    def __init__(self):
        self.number = 0

    def __call__(self):
        self.number += 1
        return self.number


def test_those_who_came_before_a_reading_share_it(came):
    early, earlier, read = came(2), came(3), Counter()
    assert read_once(early, "menu", read) == 1
    assert read_once(earlier, "menu", read) == 1
    assert read_once(early, "other", read) == 2


def test_who_comes_after_a_reading_reads_anew(came):
    read = Counter()
    assert [read_once(came(), "menu", read) for _request in range(3)] == [1, 2, 3]


def test_a_request_that_does_not_say_when_it_came_reads_for_itself(rf, came):
    read, early = Counter(), came(5)
    assert [read_once(request, "menu", read) for request in (early, rf.get("/"), None, early)] == [1, 2, 3, 1]


def test_a_reading_that_fails_is_nobody_elses(came):
    early = came(5)

    def fail():
        raise Http404

    for _time in range(2):
        with pytest.raises(Http404):
            read_once(early, "menu", fail)
    assert read_once(early, "menu", Counter()) == 1


def test_many_at_the_same_moment_read_once(came):
    requests, read, go_on = [came(1) for _number in range(8)], Counter(), Signal()

    def slowly():
        go_on.wait(10)
        return read()

    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(read_once, request, "menu", slowly) for request in requests]
        until(lambda: shared_reads.slots["menu"].lock.locked())
        go_on.set()
        assert [answer.result() for answer in answers] == [1] * 8


def test_a_reading_that_hangs_holds_nobody_up(came, monkeypatch):
    monkeypatch.setattr(shared_reads, "PATIENCE", 0.01)
    early, go_on = came(1), Signal()
    with ThreadPoolExecutor(1) as threads:
        hangs = threads.submit(read_once, early, "menu", lambda: go_on.wait(10))
        until(lambda: shared_reads.slots["menu"].lock.locked())
        assert read_once(came(1), "menu", Counter()) == 1
        go_on.set()
        assert hangs.result()


def test_few_readings_are_kept(came):
    early = came(5)
    for number in range(3 * shared_reads.MOST):
        read_once(early, number, lambda number=number: number)
    assert len(shared_reads.slots) == shared_reads.MOST
    read = Counter()
    assert read_once(early, 3 * shared_reads.MOST - 1, read) == 3 * shared_reads.MOST - 1
    assert read_once(early, 0, read) == 1


def test_each_request_says_when_it_came():
    """Before it waits for its turn."""
    scopes = []

    async def application(scope, receive, send):
        scopes.append(scope)

    scope = {"type": "http", "path": "/", "method": "GET", "client": ["10.0.0.1", 1], "headers": []}
    before = time.monotonic()
    asyncio.run(limit_concurrency(application, 8)(scope, None, None))
    assert before <= scopes[0]["arrived"] <= time.monotonic()


def test_what_an_event_has_left_is_never_older_than_the_request(came, event, register):
    early, earlier, hall = came(1), came(2), event.quotas.get().pk
    assert public_event(early, "concert").places.free(hall) == 10
    register(3)
    assert public_event(earlier, "concert").places.free(hall) == 10
    assert public_event(came(), "concert").places.free(hall) == 7


def test_a_public_region_is_rendered_once_for_all_who_came_before(came, event, register, rf):
    early = came(1)
    first = page_part(early, find("event-places/concert/"))
    assert "10 places left" in first
    register(3)
    assert page_part(early, find("event-places/concert/")) == first
    for request in (came(), rf.get("/")):
        assert "7 places left" in page_part(request, find("event-places/concert/"))


def test_a_region_for_one_person_is_rendered_for_each(came, register):
    early, registration = came(1), register()
    page_part(early, find(f"registration/{registration.token}/"))
    registration.cancel()
    assert "Cancelled by you" in page_part(early, find(f"registration/{registration.token}/"))
