"""Promises that several change at the same moment: the lever, the kitchen, customers, the clock and the flight."""

from functools import partial

import pytest
from django.utils import timezone

from clocks import HOUR
from post.models import Message
from tests.orders.ordering import wanted
from tests.races import all_at_once, answers_at_once, faults
from tracking.orders.flights import follow_flights
from tracking.orders.late import follow_late
from tracking.orders.models import Order, State, Way
from verbs.refusals import Refused


@pytest.mark.django_db(transaction=True)
def test_a_busy_shop_cooks_customers_and_the_clock_at_once(grill, menu, make_order, order_food):
    """They lock the shop, orders and dishes; none waits for another in a circle."""
    orders = [make_order({"Soup": 1, "Cola": 1}, minutes_ago=20) for _count in range(6)]
    own, clocks = ([Order.objects.get(pk=order.pk) for order in orders] for _copy in range(2))
    calls = [
        lambda: grill.be_busy(10),
        lambda: order_food(wanted(menu["Cola"]), wanted(menu["Soup"])),
        lambda: menu["Soup"].sell_out(timezone.now() + HOUR),
        *(order.accept for order in own[:3]),
        *(order.cancel for order in own[3:]),
        *(partial(order.be_late, timezone.now()) for order in clocks),
    ]
    outcomes = all_at_once(*calls)
    assert not [fault for fault in faults(outcomes) if not isinstance(fault, Refused)]
    for order in orders:
        order.refresh_from_db()
    assert [order.state for order in orders] == [State.ACCEPTED] * 3 + [State.CANCELLED] * 3
    for order in orders[:3]:
        assert order.promises.last().latest == order.latest > timezone.now()


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_tell_of_a_flight_once(make_order, flight):
    flight.assign_gate("B20")
    order = make_order(
        state=State.MAKING,
        way=Way.DELIVERY,
        flight=flight,
        flight_seen=flight.revision,
        gate="B20",
        email="nora@example.org",
    )
    flight.assign_gate("B22")
    answers_at_once(*[lambda: follow_flights(timezone.now())] * 3)
    order.refresh_from_db()
    assert order.promises.count() == 1 and Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_make_one_new_promise_of_a_late_order(make_order):
    order = make_order(minutes_ago=20)
    now = timezone.now()
    answers_at_once(*[lambda: follow_late(now)] * 3)
    assert order.promises.count() == 1
