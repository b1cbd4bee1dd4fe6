"""Scans at the doors: who is let in, what a second scan says, and who is inside."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.events.models import CheckInList, EventState, Reason, Scan, Ticket, Way
from once import KeyUsed
from tests.cast.doors import people_inside

pytestmark = pytest.mark.django_db


def test_a_ticket_is_let_in_once_and_the_second_scan_says_when_where_and_by_whom(scan, tickets, dora, orla):
    [ticket] = tickets()
    first = scan(ticket, "North")
    assert (first.let_in, first.reason, first.door, first.by) == (True, "", "North", dora)
    second = scan(ticket, "South", by=orla)
    assert (second.let_in, second.reason, second.earlier) == (False, Reason.ALREADY_REDEEMED, first)
    assert people_inside(ticket.event) == 1 and Scan.objects.entries(ticket).count() == 1


def test_the_same_key_gives_the_first_answer_again(scan, tickets):
    """Report 21: a scan that is sent again is that scan, whatever has happened since."""
    [ticket] = tickets()
    key = uuid4()
    first = scan(ticket, key=key)
    assert scan(ticket, key=key) == first and scan(ticket, key=key).let_in
    refused = uuid4()
    assert scan(ticket, key=refused).reason == Reason.ALREADY_REDEEMED
    scan(ticket, way=Way.EXIT)
    assert scan(ticket, key=refused).reason == Reason.ALREADY_REDEEMED
    assert Scan.objects.count() == 3


def test_a_key_is_worth_one_scan_of_one_ticket(scan, tickets):
    """Report 21: the second attendee is not taken for a duplicate of the first."""
    first, second = tickets(2)
    key = uuid4()
    scan(first, key=key)
    with pytest.raises(KeyUsed):
        scan(second, key=key)
    assert scan(second).let_in


def test_exit_and_entry_again(scan, tickets):
    [ticket] = tickets()
    ways = [Way.ENTRY, Way.EXIT, Way.ENTRY, Way.EXIT, Way.ENTRY]
    assert all(scan(ticket, way=way).let_in for way in ways)
    assert people_inside(ticket.event) == 1


def test_an_exit_without_an_entry_is_recorded_and_counts_for_nobody(scan, tickets):
    [ticket] = tickets()
    left = scan(ticket, way=Way.EXIT)
    assert (left.let_in, left.reason) == (True, Reason.NOT_INSIDE)
    assert people_inside(ticket.event) == 0 and scan(ticket).let_in


def test_a_list_may_let_nobody_back_in(scan, tickets, door_list):
    CheckInList.objects.update(allows_reentry=False)
    door_list.refresh_from_db()
    [ticket] = tickets()
    first = scan(ticket)
    scan(ticket, way=Way.EXIT)
    again = scan(ticket)
    assert (again.let_in, again.reason, again.earlier) == (False, Reason.RULES, first)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("held", Reason.INVALID),
        ("pending", Reason.UNAPPROVED),
        ("unpaid", Reason.UNPAID),
        ("declined", Reason.CANCELED),
        ("lapsed", Reason.CANCELED),
    ],
)
def test_a_ticket_that_is_worth_nothing_yet_or_any_more(scan, tickets, state, reason):
    [ticket] = tickets()
    type(ticket.registration).objects.update(state=state)
    refused = scan(ticket)
    assert (refused.let_in, refused.reason) == (False, reason)
    assert people_inside(ticket.event) == 0


def test_a_cancelled_ticket_and_a_cancelled_event(scan, register, tickets, event):
    registration = register(1, name="Eve", email="eve@example.org")
    [cancelled] = registration.tickets.all()
    registration.cancel()
    assert scan(cancelled).reason == Reason.CANCELED
    [ticket] = tickets()
    type(event).objects.update(state=EventState.CANCELLED)
    assert scan(ticket).reason == Reason.CANCELED


def test_no_such_ticket(scan):
    refused = scan(None)
    assert (refused.let_in, refused.reason, refused.code) == (False, Reason.INVALID, "NOSUCHTICKET")


def test_a_list_has_its_ticket_types(make_event, register, scan):
    """Report 19: one list's ticket types are not another's."""
    event = make_event(slug="talks", types={"Press": 0, "Adult": 0})
    press_type, adult_type = event.types.all()
    press_list, adults = (CheckInList.objects.create(event=event, name=name) for name in ("Press", "Adults"))
    press_list.types.add(press_type)
    adults.types.add(adult_type)
    journalist, adult = register({"Press": 1, "Adult": 1}, event=event).tickets.all()
    assert scan(journalist, at_list=adults).reason == Reason.PRODUCT
    assert scan(adult, at_list=press_list).reason == Reason.PRODUCT
    assert scan(journalist, at_list=press_list).let_in and scan(adult, at_list=adults).let_in


def test_a_ticket_of_another_event_is_for_another_door(make_event, register, scan):
    elsewhere = make_event(slug="elsewhere")
    [ticket] = register(1, event=elsewhere).tickets.all()
    assert scan(ticket).reason == Reason.PRODUCT
    assert people_inside(elsewhere) == 0


def test_a_list_has_its_hours(scan, tickets, door_list, time_machine):
    """Report 23: online, the hours hold for entries; whoever is inside may leave at any time."""
    opens = timezone.now() + timedelta(hours=1)
    CheckInList.objects.update(opens_at=opens, closes_at=opens + timedelta(hours=1))
    door_list.refresh_from_db()
    [ticket] = tickets()
    assert scan(ticket).reason == Reason.INVALID_TIME
    time_machine.move_to(opens)
    assert scan(ticket).let_in
    time_machine.move_to(opens + timedelta(hours=1))
    assert scan(ticket, way=Way.EXIT).let_in
    assert scan(ticket).reason == Reason.INVALID_TIME


def test_everybody_has_left(scan, tickets, event, orla):
    for ticket in tickets(3):
        scan(ticket)
    assert Scan.objects.let_all_out(event, by=orla) == 3
    assert people_inside(event) == 0 and Scan.objects.filter(way=Way.EXIT, by=orla).count() == 3
    assert all(scan(ticket).let_in for ticket in Ticket.objects.all())


def test_a_scan_is_published_to_the_doors_and_the_hall(scan, tickets, event, assert_published):
    [ticket] = tickets()
    with assert_published(f"event-door-{event.pk}", f"hall-{event.hall_id}"):
        scan(ticket)


def test_a_ticket_of_another_event_changes_nothing_there(make_event, register, scan, tickets, event):
    """Inside at its own event, it neither enters nor leaves here."""
    elsewhere = make_event(slug="elsewhere")
    at_home = CheckInList.objects.create(event=elsewhere, name="All")
    [ticket] = register(1, event=elsewhere).tickets.all()
    scan(ticket, at_list=at_home)
    refused = scan(ticket, way=Way.EXIT)
    assert (refused.let_in, refused.reason, refused.ticket) == (False, Reason.PRODUCT, None)
    assert people_inside(elsewhere) == 1
    assert scan(ticket, at_list=at_home).reason == Reason.ALREADY_REDEEMED


def test_a_key_is_worth_one_code_that_is_no_ticket_here(make_event, register, scan):
    first, second = register(2, event=make_event(slug="elsewhere")).tickets.all()
    key = uuid4()
    assert scan(first, key=key) == scan(first, key=key)
    with pytest.raises(KeyUsed):
        scan(second, key=key)
