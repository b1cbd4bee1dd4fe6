"""Scans that a device queued without a network: recorded as they happened, with conflicts that staff look at."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from django.utils import timezone

from bookings.events.models import CheckInList, Event, Reason, Scan, Ticket, Way
from bookings.events.models.door_rules import Sync, moment_of
from bookings.events.models.scanning import Queued
from tests.cast.doors import ago, people_inside

pytestmark = pytest.mark.django_db

FAST = timedelta(seconds=90)


@pytest.fixture
def evening(event, time_machine):
    """``evening("18:00:20")``: a moment of the evening; the event is then, and it is 18:05."""
    day = datetime(2026, 7, 18, tzinfo=UTC)
    Event.objects.update(starts_at=day.replace(hour=18), ends_at=day.replace(hour=22))
    time_machine.move_to(day.replace(hour=18, minute=5))
    return lambda clock: datetime.fromisoformat(f"2026-07-18T{clock}+00:00")


def test_the_known_answer_of_two_doors(evening, press, tickets):
    """Research 5.3: T offline at door A at 18:00:05 of a clock that runs 90 s fast, and at B at 18:00:20. B uploads first."""
    [ticket] = tickets()
    at_b, device_a = evening("18:00:20"), evening("18:00:05")
    sync = Sync(evening("17:00:00"), evening("17:00:00") + FAST)
    at_a = moment_of(device_a, timezone.now() + FAST, timezone.now(), sync, device_a - FAST - sync.server)
    Scan.objects.take_in(press(ticket, "B"), Queued(True, at_b, at_b))
    Scan.objects.take_in(press(ticket, "A"), Queued(True, at_a, device_a))

    entries = Scan.objects.entries(ticket)
    assert [(one.door, one.scanned_at) for one in entries] == [("A", evening("17:58:35")), ("B", at_b)]
    assert [one.offset_ms for one in entries] == [-90_000, 0]
    assert all(one.is_conflict and one.device_at for one in entries)
    assert Scan.objects.conflicts(ticket.event).values("ticket").distinct().count() == 1
    assert people_inside(ticket.event) == 2
    assert entries.values("ticket").distinct().count() == 1  # tickets used


def outcome(ticket):
    """All that staff see of a ticket's scans."""
    rows = Scan.objects.filter(ticket=ticket).order_by("scanned_at", "key")
    seen = [(str(one.key), one.scanned_at, one.let_in, one.reason, one.is_conflict) for one in rows]
    return seen, Ticket.objects.get(pk=ticket.pk).people_inside


IN, OUT = Way.ENTRY, Way.EXIT
TWICE_INSIDE = [("A", IN, "17:58:35"), ("B", IN, "18:00:20"), ("C", OUT, "18:01:00"), ("D", IN, "18:02:00")]
BACK_AGAIN = [("A", IN, "17:58:35"), ("C", OUT, "18:01:00"), ("D", IN, "18:02:00"), ("C", OUT, "18:03:00")]


@pytest.mark.parametrize(
    ("made", "people", "reasons", "conflicts"),
    [
        (TWICE_INSIDE, 2, ["", "", "", ""], [True, True, False, True]),
        (BACK_AGAIN, 0, ["", "", Reason.RULES, ""], [False, False, True, False]),
    ],
)
def test_every_order_of_upload_gives_the_same(evening, press, tickets, event, made, people, reasons, conflicts):
    """Four devices, one ticket, a list that lets nobody back in: all 24 orders."""
    once = CheckInList.objects.create(event=event, name="Once", allows_reentry=False)
    [ticket] = tickets()
    found = []
    for order in permutations(enumerate(made)):
        Scan.objects.all().delete()
        Ticket.objects.update(is_inside=False, people_inside=0)
        for number, (door, way, clock) in order:
            one = press(ticket, door, way, key=UUID(int=number + 1), at_list=once)
            Scan.objects.take_in(one, Queued(True, evening(clock), evening(clock)))
        found.append(outcome(ticket))
    rows, inside = found[0]
    assert all(each == found[0] for each in found) and inside == people
    assert [row[3] for row in rows] == reasons and [row[4] for row in rows] == conflicts


def test_what_was_scanned_online_meanwhile_is_part_of_the_conflict(scan, late, tickets):
    [ticket] = tickets()
    online = scan(ticket, "B")
    early = late(ticket, "A", ago(minutes=5))
    online.refresh_from_db()
    assert online.let_in and online.reason == "" and online.is_conflict and early.is_conflict
    assert people_inside(ticket.event) == 2


def test_a_late_exit_or_entry_makes_no_conflict_where_it_fits(scan, late, tickets):
    """In at A without a network, out at B with one: the exit had no entry, until A's was heard of."""
    [ticket] = tickets()
    assert scan(ticket, "B", Way.EXIT).reason == Reason.NOT_INSIDE
    assert not late(ticket, "A", ago(minutes=30)).is_conflict
    assert people_inside(ticket.event) == 0


def test_a_cancelled_ticket_that_was_let_in_is_inside_and_a_conflict(register, late):
    """Report 20: the upload does not say "failed" of somebody who stands in the hall."""
    registration = register(1)
    [ticket] = registration.tickets.all()
    registration.cancel()
    scan = late(ticket, "A", timezone.now())
    assert (scan.let_in, scan.reason, scan.is_conflict) == (True, Reason.CANCELED, True)
    assert people_inside(ticket.event) == 1


def test_who_cancelled_after_they_were_let_in_is_no_conflict(register, late):
    registration = register(1)
    [ticket] = registration.tickets.all()
    at = timezone.now()
    registration.cancel()
    assert not late(ticket, "A", at - timedelta(minutes=1)).is_conflict


def test_a_code_that_is_no_tickets_and_was_let_in_is_a_conflict(late):
    scan = late(None, "A", timezone.now())
    assert (scan.let_in, scan.reason, scan.is_conflict, scan.code) == (True, Reason.INVALID, True, "NOSUCHTICKET")


def test_who_was_turned_away_is_not_inside_and_no_conflict(late, tickets):
    [ticket] = tickets()
    scan = late(ticket, "A", timezone.now(), let_in=False, reason=Reason.UNPAID)
    assert (scan.let_in, scan.reason, scan.is_conflict) == (False, Reason.UNPAID, False)
    assert people_inside(ticket.event) == 0


def test_a_scan_that_is_sent_again_is_recorded_once(late, tickets):
    """Report 21: a failed item sends those already done again."""
    [ticket] = tickets()
    key, at = UUID(int=7), timezone.now()
    first = late(ticket, "A", at, key=key)
    assert late(ticket, "A", at, key=key) == first and Scan.objects.count() == 1
    assert not Scan.objects.get().is_conflict


def test_both_times_are_kept(press, tickets, time_machine):
    """Report 22: the time of the scan is not that of the upload."""
    [ticket] = tickets()
    at = timezone.now()
    time_machine.move_to(at + timedelta(hours=2))
    scan = Scan.objects.take_in(press(ticket), Queued(True, at, at + FAST))
    assert (scan.scanned_at, scan.device_at) == (at, at + FAST)
    assert scan.received_at >= at + timedelta(hours=2) and scan.offset_ms == -90_000


@pytest.mark.parametrize("turned_away", [False, True])
def test_the_door_did_otherwise_than_an_answer_that_never_arrived(scan, late, tickets, turned_away):
    """The server answered, and the device did not hear it. What the door did then counts."""
    first, second = tickets(2)
    key = UUID(int=9)
    if turned_away:
        assert scan(first, key=key).let_in
        amended = late(first, "North", timezone.now(), let_in=False, key=key)
        assert (amended.let_in, amended.is_conflict, people_inside(first.event)) == (False, False, 0)
    else:
        scan(second, "South")
        assert scan(second, key=key).reason == Reason.ALREADY_REDEEMED
        amended = late(second, "North", timezone.now(), key=key)
        assert amended.let_in and amended.is_conflict and people_inside(second.event) == 2
    assert late(first if turned_away else second, "North", timezone.now(), let_in=not turned_away, key=key) == amended


def test_conflicts_are_seen_until_another_one_comes(scan, late, tickets, event):
    [ticket] = tickets()
    scan(ticket, "B")
    late(ticket, "A", ago(minutes=5))
    assert Scan.objects.mark_seen(event, ticket.pk) == 2
    assert Scan.objects.mark_seen(event, ticket.pk) == 0
    late(ticket, "C", ago(minutes=4))
    assert Scan.objects.conflicts(event).filter(seen_at=None).count() == 1


def test_a_queued_entry_past_the_fire_limit_is_recorded_and_a_conflict(scan, late, tickets, hall):
    type(hall).objects.update(fire_limit=1)
    first, second = tickets(2)
    scan(first)
    over = late(second, "A", timezone.now())
    assert (over.let_in, over.reason, over.is_conflict) == (True, Reason.FULL, True)
    assert people_inside(first.event) == 2
