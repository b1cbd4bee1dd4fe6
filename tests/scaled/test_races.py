"""What holds where SQLite's single writer no longer does: without the row's lock, one of two changes would be lost."""

import threading
from contextlib import suppress
from functools import partial

import pytest
from django.db.models import QuerySet

from tests.flights.test_two_at_once import mine
from tests.races import answers_at_once
from tracking.flights.models import Flight

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def both_read_first(monkeypatch):
    """Neither of two verbs goes on before the other has read the flight as well, if it can."""
    barrier = threading.Barrier(2)

    def meet(self, seen):
        with suppress(threading.BrokenBarrierError):  # who can't come waits for our lock
            barrier.wait(1)

    monkeypatch.setattr(Flight, "check_seen", meet)


def revisions(flight):
    answers_at_once(*[partial(mine(flight).assign_gate, gate) for gate in ("B1", "B2")])
    return sorted(flight.changes.values_list("revision", flat=True))


def test_two_changes_of_one_flight_follow_each_other(flight, both_read_first):
    assert revisions(flight) == [1, 2]


def test_without_the_lock_they_would_not(flight, both_read_first, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self: self.all())
    assert revisions(flight) == [1, 1]
