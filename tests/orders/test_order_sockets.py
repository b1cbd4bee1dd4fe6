"""What an order's open pages are pushed, over real sockets: the same as a reload says, and nothing to anybody else."""

from datetime import timedelta

import httpx
import pytest
from django.utils import timezone

from checkout.models import Payment
from live.codes import NOT_ALLOWED, SIGN_IN
from live.outbox import publish
from tests.clients import socket_of
from tests.orders.ordering import wanted
from tests.paying import come
from tests.sockets import close_code, content_with, contents, silence
from tracking.orders import topics
from tracking.orders.models import Order

pytestmark = pytest.mark.django_db(transaction=True)

UNKNOWN = 999_999


def reloaded(server, order):
    return httpx.get(f"{server.url}/orders/order/{order.token}/").text


def polled(server, order):
    return httpx.get(f"{server.url}/live/order-tracking/{order.token}/").text


def test_each_move_is_on_the_open_page_and_is_what_poll_and_reload_say(server, make_order):
    order = make_order({"Burger": 1, "Cola": 1}, minutes_ago=1)
    with server.ws(f"/ws/order-tracking/{order.token}/") as socket:
        content_with(socket, "Placed</span>")
        for verb, words in (
            (order.accept, "Accepted</span>"),
            (order.start, "Being made</span>"),
            (order.bump, "It is ready."),
            (order.recall, "Being made</span>"),
            (lambda: order.call_off("The oven is cold"), "The oven is cold"),
        ):
            verb()
            content_with(socket, words)
            assert words in polled(server, order) and words in reloaded(server, order)


def test_payment_ends_the_wait_on_the_open_page(server, order_food, menu):
    order = order_food(wanted(menu["Cola"]))
    with server.ws(f"/ws/order-tracking/{order.token}/") as socket:
        content_with(socket, "Not paid yet")
        come(Payment.objects.begin(order))
        assert "Not paid yet" not in content_with(socket, "Placed</span>")


def test_the_time_to_pay_ends_by_itself(server, order_food, menu):
    order = order_food(wanted(menu["Cola"]))
    with server.ws(f"/ws/order-tracking/{order.token}/") as socket:
        content_with(socket, "Not paid yet")
        Order.objects.filter(pk=order.pk).update(expires_at=timezone.now() + timedelta(seconds=2))
        publish(topics.order(order.pk))  # so that the server knows of the new time
        content_with(socket, "was not placed")


def test_the_owner_and_the_shops_staff_watch_it_by_its_number(server, make_order, alice, olga):
    order = make_order(user=alice)
    for who in (alice, olga):
        with socket_of(server, who, f"/ws/order-tracking/{order.pk}/") as socket:
            assert order.reference in next(contents(socket))


def test_the_staff_watch_no_order_that_was_not_paid(server, order_food, menu, alice, olga):
    """It is no order for their kitchen yet, nor ever where its time to pay ends."""
    order = order_food(wanted(menu["Cola"]), user=alice)
    address = f"/ws/order-tracking/{order.pk}/"
    with socket_of(server, alice, address) as socket:
        content_with(socket, "Not paid yet")
    with socket_of(server, olga, address) as socket:
        assert close_code(socket) == NOT_ALLOWED
    come(Payment.objects.begin(order))
    with socket_of(server, olga, address) as socket:
        content_with(socket, "Placed</span>")
    lapsed = order_food(wanted(menu["Cola"]), user=alice)
    lapsed.cancel()
    with socket_of(server, olga, f"/ws/order-tracking/{lapsed.pk}/") as socket:
        assert close_code(socket) == NOT_ALLOWED


def test_a_number_of_somebody_else_and_one_of_nobody_are_refused_alike(server, make_order, alice, charlie, bruno):
    order = make_order(user=alice)
    for pk in (order.pk, UNKNOWN):
        with server.ws(f"/ws/order-tracking/{pk}/") as socket:
            assert close_code(socket) == SIGN_IN
        for who in (charlie, bruno):
            with socket_of(server, who, f"/ws/order-tracking/{pk}/") as socket:
                assert close_code(socket) == NOT_ALLOWED


def test_a_wrong_guess_looks_like_a_link_that_ended(server, make_order, alice):
    order = make_order(user=alice)
    for token in ("nothing", order.token[:-1], f"{order.token}x"):
        with server.ws(f"/ws/order-tracking/{token}/") as socket:
            assert close_code(socket) == NOT_ALLOWED


def test_a_revoked_link_ends_the_open_page(server, make_order):
    order = make_order()
    with server.ws(f"/ws/order-tracking/{order.token}/") as socket:
        next(contents(socket))
        order.revoke()
        assert close_code(socket, 20) == NOT_ALLOWED


def test_another_order_is_not_told(server, make_order):
    order, other = make_order(), make_order()
    with server.ws(f"/ws/order-tracking/{order.token}/") as socket:
        next(contents(socket))
        with silence(socket):
            other.accept()


def test_my_orders_are_told_of_mine_alone(server, make_order, alice, charlie):
    mine, others = make_order(user=alice), make_order(user=charlie)
    with socket_of(server, alice, f"/ws/my-orders/{alice.pk}/") as socket:
        next(contents(socket))
        with silence(socket):
            others.accept()
        mine.accept()
        content_with(socket, "Accepted</span>")
    with socket_of(server, charlie, f"/ws/my-orders/{alice.pk}/") as socket:
        assert close_code(socket) == NOT_ALLOWED
