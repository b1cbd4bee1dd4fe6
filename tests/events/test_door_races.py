"""Several doors at the same moment: one entry for a ticket, no more people than the fire limit. On both databases."""

import threading
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection

from bookings.events.models import CheckInList, Hall, Reason, Scan, Way, scanning
from tests.cast.doors import people_inside
from tests.races import all_at_once, answers_at_once

pytestmark = pytest.mark.django_db(transaction=True)

DOORS = 6


def fresh(press):
    """As another request has it: with rows of its own."""
    list_ = CheckInList.objects.select_related("event__hall").get(pk=press.list.pk)
    return Scan.objects.press(scanning.Press(list_, press.ticket, press.key, press.door, press.by, press.way))


def at_all_doors(presses):
    return answers_at_once(*[lambda one=one: fresh(one) for one in presses])


@pytest.mark.parametrize("_round", range(3))
def test_one_ticket_at_many_doors_enters_once(press, tickets, _round):
    [ticket] = tickets()
    scans = at_all_doors([press(ticket, f"Door {number}") for number in range(DOORS)])
    [entry] = [one for one in scans if one.let_in]
    assert all(one.reason == Reason.ALREADY_REDEEMED and one.earlier == entry for one in scans if one != entry)
    assert people_inside(ticket.event) == 1


def test_one_key_sent_many_times_at_once_is_one_scan(press, tickets):
    [ticket] = tickets()
    scans = at_all_doors([press(ticket, key=uuid4())] * DOORS)
    assert len({one.pk for one in scans}) == 1 and scans[0].let_in and Scan.objects.count() == 1


def test_no_more_people_than_the_fire_limit(press, tickets):
    Hall.objects.update(fire_limit=2)
    scans = at_all_doors([press(ticket) for ticket in tickets(DOORS)])
    assert sum(one.let_in for one in scans) == 2
    assert {one.reason for one in scans if not one.let_in} == {Reason.FULL}


def test_entries_and_exits_at_once_never_count_fewer_than_nobody(press, tickets):
    [ticket] = tickets()
    at_all_doors([press(ticket, way=way) for way in (Way.ENTRY, Way.EXIT) * 3])
    assert people_inside(ticket.event) in (0, 1)


@pytest.fixture
def without_the_lock(monkeypatch):
    """All doors look before any of them writes: without the lock of the hall, and outside of a transaction, which SQLite
    would make them wait for."""
    looked, decide = threading.Barrier(DOORS), scanning.ScanQuerySet.decide

    def look(self, *arguments):
        found = decide(self, *arguments)
        looked.wait(30)
        return found

    class NoTransaction:
        def __enter__(self): ...

        def __exit__(self, *fault): ...

    monkeypatch.setattr(scanning, "lock_hall", lambda list_: list_.event.hall)
    monkeypatch.setattr(scanning.ScanQuerySet, "decide", look)
    monkeypatch.setattr(scanning, "transaction", SimpleNamespace(atomic=NoTransaction))
    return monkeypatch


def test_the_conditional_update_alone_is_enough_for_a_ticket(press, tickets, without_the_lock):
    [ticket] = tickets()
    presses = [press(ticket, f"Door {number}") for number in range(DOORS)]
    outcomes = all_at_once(*[lambda one=one: enter_bare(one) for one in presses])
    assert sum(outcomes) == 1


def test_without_the_update_and_the_lock_it_would_enter_many_times(press, tickets, without_the_lock):
    """Proves that the tests above can fail."""
    without_the_lock.setattr(scanning, "enter", lambda ticket: True)
    [ticket] = tickets()
    presses = [press(ticket, f"Door {number}") for number in range(DOORS)]
    assert sum(all_at_once(*[lambda one=one: enter_bare(one) for one in presses])) == DOORS


def test_without_the_lock_the_hall_would_be_overfull(press, tickets, without_the_lock):
    """Proves that the test of the fire limit can fail."""
    Hall.objects.update(fire_limit=2)
    presses = [press(ticket) for ticket in tickets(DOORS)]
    assert sum(all_at_once(*[lambda one=one: enter_bare(one) for one in presses])) == DOORS


def enter_bare(press):
    """Whether the ticket is let in, as ``press`` decides it."""
    try:
        return bool(fresh(press).let_in)
    finally:
        connection.close()
