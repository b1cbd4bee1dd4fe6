"""A change of aircraft at the moment at which customers choose seats, hold and book. On both databases."""

import pytest
from django.db import transaction

from bookings.seats.desk.aircraft_views import plan_for
from bookings.seats.models import Assignment, Booking, Inventory, Refused
from bookings.seats.models.customer_verbs import Passenger
from bookings.seats.models.staff_verbs import change_aircraft, lock_parties
from tests.races import all_at_once, faults

pytestmark = pytest.mark.django_db(transaction=True)


def changed_to(inventory, slug):
    """What the desk's form does, with the plan of that moment."""
    with transaction.atomic():
        here = Inventory.objects.get(pk=inventory.pk)
        lock_parties(here)
        here.refresh_from_db()
        plan = plan_for(here, slug)
        change_aircraft(here, slug, plan.seats, plan.elsewhere)


def adds_up(inventory):
    inventory = Inventory.objects.get(pk=inventory.pk)
    ledger = inventory.ledger()
    assert ledger.sold + ledger.held + ledger.blocked + ledger.free == ledger.seats and ledger.free >= 0
    assert set(inventory.assignments.values_list("seat", flat=True)) <= set(inventory.plan.seats)
    return ledger


def test_a_seat_that_is_chosen_while_the_aircraft_changes_exists_on_it_or_is_refused(hold_seats, inventory):
    held = hold_seats(family="flex")
    coupon = held.coupons().get().pk

    def choose():
        Booking.objects.get(pk=held.pk).choose({coupon: "25F"})  # which the other aircraft does not have

    outcomes = all_at_once(lambda: changed_to(inventory, "erj-145"), choose)
    assert not [fault for fault in faults(outcomes) if not isinstance(fault, Refused)]
    ledger = adds_up(inventory)
    assert Inventory.objects.get(pk=inventory.pk).layout == "erj-145" and ledger.held <= 1
    seat = Assignment.objects.filter(coupon=coupon).values_list("seat", flat=True).first()
    assert seat != "25F"


def test_holds_that_begin_while_the_aircraft_changes_have_seats_of_one_of_the_two(hold_seats, inventory):
    hold = [lambda: hold_seats(adults=2, family="flex")] * 3
    outcomes = all_at_once(lambda: changed_to(inventory, "erj-145"), *hold)
    assert not [fault for fault in faults(outcomes) if not isinstance(fault, Refused)]
    adds_up(inventory)
    seated = Assignment.objects.filter(inventory=inventory, coupon__isnull=False)
    assert seated.values("seat").distinct().count() == seated.count()


def test_who_books_while_the_aircraft_changes_is_on_it(hold_seats, inventory):
    held = hold_seats(family="flex")

    def book():
        Booking.objects.get(pk=held.pk).book([Passenger("Ana", "Ortiz")], "ana@example.org", accepted=held.total)

    outcomes = all_at_once(lambda: changed_to(inventory, "erj-145"), book)
    assert not [fault for fault in faults(outcomes) if not isinstance(fault, Refused)]
    booking = Booking.objects.get(pk=held.pk)
    if booking.is_live:
        assert adds_up(inventory).held == 1
