"""What an order costs, how it is paid, and what goes back: to the cent, everywhere the same."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.test import Client
from django.utils import timezone

from checkout.models import Payment, Refund
from checkout.periodic import settle_payments
from checkout.refunding import send_due
from links.tokens import absolute
from post.models import Message
from tests.html import one_line
from tests.orders.ordering import wanted
from tests.paying import come
from tracking.orders.models import Dish, Line, Order, State
from tracking.orders.placing import LineFaults, check_payable
from verbs.refusals import Refused

pytestmark = pytest.mark.django_db


def pay(order):
    come(Payment.objects.begin(order))
    order.refresh_from_db()
    return order


def test_two_at_a_cent_and_one_at_sixteen_are_sixteen_and_two_everywhere(client, order_food, menu, grill):
    """WooCommerce printed 16.03 and charged 16.02."""
    sauce = Dish.objects.create(shop=grill, name="Sauce", price=1)
    pizza = Dish.objects.create(shop=grill, name="Pizza", price=1600)
    order = pay(order_food(wanted(sauce, 2), wanted(pizza)))
    assert order.total == 1602 == Payment.objects.get().amount
    assert "$16.02" in client.get(f"/orders/order/{order.token}/").text
    assert "$16.02" in Message.objects.get(subject__contains="we have your order").body
    order.refuse("The oven is cold")
    assert sum(refund.amount for refund in Refund.objects.all()) == 1602


@pytest.mark.parametrize("sequence", list(permutations(range(3))))
def test_refunds_of_single_lines_come_to_the_total_exactly(make_order, sequence):
    """Three lines of 3.50 with 1.00 off: 3.16, 3.17 and 3.17."""
    order = make_order({"Cola": 1, "Soup": 1, "Milkshake": 1}, State.ACCEPTED)
    for line, discount in zip(order.lines.all(), (34, 33, 33), strict=True):
        Line.objects.filter(pk=line.pk).update(unit_price=350, discount=discount, amount=350 - discount)
    Order.objects.filter(pk=order.pk).update(total=950, discount=100)
    order.refresh_from_db()
    paid_for(order)
    lines = [line.pk for line in order.lines.all()]
    for number in sequence:
        order.void_line(lines[number], "none left")
    assert sorted(refund.amount for refund in Refund.objects.all()) == [316, 317, 317]
    assert order.state == State.CANCELLED and Payment.objects.came_for(order) == 0
    assert all(line.given_back == line.amount for line in order.lines.all())


def paid_for(order):
    return Payment.objects.create(
        thing=order,
        variant="default",
        currency="USD",
        amount=order.total,
        total=order.price.units,
        status="confirmed",
        settled_at=timezone.now(),
    )


def test_what_was_paid_at_the_shop_is_not_given_back_here(make_order):
    order = make_order({"Burger": 1, "Cola": 1}, State.ACCEPTED)
    order.void_line(order.lines.get(name="Cola").pk, "none left")
    order.call_off("The oven is cold")
    assert not Refund.objects.exists() and not any(order.lines.values_list("given_back", flat=True))


def test_it_is_paid_by_the_page_and_then_the_kitchen_has_it(client, order_food, menu, grill, assert_published):
    order = order_food(wanted(menu["Burger"], 1, Chips=1))
    assert not Message.objects.exists()
    answer = client.post(f"/orders/order/{order.token}/pay/")
    assert answer.status_code == 302 and "/checkout/" in answer["Location"]
    page = client.get(answer["Location"])
    assert "$15.50" in page.text and order.reference in page.text
    with assert_published(f"shop-orders-{grill.pk}", f"order-{order.pk}"):
        client.post(answer["Location"], {"status": "confirmed"})
    order.refresh_from_db()
    assert order.state == State.PLACED and order.placed_at and order.expires_at is None
    assert (
        Message.objects.get().to == "ada@example.org"
        and absolute(order.get_absolute_url()) in Message.objects.get().body
    )
    assert client.get(answer["Location"], follow=True).request["PATH_INFO"] == order.get_absolute_url()


def test_what_is_paid_later_is_promised_from_then_on(order_food, menu, time_machine):
    order = order_food(wanted(menu["Cola"]))
    minutes, gap = order.latest - order.made_at, order.due_at - order.made_at
    time_machine.move_to(order.made_at + (order.expires_at - order.made_at) / 2, tick=False)
    pay(order)
    promise = order.promises.get()
    assert order.latest - order.placed_at == minutes and order.due_at - order.placed_at == gap
    assert (promise.earliest, promise.latest, promise.at) == (order.earliest, order.latest, order.placed_at)


def test_a_chosen_time_stays_as_it_was_chosen(order_food, menu, time_machine):
    wanted_at = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    order = order_food(wanted(menu["Cola"]), wanted_at=wanted_at)
    time_machine.move_to(timezone.now() + timedelta(minutes=5))
    assert pay(order).latest == wanted_at


def test_money_that_comes_too_late_goes_back(order_food, menu, time_machine):
    order = order_food(wanted(menu["Soup"], 5))
    payment = Payment.objects.begin(order)
    time_machine.move_to(order.expires_at)
    order_food(wanted(menu["Soup"], 5))  # somebody else has the portions now
    come(payment)
    order.refresh_from_db()
    assert order.state == State.CANCELLED and Refund.objects.get().amount == payment.amount
    assert "not paid in time" in Refund.objects.get().reason
    assert Dish.objects.get(name="Soup").stock == 0 and not Message.objects.exists()


def test_money_that_comes_late_is_used_where_nobody_has_asked_for_the_portions(order_food, menu, time_machine):
    order = order_food(wanted(menu["Soup"], 5))
    payment = Payment.objects.begin(order)
    time_machine.move_to(order.expires_at)
    come(payment)
    order.refresh_from_db()
    assert order.state == State.PLACED and not Refund.objects.exists()


def test_another_amount_than_the_total_is_no_payment(order_food, menu):
    order = order_food(wanted(menu["Cola"]))
    payment = Payment.objects.begin(order)
    Order.objects.filter(pk=order.pk).update(total=999)
    come(payment)
    order.refresh_from_db()
    assert order.state == State.UNPAID and Refund.objects.get().amount == 220


def test_what_is_sold_out_by_hand_before_it_is_paid_is_said_and_nothing_is_charged(client, order_food, menu):
    order = order_food(wanted(menu["Cola"]), wanted(menu["Burger menu"], 1, Burger=1, Milkshake=1))
    menu["Milkshake"].sell_out(timezone.now() + timedelta(hours=1))
    with pytest.raises(LineFaults) as refused:
        check_payable(order)
    assert [fault.line for fault in refused.value.faults] == [1]
    answer = client.post(f"/orders/order/{order.token}/pay/")
    assert answer.status_code == 422 and "Nothing is paid: Milkshake is sold out." in one_line(answer.text)
    assert not Payment.objects.exists() and order.lines.count() == 2


def test_the_page_of_the_payment_asks_again_before_anybody_pays(client, order_food, menu):
    order = order_food(wanted(menu["Milkshake"]))
    address = Payment.objects.begin(order).get_absolute_url()
    assert client.get(address).status_code == 200
    menu["Milkshake"].sell_out(timezone.now() + timedelta(hours=1))
    for answer in (client.get(address), client.post(address, {"outcome": "paid"})):
        assert answer.status_code == 409 and "Nothing is paid: Milkshake is sold out." in one_line(answer.text)
    order.refresh_from_db()
    assert order.state == State.UNPAID
    menu["Milkshake"].refresh_from_db()
    menu["Milkshake"].bring_back()
    assert client.get(address).status_code == 200


def test_a_shop_that_closes_before_it_is_paid_takes_no_money(client, order_food, menu, grill):
    order = order_food(wanted(menu["Cola"]))
    grill.paused_until = timezone.now() + timedelta(minutes=15)
    grill.save()
    answer = client.post(f"/orders/order/{order.token}/pay/")
    assert answer.status_code == 422 and "takes no orders until" in answer.text and not Payment.objects.exists()


def test_a_payment_is_no_work_for_the_kitchen(order_food, menu):
    order = pay(order_food(wanted(menu["Burger"], 1, Chips=1), wanted(menu["Cola"])))
    parts = list(order.parts.values_list("pk", "printed"))
    with pytest.raises(Refused):
        order.pay()
    assert list(order.parts.values_list("pk", "printed")) == parts


def test_money_whose_news_could_not_be_saved_is_a_fault_and_places_it_later_once(order_food, menu, monkeypatch):
    order = order_food(wanted(menu["Cola"]))
    address = Payment.objects.begin(order).get_absolute_url()
    provider = Client(raise_request_exception=False)
    with monkeypatch.context() as broken:
        broken.setattr(Order, "pay", lambda self: 1 / 0)
        assert provider.post(address, {"status": "confirmed"}).status_code == 500
        order.refresh_from_db()
        assert order.state == State.UNPAID
    for _again in range(2):
        settle_payments()
        provider.post(address, {"status": "confirmed"})
    order.refresh_from_db()
    assert order.state == State.PLACED and order.changes.filter(verb="pay", field="state").count() == 1
    assert not Refund.objects.exists() and Message.objects.count() == 1


def test_each_refund_is_sent_once(order_food, menu):
    order = pay(order_food(wanted(menu["Burger"], 2, Chips=1)))
    order.cancel()
    for _round in range(2):
        send_due()
    refund = Refund.objects.get()
    assert refund.sent_at and refund.amount == 3100 and refund.tries == 1
