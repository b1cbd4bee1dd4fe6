import re
import time
from collections import defaultdict
from contextlib import contextmanager

import httpx
import pytest
from django.db import transaction

from live.outbox import publish
from live.regions import find
from tests.feeding import Feed
from tests.live.dom import Dom
from tracking.flights import topics
from tracking.flights.models import Flight, Source


@pytest.fixture
def long_board(make_flight):
    """A board of 300 flights. Gives a change of all of them at once: ``move_all("B7")``."""
    for number in range(1, 301):
        make_flight(minutes=60 + number // 2, number=str(number))

    def move_all(gate):
        with transaction.atomic():
            Flight.objects.update(gate=gate)
            publish(topics.board("JFK"))

    return move_all


class OpenPage:
    """A page as it was served, and its socket: ``until_current()`` takes frames until it equals a fresh rendering.

    ``gates`` has for each row the gates that it has shown one after the other, where they are numbered: A0, A1, …
    """

    def __init__(self, address, shown, socket):
        self.address, self.socket = address, socket
        self.dom = Dom(shown.region_id, shown.html, shown.version)
        self.frames = 0
        self.gates = defaultdict(list)
        self.look()

    def until_current(self, seconds=10):
        deadline = time.monotonic() + seconds
        while self.dom.version != (now := find(self.address).render()).version:
            self.take(max(deadline - time.monotonic(), 0.01))
        assert self.dom.html == now.html

    def take(self, seconds):
        text = self.socket.recv(seconds)
        self.frames += "content" in text
        assert self.dom.take(text), "a frame for a version that is not shown"
        self.look()

    def look(self):
        for row_id, row in self.dom.rows.items():
            if gate := re.search(r'class="gate">A(\d+)<', row):
                self.gates[row_id].append(int(gate[1]))

    def showed_nothing_older(self):
        return all(gates == sorted(gates) for gates in self.gates.values())


@pytest.fixture
def open_page():
    """``with open_page(server, "departures/JFK/") as page``: an OpenPage."""

    @contextmanager
    def open_page(server, address, **options):
        shown = find(address).render()
        joined = "&" if "?" in address else "?"
        with server.ws(f"/ws/{address}{joined}v={shown.version}", **options) as socket:
            yield OpenPage(address, shown, socket)

    return open_page


METRICS_KEY = "a-key"


def counted(server, series):
    """What a process that has METRICS_KEY has counted: the sum of all that this name of /metrics has."""
    answer = httpx.get(f"{server.url}/metrics", headers={"Authorization": f"Bearer {METRICS_KEY}"})
    return sum(map(float, re.findall(rf"^{series}{{.*}} (.+)$", answer.text, re.M)))


@pytest.fixture
def feed_of(flight):
    """``feed_of(server)``: a feed that sets the flight's gates; its sources have all been heard a moment ago."""
    keys = []
    for number in range(8):  # one may call only so often
        source, key = Source.objects.issue(f"source {number}")
        source.record_call()
        keys.append(key)
    return lambda server: Feed.of(server, keys, [flight])
