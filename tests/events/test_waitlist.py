"""The waitlist through the database: joining, offers, gathering, and what frees places serves in the same transaction."""

import pytest
from django.utils import timezone

from bookings.events.models import Capacity, State, WaitlistEntry


@pytest.fixture
def sold_out(make_event, register):
    """``sold_out(3)``: an event of three places, and a registration of each, in the order of their sale."""

    def make(size=3, **fields):
        event = make_event(size=size, slug="sold-out", **fields)
        return event, [register(1, name=f"Holder {number}", event=event) for number in range(size)]

    return make


def serve(event, now=None):
    from django.db import transaction

    with transaction.atomic():
        return event.serve_with(Capacity.locked(event, now or timezone.now()))


def test_from_the_waitlist_to_the_ticket(sold_out):
    event, [first, *_others] = sold_out()
    entry = WaitlistEntry.objects.join(event, event.types.get(), 1, name="Wim", email="wim@example.org")
    assert entry.state == "waiting"
    first.cancel()
    entry.refresh_from_db()
    assert entry.state == "offered" and entry.offer.state == State.OFFERED
    assert Capacity.read(event, timezone.now()).available(event.types.get().pk) == 0
    entry.offer.book("Wim", "wim@example.org")
    entry.refresh_from_db()
    assert entry.state == "booked" and entry.offer.state == State.CONFIRMED


def test_a_group_gathers(sold_out, wait_for):
    event, holders = sold_out(4)
    group, single = wait_for(3, "Gina", event=event, minutes_ago=9), wait_for(1, "Sam", event=event, minutes_ago=8)
    for count, holder in enumerate(holders[:2], start=1):
        holder.cancel()
        group.refresh_from_db()
        assert group.places.count() == count and group.gathers_until is not None
    holders[2].cancel()
    group.refresh_from_db()
    single.refresh_from_db()
    assert group.state == "offered" and group.offer.tickets.count() == 3 and single.state == "waiting"
