"""The busy lever: everything takes longer for a while, or nothing is taken for a while; both end by themselves."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.orders.ordering import wanted
from tracking.orders.models import Cause, Order, State
from tracking.orders.promising import promise_for
from verbs.refusals import Refused

MINUTE = timedelta(minutes=1)


@pytest.fixture
def now():
    return timezone.now()


def test_busy_makes_new_promises_later_until_it_ends_by_itself(grill, now, assert_published):
    with assert_published(f"menu-{grill.pk}", f"shop-orders-{grill.pk}"):
        grill.be_busy(10, now=now)
    span = promise_for(grill, 1, now)
    assert (span.earliest, span.facts["busy"]) == (now + 22 * MINUTE, 10)
    assert promise_for(grill, 1, now + 61 * MINUTE).earliest == now + (61 + 12) * MINUTE


def test_busy_moves_the_promises_of_orders_that_nobody_has_begun(grill, now, make_order, olga, assert_published):
    placed, accepted = make_order(), make_order(state=State.ACCEPTED)
    making, later = make_order(state=State.MAKING), make_order(wanted_at=now + timedelta(hours=2))
    with assert_published(f"order-{placed.pk}", f"order-{accepted.pk}"):
        grill.be_busy(10, by=olga)
    for order in (placed, accepted):
        was, due = order.latest, order.due_at
        order.refresh_from_db()
        assert (order.latest, order.due_at) == (was + 10 * MINUTE, due)  # its place in the kitchen is the same
        assert order.promises.get().reasons == ["The shop is busy: +10 min."]
        assert order.changes.get(verb="put_off").by == olga
    assert not making.promises.exists() and not later.promises.exists()


def test_an_order_that_is_made_at_this_moment_stops_nothing(grill, make_order, monkeypatch):
    """It was read as accepted, and a cook has made it before it is moved."""
    made, other = make_order(state=State.ACCEPTED), make_order(state=State.ACCEPTED)
    put_off = Order.put_off

    def after_somebody_else(order, *args, **kwargs):
        if order.pk == made.pk:
            Order.objects.filter(pk=made.pk).update(state=State.READY)
        return put_off(order, *args, **kwargs)

    monkeypatch.setattr(Order, "put_off", after_somebody_else)
    grill.be_busy(10)
    grill.refresh_from_db()
    assert grill.busy_minutes == 10 and other.promises.exists() and not made.promises.exists()


def test_busier_moves_them_by_the_difference_and_less_busy_moves_none(grill, make_order):
    order = make_order()
    for minutes in (10, 20, 20, 10):
        grill.be_busy(minutes)
    assert [row.facts["minutes"] for row in order.promises.filter(cause=Cause.BUSY)] == [10, 10]


def test_what_was_estimated_stays_marked_as_it_moves(grill, order_food, menu):
    order = order_food(wanted(menu["Cola"]))
    order.pay()
    grill.be_busy(10)
    assert [row.is_estimated for row in order.promises.all()] == [True, True]


def test_paused_takes_no_orders_until_it_ends_by_itself(grill, now):
    grill.pause()
    with pytest.raises(Refused, match="takes no orders until"):
        promise_for(grill, 1, now)
    promise_for(grill, 1, now + 16 * MINUTE)


def test_resume_ends_both_and_what_was_promised_stands(grill, now, make_order, assert_published):
    order = make_order()
    grill.be_busy(20)
    grill.pause()
    order.refresh_from_db()
    promised = order.latest
    with assert_published(f"menu-{grill.pk}"):
        grill.resume()
    grill.refresh_from_db()
    assert not grill.busy_now(now) and not grill.is_paused(now) and not grill.lever_ends(now)
    order.refresh_from_db()
    assert order.latest == promised


def test_what_shows_it_knows_when_it_ends(grill, now):
    grill.be_busy(10, now=now)
    grill.pause(now=now)
    assert grill.lever_ends(now) == [now + 60 * MINUTE, now + 15 * MINUTE]
    assert grill.lever_ends(now + 15 * MINUTE) == [now + 60 * MINUTE]


@pytest.mark.parametrize("minutes", [0, -10, 15, 10**9])
def test_other_minutes_are_refused(grill, minutes, assert_published):
    with assert_published(), pytest.raises(Refused, match="10 or 20"):
        grill.be_busy(minutes)
    grill.refresh_from_db()
    assert grill.busy_until is None


def test_two_shops_have_a_lever_each(grill, bar, now):
    grill.be_busy(20, now=now)
    grill.pause(now=now)
    assert promise_for(bar, 1, now).earliest == now + 12 * MINUTE


def test_an_hour_later_the_lever_counts_anew(grill, make_order, now):
    grill.be_busy(10)
    with time_machine.travel(now + 2 * 60 * MINUTE):
        order = make_order()
        grill.be_busy(10)
        assert order.promises.get().facts["minutes"] == 10
