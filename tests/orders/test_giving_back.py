"""Money back for one dish after it was made: the customer says at the shop that something was wrong with it."""

import pytest

from checkout.models import Refund
from post.models import Message
from tests.html import one_line
from tracking.orders.models import State, Way
from verbs.refusals import Refused


@pytest.fixture
def collected(make_order):
    order = make_order({"Burger": 1, "Cola": 2}, State.READY, is_paid=True, email="nora@example.org")
    order.collect()
    return order


@pytest.fixture
def cook(client, olga):
    client.force_login(olga)
    return client


def cola(order):
    return order.lines.get(name="Cola")


def test_a_dish_is_paid_back_and_everybody_sees_it(collected, cook, olga):
    address = f"/orders/grill/kitchen/{collected.pk}/refund-line/"
    fields = {"line": cola(collected).pk, "reason": "It was warm", "seen": collected.revision}
    answer = cook.post(address, fields, headers={"HX-Request": "true"})
    assert "The money is given back" in answer.text
    assert "Money given back" in answer.text and "$4.40" in answer.text and "Olga" in answer.text
    assert Refund.objects.get().amount == 440 and "It was warm" in Refund.objects.get().reason
    panel = one_line(cook.get(f"/orders/grill/kitchen/{collected.pk}/").text)
    assert "$4.40 paid back" in panel and "It was warm" in panel
    page = one_line(cook.get(f"/orders/order/{collected.token}/").text)
    assert "It was warm" not in page
    assert "$4.40 paid back" in page and "The shop has given money back" in page
    collected.refresh_from_db()
    assert (collected.state, collected.total) == (State.COLLECTED, 1990)
    mail = Message.objects.last()
    assert "money back" in mail.subject and "$4.40 in all" in mail.body


def test_each_dish_once(collected):
    for _time in range(2):
        collected.refund_line(cola(collected).pk, "It was warm")
    collected.refund_line(collected.lines.get(name="Burger").pk, "It was cold")
    assert sorted(Refund.objects.values_list("amount", flat=True)) == [440, 1550]
    assert Message.objects.filter(subject__contains="money back").count() == 2


def test_it_is_offered_for_what_was_paid_here_and_is_left(collected, cook, make_order):
    words = "Something was wrong with a dish"
    page = lambda order: cook.get(f"/orders/grill/kitchen/{order.pk}/").text  # noqa: E731
    assert words in page(collected)
    for line in collected.lines.all():
        collected.refund_line(line.pk, "Cold")
    assert words not in page(collected)
    at_shop = make_order(state=State.READY)
    assert words not in page(at_shop)
    with pytest.raises(Refused, match="was not paid here"):
        at_shop.refund_line(at_shop.lines.get().pk, "Cold")
    assert words not in page(make_order(state=State.MAKING, is_paid=True))


@pytest.mark.parametrize("reason", ["", "  "])
def test_it_needs_a_reason(collected, reason):
    with pytest.raises(Refused):
        collected.refund_line(cola(collected).pk, reason)
    assert not Refund.objects.exists()


def test_a_line_of_another_order_is_none(collected, make_order):
    other = make_order(state=State.READY, way=Way.DELIVERY, is_paid=True)
    with pytest.raises(Refused):
        collected.refund_line(other.lines.get().pk, "Cold")


def test_an_order_is_found_by_what_its_customer_says(collected, cook, bruno, bar):
    answer = cook.get("/orders/grill/kitchen/find/", {"reference": f" {collected.reference.lower()} "})
    assert answer.url == f"/orders/grill/kitchen/{collected.pk}/"
    answer = cook.get("/orders/grill/kitchen/find/", {"reference": "<b>XX"}, follow=True)
    assert "There is no order “&lt;B&gt;XX” here." in answer.text
    cook.force_login(bruno)
    answer = cook.get("/orders/bar/kitchen/find/", {"reference": collected.reference})
    assert answer.url == "/orders/bar/kitchen/"
    assert cook.get("/orders/grill/kitchen/find/", {"reference": collected.reference}).status_code == 404
