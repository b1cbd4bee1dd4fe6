"""What a kitchen's pages say and leave out: what is to pay, notes, what was done, and the way to the next page."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.landings import landing_of
from live.regions import find
from tests.html import one_line
from tests.orders.ordering import wanted
from tracking.orders.kitchen.timeline import made_between
from tracking.orders.models import State
from tracking.orders.nav import kitchen_of
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


def test_a_wish_stands_once_for_all_that_a_combination_is_made_of(make_order, cook):
    order = make_order({"Burger menu": 1, "Soup": 1})
    order.lines.update(note="No pickles")
    assert cards("placed").count("No pickles") == 2
    assert one_line(cook.get(f"/orders/grill/kitchen/{order.pk}/slip/").text).count("No pickles") == 2
    drinks = order.parts.get(name="Cola").station
    assert "No pickles" in cook.get(f"/orders/grill/kitchen/{order.pk}/slip/?station={drinks.pk}").text


def test_one_more_of_a_dish_is_said_to_be_ready(make_order):
    make_order({"Burger": 2}, State.MAKING)
    assert ">+1 ready</button>" in cards("making")


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


def panel_of(cook, order):
    return one_line(cook.get(f"/orders/grill/kitchen/{order.pk}/").text)


def moves_of(cook, order):
    """The buttons of the panel that do a move at once, in their order, with the primary ones."""
    found = re.findall(
        r'<button class="button ?(\w*)\s*"> ?([^<]+?) ?</button>', panel_of(cook, order).split('<ol class="steps">')[0]
    )
    return [(label, tone) for tone, label in found if label not in ("Print", "Find", "Change")]


def test_nothing_that_ends_an_order_stands_where_the_last_move_was(make_order, cook):
    brought = make_order(state=State.READY, way="delivery", gate="B22")
    moves = moves_of(cook, brought)
    assert moves[:3] == [("On its way", "first"), ("Recall", ""), ("Collected", "")]
    assert moves_of(cook, make_order(state=State.READY))[:2] == [("Recall", ""), ("Collected", "first")]
    brought.send_out()
    assert moves_of(cook, brought)[:2] == [("Recall", ""), ("Nobody at the gate", "")]


def test_the_history_names_the_part_that_is_ready(make_order, cook, grill):
    order = make_order({"Burger": 2, "Cola": 1}, State.MAKING)
    order.bump(grill.stations.last().pk)
    order.finish_part(order.parts.get(name="Burger").pk, 1)
    steps = panel_of(cook, order).split('<ol class="steps">')[1]
    assert "<b>1 Cola</b>" in steps and "<b>1 of 2 Burger</b>" in steps
    assert steps.count("<b>Part ready</b>") == 2 and "<b>Ready</b>" not in steps
    order.finish_part(order.parts.get(name="Burger").pk, 2)
    steps = panel_of(cook, order).split('<ol class="steps">')[1]
    assert steps.count("<b>Part ready</b>") == 2 and steps.count("<b>Ready</b>") == 1


def test_what_is_ready_is_not_promised_any_more(make_order, cook):
    order = make_order(state=State.MAKING)
    assert "Promised" in panel_of(cook, order)
    order.bump()
    assert "Ready since" in panel_of(cook, order) and "<dt>Promised" not in panel_of(cook, order)
    order.collect()
    assert "Was ready" in panel_of(cook, order) and "<dt>Promised" not in panel_of(cook, order)
    brought = make_order(state=State.MAKING, way="delivery", gate="B22")
    brought.bump()
    assert "<dt>Promised" in panel_of(cook, brought)


def test_who_works_at_several_shops_lands_where_the_orders_are(cook, make_order, bar, grill, olga, time_machine):
    def landed():
        return cook.get(landing_of(olga)).headers["Location"]

    assert landing_of(olga) == "/orders/grill/kitchen/"
    bar.staff.add(olga)
    time_machine.move_to("2026-11-18T19:00:00Z", tick=False)
    assert landed() == "/orders/bar/kitchen/"  # the first that is open
    bar.hours.all().delete()
    assert landed() == "/orders/grill/kitchen/"
    order = make_order(shop=bar)
    make_order(state=State.UNPAID, placed_at=None)
    assert landed() == "/orders/bar/kitchen/"
    order.refuse("No gas")
    assert landed() == "/orders/grill/kitchen/"


def test_the_way_to_ones_kitchens_is_for_those_who_work_in_one(client, bruno):
    assert client.get("/orders/kitchen/").status_code == 302  # to sign in
    client.force_login(bruno)
    assert client.get("/orders/kitchen/").status_code == 404


def test_the_navigation_of_a_page_does_not_count_orders(bar, grill, olga, django_assert_num_queries):
    bar.staff.add(olga)
    with django_assert_num_queries(1):
        assert kitchen_of(olga) == "/orders/kitchen/"


def test_a_comma_in_the_name_of_a_dish_is_no_end_of_it():
    assert made_between("0/1 Fish, fried, 0/2 Cola", "1/1 Fish, fried, 1/2 Cola") == "1 Fish, fried, 1 of 2 Cola"


def test_another_shop_is_one_tap_away(cook, bar, grill, olga):
    link = '<a href="/orders/bar/kitchen/">Bar</a>'
    assert link not in one_line(cook.get("/orders/grill/kitchen/").text)
    bar.staff.add(olga)
    for path in ("kitchen/", "runners/", "kitchen/dishes/"):
        page = one_line(cook.get(f"/orders/grill/{path}").text)
        assert link in page.split('<details class="others">')[0]


def test_staff_are_told_how_a_screen_on_the_wall_is_set_up(client, cook, grill, olga, bruno):
    page = cook.get("/orders/grill/wall/").text
    assert "For a screen on the wall" in page and "Set up a screen" not in page
    olga.user_permissions.add(Permission.objects.get(codename="add_screen"))
    assert f'href="{reverse("screens:new")}"' in cook.get("/orders/grill/wall/").text
    client.force_login(bruno)
    assert "For a screen on the wall" not in client.get("/orders/grill/wall/").text


def test_the_wall_does_not_say_that_a_long_wait_is_almost_over(make_order):
    make_order(state=State.ACCEPTED)
    page = one_line(PickupPage(slug="grill").render().html)
    assert "Almost there" not in page and "In the kitchen" in page
