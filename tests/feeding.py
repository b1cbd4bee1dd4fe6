"""Load on a site while a test does something to it: a feed that writes without a pause, and a visitor who reads."""

import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from itertools import count, cycle
from zoneinfo import ZoneInfo

import httpx
from django.utils import timezone

NEW_YORK = ZoneInfo("America/New_York")


class Feed(threading.Thread):
    """Sets gates A0, A1, … of B6 flights from JFK, one after another; ``taken`` are those that were acknowledged.

    ``numbers`` are the flights'; they leave at ``leaves``, and are made if they are new. JFK is in the time zone ``zone``.
    With several ``keys`` it is as many sources, each of which may call only so often.
    """

    def __init__(self, site, keys, numbers, leaves, zone=NEW_YORK):
        super().__init__()
        self.url, self.numbers, self.leaves = f"{site.url}/api/flights/updates", numbers, leaves
        self.day = timezone.localdate(leaves, zone)
        self.keys = cycle(keys)
        self.taken, self.failed = [], []
        self.ended = threading.Event()

    @classmethod
    def of(cls, site, keys, flights):
        """One that sets the gates of these flights, which leave JFK together."""
        numbers = [flight.number for flight in flights]
        return cls(site, keys, numbers, flights[0].off_block_scheduled, flights[0].origin.tz)

    def run(self):
        for turn in count():
            if self.ended.is_set():
                return
            self.report(self.numbers[turn % len(self.numbers)], f"A{turn}")

    def report(self, number, gate):
        try:
            answer = httpx.post(
                self.url,
                json=[self.update(number, gate)],
                headers={"Authorization": f"Bearer {next(self.keys)}"},
                timeout=30,
            )
            if answer.status_code == 429:
                time.sleep(0.1)
            elif answer.status_code == 200 and answer.json()["accepted"] == 1:
                self.taken.append(gate)
            else:
                self.failed.append(answer.text)
        except httpx.HTTPError as fault:
            self.failed.append(repr(fault))

    def update(self, number, gate):
        return {
            "airline": "B6",
            "airline_name": "JetBlue Airways",
            "number": number,
            "origin": "JFK",
            "date": str(self.day),
            "destination": "BOS",
            "scheduled_departure": self.leaves.isoformat(),
            "scheduled_arrival": (self.leaves + timedelta(minutes=75)).isoformat(),
            "reported_at": timezone.now().isoformat(),
            "gate": gate,
        }


class Visitor(threading.Thread):
    """Asks for a page again and again; ``failed`` has what was no page. How often it has ``asked``, and was ``answered``."""

    def __init__(self, site, path="/flights/JFK/departures/"):
        super().__init__()
        self.url, self.failed, self.ended = site.url + path, [], threading.Event()
        self.asked = self.answered = 0

    def run(self):
        while not self.ended.is_set():
            self.asked += 1
            try:
                answer = httpx.get(self.url, timeout=30)
                self.answered += 1
                if answer.status_code != 200:
                    self.failed.append(answer.status_code)
            except httpx.HTTPError as fault:
                self.failed.append(repr(fault))


@contextmanager
def load(*threads):
    """They run while the block does."""
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.ended.set()
        for thread in threads:
            thread.join()
