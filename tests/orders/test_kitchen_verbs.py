"""What a kitchen does with an order: forward and back, twice and by two at once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from checkout.models import Refund
from post.models import Message
from tests.races import all_at_once, answers_at_once, faults
from tracking.orders.models import Order, State, Way
from tracking.orders.models.handing_verbs import PIN_TRIES, WrongPin
from verbs.refusals import IllegalMove, Refused


def fresh(order):
    return Order.objects.get(pk=order.pk)


def states(order):
    return list(order.changes.filter(field="state").values_list("verb", "after"))


def part(order, name):
    return order.parts.get(name=name).pk


def test_from_the_kitchen_to_the_hand(make_order, olga, assert_published):
    order = make_order(state=State.PLACED)
    with assert_published(f"order-{order.pk}", f"shop-orders-{order.shop_id}"):
        order.accept(by=olga)
    order.start(by=olga)
    order.bump(by=olga)
    order.collect(by=olga)
    assert states(order)[1:] == [
        ("accept", "accepted"),
        ("start", "making"),
        ("bump", "ready"),
        ("collect", "collected"),
    ]
    assert order.placed_at <= order.accepted_at <= order.making_at <= order.ready_at <= order.ended_at
    assert set(order.changes.exclude(verb="place").values_list("by", flat=True)) == {olga.pk}


@pytest.mark.parametrize(
    ("state", "verb", "arguments"),
    [
        (State.PLACED, "accept", []),
        (State.PLACED, "refuse", ["We close now"]),
        (State.ACCEPTED, "start", []),
        (State.MAKING, "bump", []),
        (State.READY, "collect", []),
        (State.MAKING, "call_off", ["The grill is broken"]),
    ],
)
def test_sent_twice_it_is_done_once_and_the_second_hears_the_time_of_the_first(
    make_order, assert_published, state, verb, arguments
):
    order = make_order(state=state)
    first = getattr(fresh(order), verb)(*arguments)
    count = order.changes.count()
    with assert_published():
        again = getattr(fresh(order), verb)(*arguments)
    assert order.changes.count() == count and again.revision == first.revision
    stamps = ("accepted_at", "making_at", "ready_at", "ended_at")
    assert [getattr(again, name) for name in stamps] == [getattr(first, name) for name in stamps]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("state", "verb"), [(State.PLACED, "accept"), (State.MAKING, "bump")])
def test_two_cooks_tap_at_the_same_moment(make_order, state, verb):
    order = make_order({"Burger": 1, "Cola": 2}, state)
    answers_at_once(*[getattr(fresh(order), verb)] * 4)
    assert order.changes.filter(verb=verb, field="state").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_cook_takes_it_on_while_the_other_refuses_it(make_order):
    order = make_order(is_paid=True)
    outcomes = all_at_once(fresh(order).accept, lambda: fresh(order).refuse("Sold out"))
    assert len(faults(outcomes, IllegalMove)) == 1
    back = sum(Refund.objects.values_list("amount", flat=True))
    assert (fresh(order).state, back) in [(State.ACCEPTED, 0), (State.REFUSED, order.total)]


@pytest.mark.django_db(transaction=True)
def test_two_stations_finish_the_last_parts_at_the_same_moment(make_order):
    order = make_order({"Burger": 1, "Cola": 1}, State.MAKING)
    answers_at_once(
        lambda: fresh(order).finish_part(part(order, "Burger"), 1),
        lambda: fresh(order).finish_part(part(order, "Cola"), 1),
    )
    assert fresh(order).state == State.READY and order.promises.count() == 1


def test_drinks_are_ready_before_the_food(make_order, assert_published):
    order = make_order({"Burger": 2, "Cola": 1}, State.ACCEPTED)
    with assert_published(f"shop-orders-{order.shop_id}"):
        order.finish_part(part(order, "Cola"), 1)
    assert order.state == State.MAKING
    order.finish_part(part(order, "Burger"), 1)
    assert order.state == State.MAKING
    with assert_published():
        order.finish_part(part(order, "Burger"), 1)
    order.finish_part(part(order, "Burger"), 2)
    assert order.state == State.READY and order.ready_at
    order.finish_part(part(order, "Burger"), 2)  # somebody else ticks it as well
    assert order.changes.filter(field="state", after="ready").count() == 1


@pytest.mark.parametrize("ready", [-1, 3, 10**9])
def test_no_more_is_ready_than_was_ordered(make_order, assert_published, ready):
    order = make_order({"Burger": 2}, State.MAKING)
    with assert_published(), pytest.raises(Refused):
        order.finish_part(part(order, "Burger"), ready)


def test_a_part_of_another_order_is_none_of_this_one(make_order):
    order, other = make_order(state=State.MAKING), make_order(state=State.MAKING)
    with pytest.raises(Refused):
        order.finish_part(part(other, "Burger"), 1)
    assert not other.parts.filter(ready=1).exists()


def test_a_station_bumps_its_own_parts(make_order, grill):
    kitchen, drinks = grill.stations.all()
    order = make_order({"Burger": 1, "Cola": 3}, State.MAKING)
    order.bump(drinks.pk)
    assert order.state == State.MAKING and order.parts.get(name="Cola").is_ready
    order.bump(kitchen.pk)
    assert order.state == State.READY


def test_a_recalled_order_goes_back_to_its_old_place_with_its_own_time(make_order):
    orders = [make_order(state=State.MAKING, minutes_ago=minutes) for minutes in (20, 15, 10)]
    places = list(Order.objects.open().in_order())
    middle = orders[1]
    before = middle.placed_at, middle.making_at, middle.due_at
    middle.bump()
    middle.recall("ready")
    assert list(Order.objects.open().in_order()) == places == orders
    assert fresh(middle).state == State.MAKING and fresh(middle).ready_at is None
    assert (middle.placed_at, middle.making_at, middle.due_at) == before


def test_a_recall_undoes_the_last_move_and_nothing_else(make_order):
    order = make_order({"Burger": 2, "Cola": 1}, State.MAKING)
    order.finish_part(part(order, "Cola"), 1)
    order.finish_part(part(order, "Burger"), 1)
    order.finish_part(part(order, "Burger"), 2)
    order.recall("ready")
    assert dict(order.parts.values_list("name", "ready")) == {"Burger": 1, "Cola": 1}
    order.bump()
    order.collect()
    assert order.recall("collected").state == State.READY
    assert order.recall("ready").state == State.MAKING


def test_an_order_that_nobody_has_begun_goes_back_to_where_it_was(make_order):
    order = make_order(state=State.ACCEPTED)
    order.bump()
    assert order.recall("ready").state == State.ACCEPTED


def test_a_recall_that_is_sent_twice_undoes_one_move(make_order):
    order = make_order(state=State.READY)
    order.collect()
    order.recall("collected")
    assert fresh(order).recall("collected").state == State.READY
    order = fresh(order).collect()
    with pytest.raises(Refused, match="moved on"):
        order.recall("ready")  # somebody looks at an old screen


def test_no_recall_brings_back_yesterday(make_order, time_machine):
    order = make_order(state=State.READY)
    order.collect()
    time_machine.move_to(timezone.now() + timedelta(hours=2, seconds=1))
    with pytest.raises(Refused, match="too long ago"):
        order.recall("collected")
    assert fresh(order).state == State.COLLECTED


@pytest.mark.parametrize("state", [State.PLACED, State.MAKING])
def test_what_never_moved_is_not_recalled(make_order, state):
    with pytest.raises(IllegalMove):
        make_order(state=state).recall()


def test_when_it_is_ready_the_promise_is_now_and_has_a_receipt(make_order):
    order = make_order(state=State.MAKING, minutes_ago=5)
    now = timezone.now()
    order.bump()
    assert abs(order.latest - now) < timedelta(seconds=5)
    assert [promise.cause for promise in order.promises.all()] == ["ready"]
    order.recall()
    assert order.latest > timezone.now() and order.promises.last().cause == "recalled"


def test_the_kitchen_may_say_how_long_it_takes(make_order, grill):
    order = make_order(way=Way.DELIVERY, gate="B22")
    order.accept(minutes=25)
    assert round((order.latest - order.accepted_at).total_seconds() / 60) == 25 + grill.walk
    with pytest.raises(Refused):
        make_order().accept(minutes=10**9)


def test_a_runner_needs_the_pin_that_the_customer_says(make_order):
    order = make_order(state=State.READY, way=Way.DELIVERY, gate="B22", pin="0427")
    order.send_out()
    with pytest.raises(WrongPin) as wrong:
        order.deliver("1234")
    assert wrong.value.left == PIN_TRIES - 1 and fresh(order).state == State.OUT
    order.deliver(" 0427 ")
    assert order.state == State.DELIVERED and order.ended_at
    assert fresh(order).deliver("0427").ended_at == order.ended_at


@pytest.mark.django_db(transaction=True)
def test_pins_can_not_be_guessed_even_many_at_once(make_order):
    order = make_order(state=State.OUT, way=Way.DELIVERY, gate="B22", pin="0427")
    all_at_once(*[lambda pin=pin: fresh(order).deliver(f"{pin:04}") for pin in range(1, 9)])
    assert fresh(order).pin_tries == PIN_TRIES
    with pytest.raises(WrongPin) as locked:
        fresh(order).deliver("0427")
    assert locked.value.left == 0 and fresh(order).state == State.OUT
    with pytest.raises(Refused):
        fresh(order).hand_over_without_pin(" ")
    handed = fresh(order).hand_over_without_pin("The customer showed the mail")
    assert handed.state == State.DELIVERED and handed.reason == "The customer showed the mail"


def test_nobody_at_the_gate(make_order):
    order = make_order(state=State.OUT, way=Way.DELIVERY, gate="B22", pin="0427")
    order.not_found()
    assert fresh(order).not_found().state == State.READY and "B22" in order.why_back
    with override("de"):
        assert order.why_back == "An Gate B22 wurde niemand gefunden"  # in the words of who reads it
    order.collect()
    assert order.state == State.COLLECTED and not order.why_back


def test_that_nobody_was_at_the_gate_can_be_undone(make_order):
    """It is the last move: the runner has found them after all."""
    order = make_order(state=State.OUT, way=Way.DELIVERY, gate="B22", pin="0427", email="nora@example.org")
    order.not_found("They left")
    order.recall("ready")
    assert fresh(order).state == State.OUT and not fresh(order).reason
    assert not any("too early" in message.body for message in Message.objects.all())
    assert fresh(order).deliver("0427").state == State.DELIVERED


def test_no_pin_is_passed_by_as_an_order_leaves_the_shop(make_order):
    """The till has read it as ready; a runner takes it out; then the till's answer comes without a PIN that was compared."""
    order = make_order(state=State.READY, way=Way.DELIVERY, gate="B22", pin="0427")
    stale = Order.objects.get(pk=order.pk)
    order.send_out()
    with pytest.raises(Refused):
        stale.deliver("9999")
    assert fresh(order).state == State.OUT
    assert fresh(order).deliver("0427").state == State.DELIVERED


def test_what_is_collected_at_the_shop_has_no_runner(make_order):
    with pytest.raises(Refused):
        make_order(state=State.READY).send_out()


def test_refusing_gives_back_all_the_money_and_the_portions(make_order, menu, assert_published):
    order = make_order({"Soup": 2, "Burger": 1}, is_paid=True)
    with assert_published(f"menu-{order.shop_id}"):
        order.refuse("We have no soup")
    menu["Soup"].refresh_from_db()
    assert menu["Soup"].stock == 7
    assert sum(Refund.objects.values_list("amount", flat=True)) == order.total
    assert all(line.given_back == line.amount for line in order.lines.all())


def test_what_is_cooked_goes_back_into_no_stock(make_order, menu):
    make_order({"Soup": 2}, State.MAKING).call_off("The pot fell down")
    menu["Soup"].refresh_from_db()
    assert menu["Soup"].stock == 5


@pytest.mark.parametrize("verb", ["refuse", "call_off"])
def test_the_customer_is_told_why(make_order, verb):
    with pytest.raises(Refused, match="why"):
        getattr(make_order(), verb)("  ")


def test_a_line_that_can_not_be_made_is_void_and_its_money_goes_back(make_order):
    order = make_order({"Burger": 1, "Cola": 2}, State.MAKING, is_paid=True)
    line = order.lines.get(name="Cola")
    order.void_line(line.pk, "No cola left")
    order.void_line(line.pk, "No cola left")
    assert Refund.objects.get().amount == line.amount and order.total == 1550
    assert order.parts.count() == 2  # struck through, until somebody has seen it
    order.finish_part(part(order, "Burger"), 1)
    assert order.state == State.READY


def test_a_void_line_was_the_last_thing_to_wait_for(make_order):
    order = make_order({"Burger": 1, "Cola": 1}, State.MAKING)
    order.finish_part(part(order, "Burger"), 1)
    order.void_line(order.lines.get(name="Cola").pk, "No cola left")
    assert order.state == State.READY


def test_without_its_last_line_it_is_cancelled(make_order):
    order = make_order({"Burger": 1}, State.ACCEPTED, is_paid=True)
    order.void_line(order.lines.get().pk, "No burgers left")
    assert order.state == State.CANCELLED and Refund.objects.get().amount == order.total


def test_a_cancellation_is_acknowledged_once(make_order, olga, assert_published):
    order = make_order(state=State.ACCEPTED)
    order.call_off("The grill is broken")
    assert order.is_unseen
    with assert_published(f"shop-orders-{order.shop_id}"):
        order.acknowledge(by=olga)
    with assert_published():
        order.acknowledge()
    assert not fresh(order).is_unseen and order.changes.get(verb="acknowledge").by == olga
