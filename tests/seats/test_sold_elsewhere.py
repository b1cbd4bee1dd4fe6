"""Seats that others have sold, such as the airline itself: they count as sold, and we don't know the passenger."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from bookings.seats.layouts import Cabin
from bookings.seats.models import Assignment, SeatTaken

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold_elsewhere(inventory):
    """12A, in the middle fare family."""
    return Assignment.objects.create(inventory=inventory, seat="12A", cabin=Cabin.ECONOMY, rank=1)


def test_it_is_sold_and_not_blocked(inventory, sold_elsewhere):
    inventory.block(["20A"])
    ledger = inventory.ledger()
    assert (ledger.sold, ledger.held, ledger.blocked, ledger.free) == (1, 0, 1, 98)
    assert inventory.assignments.counting().by_rank() == {inventory.pk: {1: 1, None: 1}}
    assert "12A" not in inventory.free("economy")


def test_the_fares_count_it(inventory, sold_elsewhere, hold_seats):
    assert inventory.assignments.counting().by_rank() == {inventory.pk: {1: 1}}
    booking = hold_seats()
    assert inventory.assignments.counting(but_for=booking.pk).by_rank() == {inventory.pk: {1: 1}}


def test_nobody_else_gets_the_seat_and_staff_do_not_free_it(inventory, sold_elsewhere):
    inventory.unblock(["12A"])
    assert "12A" in inventory.taken()
    with pytest.raises(SeatTaken, match="12A"):
        inventory.block(["12A"])


def test_a_hold_always_has_somebody(inventory):
    until = timezone.now() + timedelta(minutes=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(inventory=inventory, seat="12A", cabin=Cabin.ECONOMY, rank=1, held_until=until)
