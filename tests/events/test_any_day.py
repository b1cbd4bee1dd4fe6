"""A property: whatever attendees, organisers, vouchers and the clock do in any order, the ledger adds up (Hypothesis)."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bookings.events.lapsing import lapse_expired
from bookings.events.models import (
    Capacity,
    Event,
    EventState,
    Hall,
    Place,
    Quota,
    Registration,
    State,
    TicketType,
    Use,
    Voucher,
)
from bookings.events.models.auditing import audit
from strangers import Asker
from tests.effort import examples
from tracking.flights.models import Airport
from verbs.refusals import Refused

BEGINS = datetime.fromisoformat("2027-03-01T12:00:00-05:00")
MINUTE = timedelta(minutes=1)
some = st.integers(0, 5)
CODES = ["CREW", "TEN-OFF"]


class Day(RuleBasedStateMachine):
    """A hall of eight; adults and children share it, and children have a quota of five; a clock."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.travel = time_machine.travel(BEGINS, tick=False)
        self.clock = self.travel.start()
        airport = Airport.objects.create(iata="JFK", name="JFK", city="New York", country="US", zone="America/New_York")
        hall = Hall.objects.create(slug="hall", name="Hall", airport=airport, where="T5")
        times = {"starts_at": BEGINS + timedelta(days=2), "ends_at": BEGINS + timedelta(days=2, hours=2)}
        self.event = Event.objects.create(slug="talks", title="Talks", hall=hall, state=EventState.PUBLISHED, **times)
        every, few = (
            Quota.objects.create(event=self.event, name=name, size=size) for name, size in (("Hall", 8), ("Few", 5))
        )
        self.types = [
            TicketType.objects.create(event=self.event, name=name, price=price)
            for name, price in (("Adult", 900), ("Child", 0), ("Student", 900))
        ]
        self.types[0].quotas.add(every)
        self.types[2].quotas.add(every)
        self.types[1].quotas.add(every, few)

    def teardown(self):
        self.travel.stop()
        transaction.savepoint_rollback(self.savepoint)

    def one(self, number, *states):
        rows = list(Registration.objects.filter(state__in=states).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    # Steps

    @rule(minutes=st.sampled_from([1, 4, 11, 31]))
    def time_passes(self, minutes):
        self.clock.shift(minutes * MINUTE)

    @rule()
    def the_job_runs(self):
        lapse_expired(timezone.now())

    @rule(adults=some, children=some, browser=some, voucher=st.sampled_from(["", "", *CODES]))
    def hold(self, adults, children, browser, voucher):
        """All or nothing: who is refused holds nothing more, and no more than what is free is held."""
        wanted = {self.types[0].pk: adults, self.types[1].pk: children}
        before = Registration.objects.count()
        with suppress(Refused):
            made = Registration.objects.hold(self.event, wanted, uuid4(), voucher, asker=Asker("a", str(browser)))
            assert made.places.count() == adults + children
            return
        assert Registration.objects.count() == before

    @rule(number=some)
    def book(self, number):
        self.attempt(self.one(number, State.HELD), "book", "Ada", "ada@example.org")

    @rule(number=some)
    def pay(self, number):
        self.attempt(self.one(number, State.UNPAID), "confirm")

    @rule(number=some, verb=st.sampled_from(["release", "cancel", "call_off", "extend"]))
    def end(self, number, verb):
        self.attempt(self.one(number, *State), verb)

    @rule(number=some, ticket=some)
    def cancel_ticket(self, number, ticket):
        registration = self.one(number, State.UNPAID, State.CONFIRMED)
        if registration:
            tickets = list(registration.tickets.all())
            self.attempt(registration, "cancel_ticket", tickets[ticket % len(tickets)])

    @rule(number=some, to=st.integers(0, 2))
    def swap(self, number, to):
        registration = self.one(number, State.CONFIRMED)
        if registration:
            self.attempt(registration, "swap", registration.tickets.first(), self.types[to])

    @rule(quota=st.integers(0, 1), size=st.integers(0, 10))
    def resize(self, quota, size):
        self.event.resize(self.event.quotas.order_by("pk")[quota], size)

    @rule(count=some, type_=st.integers(0, 1))
    def block(self, count, type_):
        with suppress(Refused):
            self.event.block(self.types[type_], count, "Press")

    @rule()
    def unblock(self):
        self.event.unblock(Place.objects.filter(use=Use.BLOCKED))

    @rule(
        code=st.sampled_from(CODES), most=st.integers(1, 4), type_=st.integers(0, 1), minutes=st.sampled_from([0, 20])
    )
    def issue_or_change(self, code, most, type_, minutes):
        until = timezone.now() + minutes * MINUTE if minutes else None
        with suppress(Refused):
            if voucher := Voucher.objects.filter(code=code).first():
                voucher.change(most, until)
            else:
                Voucher.objects.issue(
                    self.event, code, most, type=self.types[type_], reserves=code == "CREW", valid_until=until
                )

    @rule(code=st.sampled_from(CODES))
    def withdraw(self, code):
        if voucher := Voucher.objects.filter(code=code).first():
            voucher.withdraw()

    def attempt(self, registration, verb, *arguments):
        if registration:
            with suppress(Refused):
                getattr(registration, verb)(*arguments)

    # What always holds

    @invariant()
    def the_ledger_adds_up(self):
        assert audit(self.event) == []

    @invariant()
    def what_is_sold_was_there(self):
        """Nothing is overdrawn unless somebody lowered the size, and then no more than was used."""
        for row in Capacity.read(self.event, timezone.now()).ledger():
            quota = row.quota
            assert quota.taken <= quota.ceiling and (quota.ceiling == quota.size or quota.ceiling == quota.taken)


@pytest.mark.django_db
def test_any_day():
    with transaction.atomic():
        run_state_machine_as_test(
            Day,
            settings=settings(
                max_examples=examples(30),
                stateful_step_count=30,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
