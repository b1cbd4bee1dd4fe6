"""A property: the ledger of a flight always adds up and no seat is twice, whatever people do in any order (Hypothesis)."""

from collections import Counter
from datetime import datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bookings.seats.fares.quote import Party
from bookings.seats.models import Assignment, Booking, Inventory, Refused, State
from bookings.seats.models.customer_verbs import Passenger
from bookings.seats.models.fares import load_defaults
from bookings.seats.models.ledgers import faults_of
from bookings.seats.models.sitting import apart
from tests.effort import examples
from tracking.flights.models import Airline, Airport, Flight

BEGINS = datetime.fromisoformat("2026-11-18T14:00:00-05:00")
FAMILIES = ["basic", "standard", "flex"]

any_booking = st.integers(0, 20)
any_seat = st.sampled_from([f"{row}{letter}" for row in (1, 2, 11, 12, 13, 24, 25) for letter in "ACDF"])
parties = st.builds(Party, st.integers(0, 3), st.integers(0, 2), st.integers(0, 1), st.integers(0, 2))


class Sale(RuleBasedStateMachine):
    """Two flights with one change between them; what most of the first one has sold is blocked, so that it is nearly full."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.travel = time_machine.travel(BEGINS, tick=False)
        self.clock = self.travel.start()
        load_defaults()
        Airline.objects.create(code="B6", name="JetBlue")
        for iata in ("JFK", "BOS", "SFO"):
            Airport.objects.create(iata=iata, name=iata, city=iata, country="US", zone="America/New_York")
        self.flights = [self.flight("1", "JFK", "BOS", 20), self.flight("2", "BOS", "SFO", 23)]
        rows = [
            seat.code
            for seat in self.flights[0].plan.in_cabin("economy")
            if 3 <= seat.row <= 10 or 14 <= seat.row <= 23
        ]
        self.flights[0].block(rows, "sold elsewhere")
        self.bookings = []

    def flight(self, number, origin, destination, hours):
        leaves = BEGINS + timedelta(days=9, hours=hours)
        flight = Flight.objects.create(
            airline_id="B6",
            number=number,
            origin_id=origin,
            destination_id=destination,
            date=leaves.date(),
            off_block_scheduled=leaves,
            on_block_scheduled=leaves + timedelta(hours=1),
            heard_at=BEGINS,
        )
        return Inventory.objects.create(flight=flight, layout="e190", miles=187)

    def teardown(self):
        self.travel.stop()
        transaction.savepoint_rollback(self.savepoint)

    def one(self, number):
        return Booking.objects.get(pk=self.bookings[number % len(self.bookings)])

    # Steps

    @rule(minutes=st.sampled_from([1, 5, 9, 31, 24 * 60]))
    def time_passes(self, minutes):
        self.clock.shift(timedelta(minutes=minutes))

    @rule(party=parties, family=st.sampled_from(FAMILIES), legs=st.integers(1, 2))
    def hold(self, party, family, legs):
        keys = [flight.pk for flight in self.flights[:legs]]
        try:
            booking = Booking.objects.hold(keys, "economy", family, party, uuid4())
        except Refused:
            return
        assert sum(booking.lines.values_list("amount", flat=True)) == booking.total
        self.bookings.append(booking.pk)

    @precondition(lambda self: self.bookings)
    @rule(number=any_booking, verb=st.sampled_from(["extend", "renew", "release", "confirm", "cancel"]))
    def change(self, number, verb):
        with Refusing():
            getattr(self.one(number), verb)()

    @precondition(lambda self: self.bookings)
    @rule(number=any_booking, later=st.booleans(), accepts=st.booleans(), help=st.booleans())
    def book(self, number, later, accepts, help):
        booking = self.one(number)
        names = [Passenger("Ana", "Ortiz", help) for _one in booking.travellers.all()]
        accepted = booking.total if accepts else None
        with Refusing():
            booking.book(names, "ana@example.org", accepted=accepted, later=later)
            assert booking.total == accepted or not accepts  # never another price than the accepted one

    @precondition(lambda self: self.bookings)
    @rule(
        number=any_booking,
        who=st.integers(0, 8),
        seat=any_seat,
        agreed=st.booleans(),
        verb=st.sampled_from(["choose", "move"]),
    )
    def sit(self, number, who, seat, agreed, verb):
        booking = self.one(number)
        coupons = [coupon for coupon in booking.coupons() if coupon.traveller.has_seat]
        coupon = coupons[who % len(coupons)]
        same = [each for each in coupons if each.segment_id == coupon.segment_id and each.seat == seat]
        seats = {coupon.pk: seat, **{each.pk: coupon.seat for each in same}}
        alone = len(apart(*self.sitting(booking, coupon)))
        total = booking.total
        with Refusing():
            booking.choose(seats, agreed=agreed) if verb == "choose" else booking.move(seats)
            assert len(apart(*self.sitting(booking, coupon))) <= alone
            assert booking.total == total or booking.state == State.HELD

    def sitting(self, booking, coupon):
        return coupon.segment.inventory.plan, booking.sitting(coupon.segment, {})

    @rule(seats=st.lists(any_seat, min_size=1, max_size=3, unique=True), free=st.booleans())
    def block(self, seats, free):
        inventory = Inventory.objects.get(pk=self.flights[0].pk)
        with Refusing():
            inventory.unblock(seats) if free else inventory.block(seats, "crew")

    # What always holds

    @invariant()
    def it_adds_up(self):
        for inventory in self.flights:
            assert list(faults_of(inventory)) == []
            ledger = inventory.ledger()
            assert ledger.sold + ledger.held + ledger.blocked + ledger.free == ledger.seats
            free = {seat.code for seat in inventory.plan.in_cabin("economy")} & inventory.free("economy")
            assert len(free) == ledger.free

    @invariant()
    def no_seat_is_twice(self):
        assert max(Counter(Assignment.objects.values_list("inventory", "seat")).values(), default=1) == 1


class Refusing:
    """A step that may be refused; then nothing has changed, which the invariants see."""

    def __enter__(self):
        return self

    def __exit__(self, kind, fault, trace):
        return kind is not None and issubclass(kind, Refused)


def test_whatever_people_do(db):
    run_state_machine_as_test(
        Sale,
        settings=settings(
            max_examples=examples(10), stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_the_command_says_that_all_adds_up(fly, hold_seats):
    fly("Ana Ortiz", "Ben Ortiz")
    hold_seats()
    out = StringIO()
    call_command("seats", "ledger", stdout=out)
    assert "1 flights, all of which add up" in out.getvalue()


def test_the_command_names_what_does_not_add_up(fly, inventory):
    booking = fly("Ana Ortiz")
    Assignment.objects.update(seat="99Z")
    booking.lines.all().delete()
    out = StringIO()
    with pytest.raises(CommandError, match="faults"):
        call_command("seats", "ledger", stdout=out)
    assert "99Z" in out.getvalue() and "its lines are" in out.getvalue()
