"""Many at the same moment on a waitlist: each place that is freed serves one party once. On both databases."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.events.models import Full, IllegalMove, Registration, State, WaitlistEntry
from bookings.events.models.auditing import audit
from bookings.events.waiters.due import serve_waitlists
from tests.races import all_at_once, answers_at_once, faults

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sold_out(make_event, register):
    event = make_event(size=4, slug="sold-out")
    return event, [register(1, name=f"Holder {number}", event=event) for number in range(4)]


def names_of(event, state):
    return list(event.waitlist.filter(state=state).order_by("made_at", "pk").values_list("name", flat=True))


def cancelling(registration):
    """As another process does, with a row that it has read itself."""
    return lambda: Registration.objects.get(pk=registration.pk).cancel()


def test_two_places_freed_at_once_serve_two_parties_once_each(sold_out, wait_for):
    event, holders = sold_out
    for number in range(4):
        wait_for(1, f"P{number}", event=event, minutes_ago=9 - number)
    answers_at_once(cancelling(holders[0]), cancelling(holders[1]))
    assert names_of(event, "offered") == ["P0", "P1"] and names_of(event, "waiting") == ["P2", "P3"]
    assert Registration.objects.filter(state=State.OFFERED).count() == 2 and audit(event) == []


def test_what_is_freed_goes_to_the_waitlist_whoever_presses_at_that_moment(sold_out, wait_for, hold_places):
    event, holders = sold_out
    wait_for(1, "Ann", event=event)
    presses = [lambda: hold_places(1, event=event, key=uuid4())] * 4
    outcomes = all_at_once(cancelling(holders[0]), *presses)
    assert len(faults(outcomes, Full)) == 4 and names_of(event, "offered") == ["Ann"]


def test_places_freed_at_once_come_together_for_a_group(sold_out, wait_for):
    event, holders = sold_out
    group = wait_for(3, "Gina", event=event, minutes_ago=9)
    wait_for(1, "Sam", event=event)
    answers_at_once(*[cancelling(holder) for holder in holders[:3]])
    group.refresh_from_db()
    assert group.offer.live_tickets.count() == 3 and names_of(event, "waiting") == ["Sam"] and audit(event) == []


def test_an_offer_is_taken_or_declined(sold_out, wait_for):
    event, holders = sold_out
    entry = wait_for(1, "Ann", event=event, minutes_ago=9)
    wait_for(1, "Ben", event=event)
    holders[0].cancel()
    offer = Registration.objects.get(waitlist_entry=entry)
    outcomes = all_at_once(
        lambda: Registration.objects.get(pk=offer.pk).book("Ann", "ann@example.org"),
        lambda: WaitlistEntry.objects.get(pk=entry.pk).leave(),
    )
    assert len(faults(outcomes, IllegalMove)) == len(faults(outcomes)) == 1
    is_booked = event.waitlist.get(name="Ann").state == "booked"
    assert names_of(event, "offered") == ([] if is_booked else ["Ben"]) and audit(event) == []


def test_processes_that_serve_at_once_offer_once(make_event, hold_places, wait_for, time_machine):
    event = make_event(size=2, slug="sold-out")
    hold_places(2, event=event)
    for number in range(3):
        wait_for(1, f"P{number}", event=event, minutes_ago=9 - number)
    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    answers_at_once(*[lambda: serve_waitlists(timezone.now())] * 4)
    assert names_of(event, "offered") == ["P0", "P1"] and audit(event) == []


def test_one_person_who_joins_many_times_at_once_waits_once(sold_out):
    event, _holders = sold_out
    person = {"name": "Wim", "email": "wim@example.org"}
    join = lambda: WaitlistEntry.objects.join(event, event.types.get(), 1, **person)  # noqa: E731
    outcomes = all_at_once(*[join] * 5)
    assert len(faults(outcomes)) == 4 and WaitlistEntry.objects.count() == 1
