"""The part of the demo that flights for sale are: people who have booked, and those who work there."""

import pytest
import time_machine
from django.core.management import call_command

from accounts.models import User
from bookings.seats.demo import people, setup, timetable
from bookings.seats.models import Booking, Coupon, Inventory, State
from demo.parts import Demo
from tests.flights.test_replay import DAY, FILE, TODAY, at
from tracking.flights.demo.day import Day

NOW = at(10)


@pytest.fixture
def demo(db, monkeypatch):
    """The demo with 9 of the flights, set up at ten in the morning."""
    call_command("airports", verbosity=0)
    few = Day([one for one in Day.read(FILE).departures if one.origin == "JFK"][::40])
    monkeypatch.setattr(setup.Day, "read", lambda path: few)
    monkeypatch.setattr(people, "FLIGHTS", 2)
    monkeypatch.setattr(people, "PARTIES", 8)
    with time_machine.travel(NOW) as clock:
        parts = Demo()
        parts.clock = clock
        setup.seats(parts)
        yield parts


def test_flights_are_on_sale_for_a_month(demo):
    days = Inventory.objects.filter(flight__origin="JFK").values_list("flight__date", flat=True).distinct()
    assert set(days) == {TODAY + ahead * DAY for ahead in range(timetable.DAYS)}


def test_the_next_flights_have_passengers_with_names_seats_and_tickets(demo):
    coupons = Coupon.objects.filter(segment__booking__user=None, segment__booking__state=State.CONFIRMED)
    assert coupons.values("segment__inventory").distinct().count() == 2 and coupons.count() > 16
    for coupon in coupons.select_related("traveller"):
        assert coupon.seat and coupon.traveller.name and coupon.traveller.ticket
    for inventory in Inventory.objects.filter(segments__isnull=False).distinct():
        ledger = inventory.ledger()
        assert ledger.sold + ledger.free == ledger.seats and ledger.held == 0


def test_some_of_them_are_checked_in(demo):
    coupons = Coupon.objects.filter(segment__booking__user=None, segment__booking__state=State.CONFIRMED)
    sequences = list(coupons.filter(status="checked_in").values_list("segment__inventory", "sequence"))
    assert 0 < len(sequences) < coupons.count() and len(set(sequences)) == len(sequences)


def test_staff_may_do_what_their_role_says(demo):
    assert User.objects.get(email="sales@airside.example").has_perm("seats.change_inventory")
    assert User.objects.get(email="fares@airside.example").has_perm("seats.change_tariff")
    assert User.objects.get(email="gate@airside.example").has_perm("seats.board_coupon")
    assert not User.objects.get(email="passenger@airside.example").has_perm("seats.board_coupon")


def test_children_sit_beside_an_adult_of_theirs(demo):
    flying = Coupon.objects.filter(segment__booking__state=State.CONFIRMED)
    children = [coupon for coupon in flying if coupon.traveller.is_child]
    assert children
    for child in children:
        beside = child.segment.inventory.plan.neighbours(child.seat)
        party = flying.filter(segment=child.segment, traveller__kind="adult")
        assert any(adult.seat in beside for adult in party)


def test_the_customer_has_a_trip_to_check_in_for_and_one_later(demo):
    trips = User.objects.get(email="passenger@airside.example").flight_bookings.filter(state=State.CONFIRMED)
    assert sorted((trip.departs - NOW).days for trip in trips) == [0, 9]
    assert sorted(trip.travellers.count() for trip in trips) == [1, 2]


def test_set_up_again_it_leaves_what_is_there(demo):
    before = Inventory.objects.count(), Booking.objects.count(), User.objects.count()
    setup.seats(Demo())
    assert (Inventory.objects.count(), Booking.objects.count(), User.objects.count()) == before


def test_each_day_adds_a_day(demo):
    demo.clock.move_to(NOW + DAY)
    before = Inventory.objects.count()
    setup.seats(Demo())
    assert Inventory.objects.count() == before + 2 * 9
