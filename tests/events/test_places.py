"""Places under quotas: what is free, and that no more is taken than there is."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from bookings.events.models import Capacity, Full, Left, Quota, Use


def read(event):
    return Capacity.read(event, timezone.now())


def test_a_hold_takes_places_until_its_time_is_over(event, hold_places, time_machine):
    adult = event.types.get()
    hold_places(3)
    assert read(event).available(adult.pk) == 7
    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    assert read(event).available(adult.pk) == 10


def test_a_registration_goes_from_the_hold_to_the_ticket(event, register):
    registration = register(2)
    assert registration.state == "confirmed" and registration.tickets.count() == 2
    [row] = read(event).ledger()
    assert (row.uses[Use.SOLD], row.free) == (2, 8)


def test_cancelling_frees_places_once(event, register):
    registration = register(2)
    registration.cancel()
    assert read(event).available(event.types.get().pk) == 10
    assert Quota.objects.get().taken == 0


def test_types_share_a_quota(make_event, hold_places):
    """Hall 10; A and B both in it: 5 A and 5 B fit, 6 A and 5 B do not."""
    event = make_event(slug="talks", most_places=20, types={"A": 0, "B": 0})
    with pytest.raises(Full):
        hold_places({"A": 5, "B": 6}, event=event)
    hold_places({"A": 5, "B": 5}, event=event)
    assert read(event).left(event.types.first().pk) == Left.HELD


def test_the_check_holds_where_the_count_is_wrong(event, register):
    register(9)
    with transaction.atomic():
        capacity = Capacity.locked(event, timezone.now())
        with pytest.raises(Full):
            capacity.take({event.types.get().pk: 2}, Use.BLOCKED)
