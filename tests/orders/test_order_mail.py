"""What customers are told by mail: from what is committed, once, with the order for programs to read."""

import json
import re

import pytest
from django.db import transaction

from checkout.models import Payment
from post.models import Message
from tests.orders.ordering import ADA, wanted
from tests.paying import come
from tracking.orders.models import Order, State, Way
from tracking.orders.placing import Wanted

pytestmark = pytest.mark.django_db


def subjects():
    return [message.subject for message in Message.objects.order_by("pk")]


def order_in(message):
    """The Order of schema.org in a mail."""
    found = re.search(r"<script type=\"application/ld\+json\">(.*?)</script>", message.html, re.DOTALL)
    return json.loads(found[1])


@pytest.fixture
def paid(order_food, menu):
    def make(*lines, **fields):
        order = order_food(*lines or [wanted(menu["Burger"], 2, Chips=1)], **fields)
        come(Payment.objects.begin(order))
        order.refresh_from_db()
        return order

    return make


def test_each_stage_that_matters_is_told_once(paid):
    order = paid()
    order.accept().start()
    order.bump().bump()
    order.collect()
    reference = order.reference
    assert subjects() == [f"Grill: we have your order {reference}", f"Grill: your order {reference} is ready"]
    message = Message.objects.first()
    assert (message.to, message.about) == ("ada@example.org", order)
    assert "2 × Burger" in message.body and "Terminal 5, near gate B22" in message.body and "Hello Ada," in message.body


def test_a_delivery_tells_the_gate_and_the_number(paid):
    order = paid(way=Way.DELIVERY, gate="B22")
    assert "gate B22" in Message.objects.get().body and order.pin in Message.objects.get().body
    order.accept().bump().send_out()
    assert subjects()[-1] == f"Grill: your order {order.reference} is on its way"
    order.not_found()
    assert "did not find you" in subjects()[-1]
    assert order_in(Message.objects.last())["orderStatus"] == "https://schema.org/OrderProcessing"


def test_what_is_left_out_is_told_also_where_the_rest_is_ready_by_that(paid, menu):
    order = paid(wanted(menu["Burger"], 1, Chips=1), wanted(menu["Cola"]))
    order.accept().start()
    order.finish_part(order.parts.get(name="Burger").pk, 1)
    order.void_line(order.lines.get(name="Cola").pk, "We have no cola")
    assert order.state == State.READY
    assert "left out" in subjects()[-2] and "is ready" in subjects()[-1]
    left_out = Message.objects.order_by("-pk")[1]
    assert "We have no cola" in left_out.body and "$2.20" in left_out.body


def test_a_recall_says_when_a_delivery_is_at_the_gate(paid):
    order = paid(way=Way.DELIVERY, gate="B22").accept().bump()
    order.recall()
    body = Message.objects.last().body
    assert "It comes to gate B22 between" in body and "It is ready between" not in body


def test_a_recall_takes_back_what_was_said(paid):
    order = paid().accept().bump()
    order.recall()
    assert "is not ready yet" in subjects()[-1]
    order.bump()
    assert [("is ready" in subject) for subject in subjects()] == [False, True, False, True]


def test_refused_cancelled_and_left_out_say_why_and_what_comes_back(paid, menu):
    refused, left_out, cancelled = paid(), paid(wanted(menu["Cola"]), wanted(menu["Soup"])), paid()
    refused.refuse("The oven is cold")
    left_out.void_line(left_out.lines.get(name="Soup").pk, "It is all gone")
    cancelled.cancel()
    by_order = {order.pk: Message.objects.about(order).last() for order in (refused, left_out, cancelled)}
    assert "The oven is cold" in by_order[refused.pk].body and "$31.00" in by_order[refused.pk].body
    assert "1 × Soup (It is all gone)" in by_order[left_out.pk].body and "$7.00" in by_order[left_out.pk].body
    assert "is cancelled" in by_order[cancelled.pk].subject
    assert order_in(by_order[cancelled.pk])["orderStatus"] == "https://schema.org/OrderCancelled"


def test_programs_read_the_order(paid, menu):
    order = paid(wanted(menu["Burger"], 2, Chips=1), wanted(menu["Cola"]))
    found = order_in(Message.objects.get())
    assert (found["@type"], found["orderNumber"], found["orderStatus"]) == (
        "Order",
        order.reference,
        "https://schema.org/OrderProcessing",
    )
    assert (found["price"], found["priceCurrency"]) == ("33.20", "USD")
    assert [(offer["itemOffered"]["name"], offer["price"]) for offer in found["acceptedOffer"]] == [
        ("Burger", "31.00"),
        ("Cola", "2.20"),
    ]
    assert found["url"].endswith(order.get_absolute_url()) and found["orderDate"].endswith("-05:00")
    order.accept().bump()
    assert order_in(Message.objects.last())["orderStatus"] == "https://schema.org/OrderPickupAvailable"


def test_nothing_is_written_of_what_was_not_committed(make_order):
    order = make_order(state=State.MAKING, email="ada@example.org")
    before = Message.objects.count()
    with transaction.atomic():
        order.bump()
        assert Message.objects.count() == before + 1
        transaction.set_rollback(True)
    assert Message.objects.count() == before


def test_an_unpaid_order_and_one_without_an_address_cause_no_mail(order_food, menu, bar):
    order = order_food(wanted(menu["Cola"]))
    order.cancel()
    beer = bar.dishes.create(name="Beer", price=600)
    order_food(Wanted(beer.pk), shop=bar, customer=ADA._replace(email="")).accept().bump()
    assert not Message.objects.exists() and Order.objects.count() == 2
