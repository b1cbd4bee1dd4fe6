"""Many at the same moment: no portion is sold twice, nothing is ordered or paid twice, and who loses is told. On both databases."""

from uuid import uuid4

import pytest

from checkout.models import Payment, Refund
from strangers import Asker, TooMany
from tests.orders.ordering import wanted
from tests.paying import come
from tests.races import all_at_once, answers_at_once, faults
from tracking.orders.models import Dish, Order, State
from tracking.orders.placing import LineFaults, Wanted
from verbs.refusals import IllegalMove, Refused

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 12


def fresh(order):
    return Order.objects.get(pk=order.pk)


def stock_of(name):
    return Dish.objects.get(name=name).stock


def test_of_many_after_the_last_five_portions_five_get_one_and_the_others_are_told(order_food, menu):
    outcomes = all_at_once(*[lambda: order_food(wanted(menu["Soup"]))] * MANY)
    lost = faults(outcomes)
    assert len(lost) == MANY - 5 and all(isinstance(fault, LineFaults) for fault in lost)
    assert all("sold out" in str(fault) for fault in lost)
    assert stock_of("Soup") == 0 and Order.objects.count() == 5


def test_baskets_with_the_same_two_last_dishes_never_wait_for_each_other(order_food, menu):
    Dish.objects.filter(name__in=["Soup", "Cola"]).update(stock=3)
    one = lambda: order_food(wanted(menu["Soup"]), wanted(menu["Cola"]))  # noqa: E731
    other = lambda: order_food(wanted(menu["Cola"]), wanted(menu["Soup"]))  # noqa: E731
    outcomes = all_at_once(*[one, other] * 4)
    assert len(faults(outcomes)) == 5 and len(faults(outcomes, LineFaults)) == 5
    assert stock_of("Soup") == stock_of("Cola") == 0 and Order.objects.count() == 3


def test_one_key_sent_many_times_at_once_is_one_order(order_food, menu):
    key = uuid4()
    made = answers_at_once(*[lambda: order_food(wanted(menu["Soup"], 3), key=key)] * 6)
    assert len({order.pk for order in made}) == 1 and stock_of("Soup") == 2
    assert made[0].changes.filter(field="state").count() == 1 and made[0].lines.count() == 1


def test_the_key_of_who_took_the_last_portion_is_no_refusal(order_food, menu):
    key = uuid4()
    made = answers_at_once(*[lambda: order_food(wanted(menu["Soup"], 5), key=key)] * 4)
    assert len({order.pk for order in made}) == 1 and stock_of("Soup") == 0


def test_one_address_never_has_more_open_orders_than_it_may(order_food, menu, settings):
    settings.ORDERS_PER_ADDRESS = 3
    outcomes = all_at_once(*[lambda: order_food(wanted(menu["Cola"]), asker=Asker("here", "a"))] * MANY)
    assert len(faults(outcomes, TooMany)) == MANY - 3 and Order.objects.count() == 3


def test_one_address_never_gets_more_portions_of_a_counter_than_it_may(order_food, bar):
    cake = Dish.objects.create(shop=bar, name="Cake", price=500, stock=60)
    outcomes = all_at_once(
        *[lambda: order_food(Wanted(cake.pk, 5), shop=bar, asker=Asker("here", "a"))] * MANY,
    )
    assert len(faults(outcomes, TooMany)) == MANY - 4 and stock_of("Cake") == 40


def test_money_comes_while_its_time_is_over(order_food, menu, time_machine):
    order = order_food(wanted(menu["Soup"], 2))
    payment = Payment.objects.begin(order)
    time_machine.move_to(order.expires_at)
    all_at_once(lambda: come(payment), lambda: fresh(order).lapse())
    state = fresh(order).state
    assert state in (State.PLACED, State.CANCELLED)
    assert stock_of("Soup") == (3 if state == State.PLACED else 5)
    assert Refund.objects.count() == (state == State.CANCELLED)


def test_the_same_news_of_a_payment_many_times_at_once_places_it_once(order_food, menu):
    order = order_food(wanted(menu["Cola"]))
    payment = Payment.objects.begin(order)
    answers_at_once(*[lambda: come(Payment.objects.get(pk=payment.pk))] * 4)
    assert fresh(order).changes.filter(verb="pay", field="state").count() == 1
    assert fresh(order).state == State.PLACED and not Refund.objects.exists()


def test_a_customer_cancels_while_the_kitchen_begins(make_order):
    order = make_order({"Soup": 1}, State.ACCEPTED, is_paid=True)
    outcomes = all_at_once(lambda: fresh(order).cancel(), lambda: fresh(order).start())
    assert len(faults(outcomes)) == 1 and isinstance(faults(outcomes)[0], (IllegalMove, Refused))
    state = fresh(order).state
    assert Refund.objects.count() == (state == State.CANCELLED) and state in (State.CANCELLED, State.MAKING)


def test_cancelled_many_times_at_once_the_money_goes_back_once(make_order):
    order = make_order({"Burger": 2}, State.PLACED, is_paid=True)
    outcomes = all_at_once(*[lambda: fresh(order).cancel()] * 5)
    assert len(faults(outcomes, IllegalMove)) == 4
    assert [refund.amount for refund in Refund.objects.all()] == [3100]


def test_a_line_left_out_while_all_is_cancelled_goes_back_once(make_order):
    order = make_order({"Burger": 1, "Cola": 2}, State.ACCEPTED, is_paid=True)
    line = order.lines.get(name="Cola").pk
    all_at_once(lambda: fresh(order).void_line(line, "none left"), lambda: fresh(order).cancel())
    assert sum(refund.amount for refund in Refund.objects.all()) == 1550 + 440
    assert fresh(order).state == State.CANCELLED
