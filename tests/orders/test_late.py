"""Orders that are later than promised: they say so, with a range that never ends in the past."""

from datetime import timedelta

import pytest
from django.utils import timezone

from live.health import Trouble, checks
from tracking.orders.late import follow_late
from tracking.orders.models import Cause, State, Way

MINUTE = timedelta(minutes=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.mark.parametrize("state", [State.PLACED, State.ACCEPTED, State.MAKING, State.OUT])
def test_a_late_order_gets_a_new_range_once(make_order, now, state, assert_published):
    order = make_order(state=state, minutes_ago=20)
    with assert_published(f"order-{order.pk}", f"shop-orders-{order.shop_id}"):
        assert follow_late(now) == 1
    order.refresh_from_db()
    assert now < order.earliest < order.latest
    promise = order.promises.get()
    assert (promise.cause, promise.is_estimated) == (Cause.LATE, False)  # a guess, but not the shop's setting
    assert promise.reasons == ["It takes longer than was thought: +9 min."]
    with assert_published():
        assert follow_late(now) == 0


def test_its_place_in_the_kitchen_stays(make_order, now):
    order = make_order(minutes_ago=20)
    due = order.due_at
    follow_late(now)
    order.refresh_from_db()
    assert order.due_at == due


def test_the_later_it_is_the_wider_is_its_range(make_order, now):
    soon, long = make_order(minutes_ago=20), make_order(minutes_ago=60)
    spans = [order.expected(now) for order in (soon, long)]
    assert [round((span.latest - now) / MINUTE) for span in spans] == [5, 15]
    assert all(span.is_late for span in spans)


@pytest.mark.parametrize(("way", "most"), [(Way.COLLECTION, 10), (Way.DELIVERY, 12)])
def test_one_that_was_ordered_the_day_before_is_as_late_as_the_kitchen_is(make_order, now, way, most):
    """Its age is that since it was time to begin, and not since it was ordered."""
    order = make_order(minutes_ago=20 * 60, wanted_at=now - 10 * MINUTE, way=way, gate="B22")
    expected = order.expected(now)
    assert expected.is_late and expected.earliest - now >= MINUTE
    assert expected.latest - now <= most * MINUTE


def test_a_page_says_it_before_it_is_written_down(make_order):
    order = make_order()
    assert order.expected(order.latest - MINUTE) == (order.earliest, order.latest, False)
    late = order.expected(order.latest)
    assert late.is_late and late.earliest > order.latest


def test_what_waits_for_its_customer_is_never_late(make_order, now):
    order = make_order(state=State.READY, minutes_ago=60)
    assert not order.expected(now).is_late
    assert follow_late(now) == 0


def test_what_is_ready_for_a_gate_is_late_as_long_as_nobody_brings_it(make_order, now):
    order = make_order(state=State.READY, minutes_ago=60, way=Way.DELIVERY)
    assert order.expected(now).is_late
    assert follow_late(now) == 1


def test_what_has_ended_or_is_not_paid_is_not_followed(make_order, now):
    for state in (State.UNPAID, State.COLLECTED, State.DELIVERED, State.CANCELLED, State.REFUSED):
        make_order(state=state, minutes_ago=60, placed_at=now - 60 * MINUTE)
    assert follow_late(now) == 0


def test_one_that_fails_keeps_no_other_from_its_promise(make_order, now, monkeypatch):
    broken, other = make_order(minutes_ago=30), make_order(minutes_ago=20)
    whole = type(broken).be_late

    def be_late(order, at):
        if order.pk == broken.pk:
            raise RuntimeError("broken")
        return whole(order, at)

    monkeypatch.setattr(type(broken), "be_late", be_late)
    with pytest.raises(ExceptionGroup):
        follow_late(now)
    assert other.promises.count() == 1 and broken.promises.count() == 0


def test_the_clock_of_one_order_is_not_anothers(make_order, now):
    late, fine = make_order(minutes_ago=20), make_order()
    follow_late(now)
    assert late.promises.exists() and not fine.promises.exists()


def test_readyz_says_how_many_late_orders_nobody_looks_after(make_order, now):
    check = next(check for check in checks if check.name == "orders")
    assert not check.vital
    check.job()
    make_order(minutes_ago=18)
    with pytest.raises(Trouble, match="1 late"):
        check.job()
    follow_late(now)
    check.job()
