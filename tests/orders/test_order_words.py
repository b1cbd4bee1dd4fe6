"""What an order's page tells its customer to do next: pay at the shop, order again, go back to the menu."""

import pytest
from django.utils import timezone

from tests.html import one_line
from tracking.orders.models import State

pytestmark = pytest.mark.django_db

PAY = "at the shop when you get it"


def page_of(client, order):
    return one_line(client.get(f"/orders/order/{order.token}/").text)


def test_what_is_paid_at_the_shop_is_said_until_it_is_handed_over(client, make_order):
    order = make_order({"Burger": 2})
    assert f"You pay $31.00 {PAY}." in page_of(client, order)
    order.accept()
    order.start()
    order.bump()
    assert PAY in page_of(client, order)
    order.collect()
    assert PAY not in page_of(client, order)


def test_what_comes_to_the_gate_is_paid_to_the_runner(client, make_order):
    page = page_of(client, make_order(way="delivery", gate="B22"))
    assert "You pay $15.50 to the runner when you get it." in page


@pytest.mark.parametrize("fields", [{"is_paid": True}, {"source": "front"}, {"state": State.REFUSED}])
def test_nothing_is_to_pay_of_what_was_paid_or_is_over(client, make_order, fields):
    assert PAY not in page_of(client, make_order(**fields))


def test_who_has_not_paid_orders_it_again_with_one_tap(client, make_order):
    order = make_order(state=State.UNPAID)
    order.cancel()
    assert 'href="/orders/grill/order/"' in page_of(client, order)


@pytest.mark.parametrize("state", [State.REFUSED, State.COLLECTED, State.DELIVERED])
def test_every_end_leads_back_to_the_menu(client, make_order, state):
    order = make_order(state=state, placed_at=timezone.now())
    page = page_of(client, order)
    assert 'href="/orders/grill/">Back to the menu' in page and 'href="/orders/grill/order/"' not in page


def test_a_cancelled_order_says_so_once(client, make_order):
    order = make_order()
    answer = client.post(f"/orders/order/{order.token}/cancel/", follow=True)
    assert answer.text.count("is cancelled.") == 1
