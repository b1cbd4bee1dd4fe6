"""A property: promises stay honest, whatever the kitchens of two shops and the clock do in any order (Hypothesis)."""

from contextlib import suppress
from datetime import datetime, time, timedelta

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.effort import examples
from tracking.flights.models import Airport
from tracking.orders.late import follow_late
from tracking.orders.models import Cause, Order, Shop, State, Way
from tracking.orders.promising import promise_for
from verbs.refusals import Refused

BEGINS = datetime.fromisoformat("2027-03-01T12:00:00-05:00")
MINUTE = timedelta(minutes=1)

some = st.integers(0, 5)
verbs = st.lists(st.sampled_from(["accept", "start", "bump", "bump", "recall", "send_out", "collect"]), max_size=4)


class Lunch(RuleBasedStateMachine):
    """A grill and a bar, open until midnight; a clock."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.travel = time_machine.travel(BEGINS, tick=False)
        self.clock = self.travel.start()
        self.due = {}
        airport = Airport.objects.create(iata="JFK", name="JFK", city="New York", country="US", zone="America/New_York")
        self.grill, self.bar = (
            Shop.objects.create(slug=slug, name=slug, airport=airport, where="T5") for slug in ("grill", "bar")
        )
        for shop in (self.grill, self.bar):
            shop.hours.create(opens=time(6), closes=time(0))

    def teardown(self):
        self.travel.stop()
        transaction.savepoint_rollback(self.savepoint)

    # Steps

    @rule(minutes=st.sampled_from([1, 4, 7, 12, 30, 100]))
    def time_passes(self, minutes):
        self.clock.shift(minutes * MINUTE)

    @rule()
    def jobs_run(self):
        follow_late(timezone.now())
        assert not [order for order in Order.objects.all() if order.expected(timezone.now()).is_late]

    @rule(size=st.integers(1, 8), way=st.sampled_from(Way.values), later=st.sampled_from([0, 0, 0, 60, 200]))
    def order(self, size, way, later):
        """It moves no promise of the other shop, and makes none of its own earlier."""
        now = timezone.now()
        before = [self.promised(shop) for shop in (self.grill, self.bar)]
        wanted = now + later * MINUTE if later else None
        try:
            span = promise_for(self.grill, size, now, wanted, way)
        except Refused:
            return  # it can't be made by then, or before the kitchen closes
        assert now < span.earliest <= span.latest
        made = Order(shop=self.grill, name="Nora", way=way, currency="USD", due_at=span.latest, wanted_at=wanted)
        made.placed_at, made.earliest, made.latest = now, span.earliest, span.latest
        made.save()
        line = made.lines.create(position=0, name="Soup", quantity=size, unit_price=1, amount=size, tax_rate=0)
        made.parts.create(line=line, name="Soup", quantity=size)
        made.promise(span, Cause.PLACED)
        made.begin("place")
        self.due[made.pk] = made.due_at
        grill, bar = (self.promised(shop) for shop in (self.grill, self.bar))
        assert bar == before[1]
        assert not (grill and before[0]) or (grill.earliest >= before[0].earliest and grill.latest >= before[0].latest)

    @rule(number=some, verbs=verbs)
    def work(self, number, verbs):
        before = self.promised(self.bar)
        orders = Order.objects.open().order_by("pk")
        order = orders[number % len(orders)] if orders else None
        for verb in verbs if order else ():
            self.attempt(getattr(order, verb))
        assert self.promised(self.bar) == before

    @rule(minutes=st.sampled_from([10, 20]))
    def be_busy(self, minutes):
        self.attempt(lambda: self.grill.be_busy(minutes))

    @rule()
    def resume(self):
        self.grill.resume()

    # Invariants

    @invariant()
    def no_range_ends_in_the_past(self):
        now = timezone.now()
        for order in Order.objects.open():
            if order.is_awaited:
                assert order.expected(now).latest > now

    @invariant()
    def the_receipt_has_what_is_promised_and_says_it_once(self):
        for order in Order.objects.all():
            rows = list(order.promises.all())
            assert (rows[-1].earliest, rows[-1].latest) == (order.earliest, order.latest)
            assert [row.at for row in rows] == sorted(row.at for row in rows)
            assert all(row.earliest <= row.latest and row.reasons for row in rows)

    @invariant()
    def no_card_in_the_kitchen_moves(self):
        assert dict(Order.objects.values_list("pk", "due_at")) == self.due

    @invariant()
    def what_is_ready_says_so(self):
        for order in Order.objects.filter(state=State.READY, way=Way.COLLECTION):
            assert order.latest <= timezone.now()

    def promised(self, shop):
        try:
            return promise_for(shop, 1, timezone.now())
        except Refused:
            return None

    def attempt(self, verb):
        with suppress(Refused):
            verb()


def test_promises_stay_honest_whatever_happens(db):
    effort = settings(
        max_examples=examples(15),
        stateful_step_count=25,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(Lunch, settings=effort)
