"""A property: the reservation book stays consistent, whatever guests and hosts do in any order (Hypothesis)."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bookings.restaurants.models import Refused, Reservation, Restaurant, State, Table, TableSlot, Use
from bookings.restaurants.models.availability import Availability
from bookings.restaurants.models.slots import slot_of
from bookings.restaurants.models.states import TAKING
from tests.effort import examples
from tracking.flights.models import Airport

PACE = 6
BEGINS = datetime.fromisoformat("2027-03-01T16:50:00-05:00")

parties = st.integers(0, 9)
quarters = st.integers(0, 20)
some = st.integers(0, 3)
tables = st.lists(st.sampled_from(["A", "B", "C", "W"]), min_size=1, max_size=2, unique=True)

steps = st.lists(st.sampled_from(["arrive", "seat", "finish", "no_show", "cancel", "undo", "undo"]), max_size=5)


class Evening(RuleBasedStateMachine):
    """Two tables for two, one for four that joins with one of them, one for walk-ins; and a clock."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.travel = time_machine.travel(BEGINS, tick=False)
        self.clock = self.travel.start()
        self.open()

    def open(self):
        airport = Airport.objects.create(iata="JFK", name="JFK", city="New York", country="US", zone="America/New_York")
        self.restaurant = Restaurant.objects.create(slug="bistro", name="Bistro", airport=airport, where="T5")
        room = self.restaurant.areas.create(name="Room")
        sizes = {"A": (1, 2, "all"), "B": (1, 2, "online"), "C": (2, 4, "all"), "W": (1, 2, "walk_in")}
        self.tables = {
            name: room.tables.create(name=name, min_covers=fewest, max_covers=most, use=use)
            for name, (fewest, most, use) in sizes.items()
        }
        self.restaurant.joins.create(min_covers=5, max_covers=6).tables.set([self.tables["A"], self.tables["C"]])
        dinner = self.restaurant.services.create(
            name="Dinner", begins=time(17), last=time(21), ends=time(23), pace_online=PACE, pace=PACE + 2
        )
        dinner.turns.create(party=2, minutes=60)
        dinner.turns.create(party=9, minutes=100)
        self.opens = slot_of(datetime.combine(BEGINS.date(), time(17), self.restaurant.tz))

        for quarter, party in ((0, 2), (1, 4), (6, 2)):
            Reservation.objects.book(self.restaurant, self.opens + quarter, party, name="Grace")

    def teardown(self):
        self.travel.stop()
        transaction.savepoint_rollback(self.savepoint)

    # Steps

    @rule(minutes=st.sampled_from([1, 5, 8, 20, 60]))
    def time_passes(self, minutes):
        self.clock.shift(timedelta(minutes=minutes))

    @rule(quarter=quarters, party=parties)
    def hold(self, quarter, party):
        """It succeeds exactly when availability says that the time is free, and keeps the pacing."""
        slot = self.opens + quarter
        found = Availability(self.restaurant, BEGINS.date()).find(slot, party) if party > 0 else None
        try:
            held = Reservation.objects.hold(self.restaurant, slot, party, uuid4())
        except Refused:
            assert not (found and found.is_free)
        else:
            assert found.is_free
            self.check_pacing(held)

    @rule(number=some)
    def confirm(self, number):
        if held := self.one(number, State.HELD):
            was_expired = held.is_expired()
            self.attempt(lambda: held.confirm("Ada", "ada@example.org"))
            if was_expired and held.state == State.BOOKED:
                self.check_pacing(held)

    @rule(quarter=quarters, party=parties, names=st.none() | tables)
    def staff_book(self, quarter, party, names):
        given = names and self.named(names)
        self.attempt(
            lambda: Reservation.objects.book(self.restaurant, self.opens + quarter, party, tables=given, name="Grace")
        )

    @rule(party=parties, names=tables)
    def walk_in(self, party, names):
        self.attempt(lambda: Reservation.objects.walk_in(self.restaurant, party, self.named(names)))

    @rule(number=some, verbs=steps)
    def step(self, number, verbs):
        """Several verbs of one reservation in a row, some of them undone."""
        one = self.one(number)
        for verb in verbs if one else ():
            self.attempt(getattr(one, verb))

    @rule(number=some, verb=st.sampled_from(["seat", "move", "join"]), names=tables)
    def give(self, number, verb, names):
        if one := self.one(number):
            self.attempt(lambda: getattr(one, verb)(self.named(names)))

    @rule(number=some, guests=parties, names=tables)
    def split(self, number, guests, names):
        if one := self.one(number):
            self.attempt(lambda: one.split(guests, self.named(names)))

    @rule(number=some, minutes=st.sampled_from([15, 30, 90]))
    def extend(self, number, minutes):
        if one := self.one(number, State.SEATED):
            self.attempt(lambda: one.extend(minutes))

    @rule(number=some, stage=st.sampled_from(["ordered", "mains", "bill"]))
    def progress(self, number, stage):
        if one := self.one(number, State.SEATED):
            self.attempt(lambda: one.progress(stage))

    @rule(number=some, quarter=quarters, party=st.integers(1, 6), names=tables)
    def change(self, number, quarter, party, names):
        one = self.one(number)
        found = one and Availability(self.restaurant, BEGINS.date(), but_for=one.pk).find(
            self.opens + quarter, party, Use.IN_HOUSE
        )
        if found:
            self.attempt(lambda: one.change(found, party, self.named(names)))

    # Invariants

    @invariant()
    def slots_match_the_reservations_that_have_tables(self):
        """So no table is given twice, since the row of a table and a slot can exist only once."""
        wanted = set()
        for one in Reservation.objects.filter(state__in=TAKING).prefetch_related("tables"):
            for table in one.tables.all():
                taken = {(table.pk, slot, one.pk) for slot in range(one.first, one.first + one.count)}
                assert taken and not {pair[:2] for pair in taken} & {pair[:2] for pair in wanted}
                wanted |= taken
        assert set(TableSlot.objects.values_list("table", "slot", "reservation")) == wanted

    @invariant()
    def no_two_parties_are_seated_at_one_table(self):
        sitting = Table.objects.filter(reservations__state=State.SEATED).values_list("pk", flat=True)
        assert len(sitting) == len(set(sitting))

    def check_pacing(self, one):
        coming = Reservation.objects.taking().filter(first=one.first)
        assert sum(each.party for each in coming if each.channel == Use.ONLINE) <= PACE
        assert sum(each.party for each in coming) <= PACE + 2

    # Helpers

    def one(self, number, *states):
        ones = Reservation.objects.filter(state__in=states) if states else Reservation.objects.all()
        ones = list(ones.select_related("restaurant__airport"))
        return ones[number % len(ones)] if ones else None

    def named(self, names):
        return [self.tables[name] for name in names]

    def attempt(self, move):
        """Do it. If it is refused, nothing must have changed."""
        before = self.facts()
        try:
            with transaction.atomic():
                move()
        except (Refused, Reservation.DoesNotExist):
            assert self.facts() == before

    def facts(self):
        return list(Reservation.objects.order_by("pk").values()), sorted(
            TableSlot.objects.values_list("table", "slot", "reservation")
        )


def test_the_book_stays_consistent_in_any_evening(db):
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Evening,
        settings=settings(max_examples=examples(15), stateful_step_count=30, suppress_health_check=checks),
    )
