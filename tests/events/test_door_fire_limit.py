"""One fire limit over all doors and events of a hall, whatever the tickets say."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.events.models import CheckInList, Event, Hall, Reason, Scan, Way
from tests.cast.doors import ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_events(make_event, register, hall):
    """A concert and a talk in one hall that lets two people in: ``(list, tickets)`` of each."""
    Hall.objects.update(fire_limit=2)
    both = []
    for slug in ("first", "second"):
        event = make_event(slug=slug)
        both.append((CheckInList.objects.create(event=event, name="All"), list(register(2, event=event).tickets.all())))
    return both


def test_the_limit_counts_people_over_doors_and_events(two_events, scan):
    (concert, [ada, bob]), (talk, [cleo, _dan]) = two_events
    assert scan(ada, "North", at_list=concert).let_in
    assert scan(cleo, "South", at_list=talk).let_in
    stopped = scan(bob, "North", at_list=concert)
    assert (stopped.let_in, stopped.reason) == (False, Reason.FULL)
    scan(cleo, "South", Way.EXIT, at_list=talk)
    assert scan(bob, "North", at_list=concert).let_in


def test_a_ticket_that_is_inside_is_told_so_and_not_that_the_hall_is_full(two_events, scan):
    (concert, [ada, bob]), _talk = two_events
    scan(ada, at_list=concert)
    scan(bob, at_list=concert)
    assert scan(bob, at_list=concert).reason == Reason.ALREADY_REDEEMED


def test_people_of_an_event_that_is_long_over_have_gone_home(two_events, scan, hall):
    (concert, [ada, bob]), (talk, [cleo, _dan]) = two_events
    scan(ada, at_list=concert)
    scan(bob, at_list=concert)
    assert scan(cleo, at_list=talk).reason == Reason.FULL
    now = timezone.now()
    ended = {"starts_at": now - timedelta(hours=5), "ends_at": now - timedelta(hours=2)}
    Event.objects.filter(pk=concert.event_id).update(**ended)
    assert Scan.objects.inside(hall, now) == 0 and scan(cleo, at_list=talk).let_in


def test_without_a_limit_nobody_is_stopped(two_events, scan):
    Hall.objects.update(fire_limit=None)
    assert all(scan(ticket, at_list=list_).let_in for list_, tickets in two_events for ticket in tickets)


def test_a_person_without_a_ticket_counts_until_they_leave(two_events, scan, late, hall):
    """A door without a network let somebody in on a code that is no ticket's."""
    (concert, [ada, bob]), (talk, [cleo, _dan]) = two_events
    late(None, "North", ago(minutes=9), at_list=concert)
    assert Scan.objects.inside(hall, timezone.now()) == 1
    assert scan(ada, at_list=concert).let_in
    assert scan(cleo, at_list=talk).reason == Reason.FULL
    late(None, "North", ago(minutes=1), way=Way.EXIT, at_list=concert)
    assert Scan.objects.inside(hall, timezone.now()) == 1
    late(None, "North", ago(seconds=5), at_list=concert)
    assert scan(bob, at_list=concert).reason == Reason.FULL
    assert Scan.objects.let_all_out(concert.event) == 2
    assert Scan.objects.inside(hall, timezone.now()) == 0


def test_a_person_without_a_ticket_is_counted_out_with_the_server_at_hand(two_events, scan, late, hall):
    (concert, _tickets), _talk = two_events
    assert scan(None, way=Way.EXIT, at_list=concert).reason == Reason.INVALID
    late(None, "North", ago(minutes=2), at_list=concert)
    left = scan(None, "South", Way.EXIT, at_list=concert)
    assert (left.let_in, left.reason) == (True, "")
    assert Scan.objects.inside(hall, timezone.now()) == 0
    assert not scan(None, way=Way.EXIT, at_list=concert).let_in


def test_a_ticket_of_another_event_counts_as_a_person_without_a_ticket(two_events, scan, late, hall):
    """Let in without a network: inside here, and nothing changes at its own event."""
    (concert, _tickets), (talk, [cleo, dan]) = two_events
    entry = late(cleo, "North", ago(minutes=2), at_list=concert)
    assert (entry.ticket, entry.reason, entry.is_conflict) == (None, Reason.PRODUCT, True)
    assert cleo.secret not in entry.code
    assert Scan.objects.inside_of([concert.event_id]) == 1 and Scan.objects.inside_of([talk.event_id]) == 0
    assert not scan(dan, way=Way.EXIT, at_list=concert).let_in
    assert scan(cleo, way=Way.EXIT, at_list=concert).let_in
    assert Scan.objects.inside(hall, timezone.now()) == 0
    assert scan(cleo, at_list=talk).let_in
    assert Scan.objects.let_all_out(concert.event) == 0 and Scan.objects.inside_of([talk.event_id]) == 1
