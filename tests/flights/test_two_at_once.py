"""Two agents change one flight at the same moment: one does it, the other sees what changed."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from tests.races import all_at_once, answers_at_once, faults
from tracking.flights.models import Flight, Source
from verbs.refusals import Changed

pytestmark = pytest.mark.django_db(transaction=True)


def delays(flight, count=8):
    """That many agents who set another time each, and have all seen the flight as it is now."""
    return [
        partial(mine(flight).delay, flight.off_block_scheduled + timedelta(minutes=minutes), seen=0)
        for minutes in range(20, 20 + count)
    ]


def mine(flight):
    """The flight as one more reader has it."""
    return Flight.objects.get(pk=flight.pk)


def test_of_many_who_saw_the_same_exactly_one_does_it(flight):
    ends = all_at_once(*delays(flight))
    losers = faults(ends)
    assert len(losers) == len(ends) - 1
    assert all(isinstance(end, Changed) for end in losers), losers
    flight.refresh_from_db()
    assert flight.revision == 1
    won = flight.changes.get(field="off_block_estimated").after
    assert all(won in [change.after for change in end.changes] for end in losers), "each sees what was done instead"


def test_without_the_guard_all_of_them_would(flight, monkeypatch):
    """The test above can fail: so it does without the check of the seen revision."""
    monkeypatch.setattr(Flight, "check_seen", lambda self, seen: None)
    ends = all_at_once(*delays(flight))
    assert len(faults(ends)) < len(ends) - 1


def test_no_change_is_lost_among_many(flight):
    """Each verb reads the row it locked: eight gates in a row of eight changes, each from what the one before left."""
    answers_at_once(*[partial(mine(flight).assign_gate, f"B{n}") for n in range(8)])
    flight.refresh_from_db()
    changes = list(flight.changes.order_by("revision"))
    assert [change.revision for change in changes] == list(range(1, 9))
    assert [change.before for change in changes[1:]] == [change.after for change in changes[:-1]]
    assert changes[-1].after == flight.gate


def test_of_a_new_flight_that_several_sources_tell_at_once_there_is_one(make_flight):
    """Each of their reports counts: the gate of one, the belt of another."""
    known = make_flight()
    sources = [Source.objects.issue(name)[0] for name in ("tower", "desk", "airline", "alliance")]
    updates = [{"gate": "B22"}, {"belt": "7"}, {"terminal": "5"}, {"tail": "N531JB"}]
    identity = {"airline": "B6", "number": "2020", "origin": "JFK", "date": known.date}
    new = {"destination": "BOS", "scheduled_departure": known.off_block_scheduled}
    now = timezone.now()
    moves = [
        partial(Flight.objects.report, source, identity, now, {**new, **update})
        for source, update in zip(sources, updates, strict=True)
    ]
    answers_at_once(*moves)
    flight = Flight.objects.get(number="2020")
    assert [flight.gate, flight.belt, flight.terminal, flight.tail] == ["B22", "7", "5", "N531JB"]
