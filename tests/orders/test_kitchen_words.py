"""What a kitchen's pages say and leave out: what is to pay, notes, what was done, and the way to the next page."""

import pytest

from live.regions import find
from tests.html import one_line
from tests.orders.ordering import wanted
from tracking.orders.models import State
from tracking.orders.wall.regions import PickupPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def cook(client, olga):
    client.force_login(olga)
    return client


def cards(stage):
    return one_line(" ".join(find(f"kitchen/grill/{stage}/").render().rows.values()))


def test_what_is_ready_says_what_is_to_pay(make_order, cook):
    owed, paid = make_order({"Cola": 1}, State.READY), make_order({"Soup": 1}, State.READY, is_paid=True)
    make_order({"Milkshake": 1}, State.READY, source="front")
    make_order({"Burger": 1}, State.MAKING)
    assert "To pay: $2.20" in cards("ready") and cards("ready").count("To pay") == 1
    assert "To pay" not in cards("making")
    assert "Still to pay" in cook.get(f"/orders/grill/kitchen/{owed.pk}/").text
    assert "To pay: $2.20" in cook.get(f"/orders/grill/kitchen/{owed.pk}/slip/").text
    assert "o pay" not in cook.get(f"/orders/grill/kitchen/{paid.pk}/").text


def test_a_runner_is_told_what_is_to_pay_and_hands_over_without_a_pin_by_one_tap(make_order, cook):
    order = make_order({"Cola": 1}, State.OUT, way="delivery", gate="B22", pin="1234")
    row = one_line(" ".join(find("runners/grill/").render().rows.values()))
    path = f"/orders/grill/kitchen/{order.pk}/?open=hand-over-without-pin"
    assert "To pay: $2.20" in row and path in row
    assert '<details class="verb" open> <summary>Hand over without a PIN' in one_line(cook.get(path).text)


def test_a_wish_stands_out_from_the_options(make_order):
    order = make_order()
    order.lines.update(note="Allergic to nuts")
    assert '<span class="note">Allergic to nuts</span>' in cards("placed")


def test_refusing_is_one_tap_away_from_its_reason(make_order, cook):
    order = make_order()
    assert f"/orders/grill/kitchen/{order.pk}/?open=refuse" in cards("placed")
    asked = one_line(cook.get(f"/orders/grill/kitchen/{order.pk}/?open=refuse").text)
    assert '<details class="verb" open> <summary>Refuse it' in asked and asked.count('"verb" open') == 1
    assert '"verb" open' not in one_line(cook.get(f"/orders/grill/kitchen/{order.pk}/").text)
    answer = cook.post(
        f"/orders/grill/kitchen/{order.pk}/refuse/", {"reason": "No gas"}, headers={"HX-Request": "true"}
    )
    assert "The order is refused. The customer reads why." in answer.text


def test_a_promise_that_moved_by_seconds_is_no_news(order_food, menu, cook, time_machine):
    time_machine.move_to("2026-11-18T19:00:10Z", tick=False)
    order = order_food(wanted(menu["Cola"]))
    time_machine.move_to("2026-11-18T19:00:20Z", tick=False)
    order.pay()
    page = one_line(cook.get(f"/orders/grill/kitchen/{order.pk}/").text)
    assert page.count("expected until") == 1


def test_only_shops_with_runners_have_a_page_for_them(cook, grill):
    runners = 'href="/orders/grill/runners/"'
    assert runners in cook.get("/orders/grill/kitchen/").text
    grill.delivers = False
    grill.save()
    assert runners not in cook.get("/orders/grill/kitchen/").text


def test_staff_find_back_from_the_pickup_screen(client, cook, grill, bruno):
    back = 'href="/orders/grill/kitchen/"'
    assert back in cook.get("/orders/grill/wall/").text
    assert back not in PickupPage(slug="grill").render().html
    client.force_login(bruno)
    assert back not in client.get("/orders/grill/wall/").text
