"""An order is placed whole or not at all, and once; what is impossible is said at its line."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from once import KeyUsed
from strangers import Asker, TooMany
from tests.orders.ordering import choices, wanted
from tracking.orders.baskets import read_basket
from tracking.orders.models import Basket, Dish, Line, Order, Part, State, Way
from tracking.orders.placing import Customer, LineFaults, OtherBody, Unfit, Wanted
from verbs.refusals import Refused

pytestmark = pytest.mark.django_db

ADA = Customer("Ada", "ada@example.org")


def nothing_was_ordered():
    return not Order.objects.exists() and not Line.objects.exists() and not Part.objects.exists()


def test_an_order_has_its_lines_parts_promise_and_history(grill, menu, order_food):
    order = order_food(
        wanted(menu["Margherita"], 3, Pepperoni=1, Cheese=1, note="well done"),
        wanted(menu["Burger menu"], 2, Burger=1, Cola=1),
    )
    first, second = order.lines.all()
    assert (first.name, first.quantity, first.unit_price, first.amount) == ("Margherita", 3, 1600, 4800)
    assert (first.tax_rate, first.note, second.amount) == (Decimal("8.875"), "well done", 2000)
    assert order.total == 6800 == sum(order.lines.values_list("amount", flat=True))
    parts = {part.name: (part.quantity, part.station.name) for part in order.parts.all()}
    assert parts["Margherita"] == (3, "Kitchen") and parts["Cola"] == (2, "Drinks")
    promise = order.promises.get()
    assert promise.cause == "placed" and (promise.earliest, promise.latest) == (order.earliest, order.latest)
    assert order.earliest > order.made_at and order.changes.get(field="state").verb == "place"


def test_it_waits_for_its_money_where_the_shop_is_paid_online(order_food, menu, bar):
    order = order_food(wanted(menu["Cola"]))
    assert order.state == State.UNPAID and order.placed_at is None and order.amount_due().amount == 220
    assert timedelta(minutes=9) < order.expires_at - timezone.now() <= timedelta(minutes=10)
    beer = Dish.objects.create(shop=bar, name="Beer", price=600)
    placed = order_food(Wanted(beer.pk), shop=bar)
    assert placed.state == State.PLACED and placed.placed_at and not placed.amount_due() and placed.expires_at is None


def test_what_is_delivered_has_a_gate_and_a_number_to_say(order_food, menu):
    order = order_food(wanted(menu["Cola"]), way=Way.DELIVERY, gate=" b22 ")
    assert order.gate == "B22" and len(order.pin) == 4 and order.pin.isdecimal()
    assert order.due_at < order.latest  # the kitchen has to be done before the runner goes
    assert not order_food(wanted(menu["Cola"])).pin


def test_a_flight_says_the_gate(order_food, menu, make_flight):
    order = order_food(wanted(menu["Cola"]), way=Way.DELIVERY, flight=make_flight(minutes=240, gate="C7"))
    assert order.gate == "C7" and order.flight.designator == "B6 1010"


@pytest.mark.parametrize("quantity", [0, -1, 10**9, 1.5, "١٢", "NaN", "", None, True, "1e3", [1], "2 "])
def test_an_absurd_quantity_is_refused_at_its_line(order_food, menu, quantity):
    with pytest.raises(LineFaults) as refused:
        order_food(wanted(menu["Soup"]), wanted(menu["Cola"], quantity))
    (fault,) = refused.value.faults
    assert (fault.line, fault.field) == (1, "quantity") and "whole number" in fault.text
    assert nothing_was_ordered() and Dish.objects.get(name="Soup").stock == 5


def test_each_impossible_line_says_why_and_the_others_are_not_ordered(order_food, menu, bar):
    beer = Dish.objects.create(shop=bar, name="Beer", price=600)
    Dish.objects.filter(name="Milkshake").update(is_listed=False)
    menu["Margherita"].sell_out(timezone.now() + timedelta(hours=1))
    lines = [
        wanted(menu["Cola"]),
        Wanted(beer.pk),
        wanted(menu["Milkshake"]),
        wanted(menu["Margherita"]),
        wanted(menu["Burger"]),
        wanted(menu["Burger"], Chips=1, Salad=1),
        Wanted(menu["Cola"].pk, 1, choices(menu["Burger"], Chips=1)),
        Wanted("9" * 30),
        Wanted("١"),
        Wanted(menu["Cola"].pk, 1, ["Chips"]),
        wanted(menu["Cola"], note="x" * 121),
        wanted(menu["Burger menu"], Burger=1, Milkshake=1),
    ]
    with pytest.raises(LineFaults) as refused:
        order_food(*lines)
    said = {(fault.line, fault.field.partition("/")[0]) for fault in refused.value.faults}
    assert said == {
        *((line, "dish") for line in (1, 2, 3, 7, 8)),
        *((line, "groups") for line in (4, 5)),
        *((line, "choices") for line in (6, 9)),
        (10, "note"),
    } | {(line, field) for line, field in said if line == 11}
    assert "sold out" in next(fault.text for fault in refused.value.faults if fault.line == 3)
    assert nothing_was_ordered()


def test_a_part_of_a_combination_need_not_be_on_the_menu_by_itself(order_food, menu, client):
    Dish.objects.filter(name="Cola").update(is_listed=False)
    combo = wanted(menu["Burger menu"], Burger=1, Cola=1)
    groups = {
        f"group-{offered.pk}": key for offered in menu["Burger menu"].groups.all() for key in keys_in(offered, combo)
    }
    client.post(f"/orders/grill/{menu['Burger menu'].pk}/add/", {"quantity": "1", **groups})
    assert not read_basket(Basket.objects.get()).has_faults
    assert order_food(combo).total == 1000


def keys_in(offered, line):
    return [str(choice.pk) for choice in offered.choices.all() if str(choice.pk) in line.choices]


def test_no_lines_and_too_many_are_no_order(order_food, menu):
    for lines in ([], [wanted(menu["Cola"])] * 51):
        with pytest.raises(Unfit) as refused:
            order_food(*lines)
        assert refused.value.field == "lines" and nothing_was_ordered()


def test_a_total_that_differs_is_no_order(order_food, menu):
    with pytest.raises(Unfit) as refused:
        order_food(wanted(menu["Cola"]), accepted=1)
    assert refused.value.field == "total" and nothing_was_ordered()
    assert order_food(wanted(menu["Cola"]), accepted=220).total == 220


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"way": "teleport"}, "way"),
        ({"way": Way.DELIVERY}, "flight"),
        ({"way": Way.DELIVERY, "gate": "the one with the palm"}, "gate"),
        ({"way": Way.DELIVERY, "gate": "B٢"}, "gate"),
    ],
)
def test_a_way_that_leads_nowhere_is_refused(order_food, menu, fields, field):
    with pytest.raises(Unfit) as refused:
        order_food(wanted(menu["Cola"]), **fields)
    assert refused.value.field == field and nothing_was_ordered()


def test_a_flight_of_elsewhere_or_one_that_has_left_is_refused(order_food, menu, make_flight):
    for flight in (
        make_flight(origin="BOS", destination="JFK"),
        make_flight(number="1", minutes=-5),
        make_flight(number="2", phase="cancelled"),
    ):
        with pytest.raises(Unfit) as refused:
            order_food(wanted(menu["Cola"]), way=Way.DELIVERY, flight=flight)
        assert refused.value.field == "flight"


def test_a_shop_that_does_not_deliver_says_so(order_food, menu, grill):
    grill.delivers = False
    grill.save()
    with pytest.raises(Unfit, match="Collect it"):
        order_food(wanted(menu["Cola"]), way=Way.DELIVERY, gate="B22")


def test_a_closed_or_paused_shop_takes_no_order_and_a_time_is_never_moved_silently(
    order_food, menu, grill, time_machine
):
    late = timezone.now().astimezone(grill.tz).replace(hour=21, minute=55)
    time_machine.move_to(late)
    with pytest.raises(Refused, match="kitchen closes at 22:00"):
        order_food(wanted(menu["Cola"]))
    with pytest.raises(Refused, match="next possible time"):
        order_food(wanted(menu["Cola"]), wanted_at=late + timedelta(hours=1))
    tomorrow = late.replace(hour=9, minute=0) + timedelta(days=1)
    assert order_food(wanted(menu["Cola"]), wanted_at=tomorrow).latest == tomorrow
    time_machine.move_to(late.replace(hour=15))
    grill.paused_until = timezone.now() + timedelta(minutes=15)
    grill.save()
    with pytest.raises(Refused, match="takes no orders until"):
        order_food(wanted(menu["Cola"]))


# Counted portions


def test_portions_are_taken_and_the_menu_is_told(order_food, menu, grill, assert_published):
    with assert_published(f"menu-{grill.pk}", f"shop-orders-{grill.pk}"):
        order_food(wanted(menu["Soup"], 2), wanted(menu["Soup"], 1, note="no salt"))
    assert Dish.objects.get(name="Soup").stock == 2
    with pytest.raises(LineFaults) as refused:
        order_food(wanted(menu["Cola"]), wanted(menu["Soup"], 2), wanted(menu["Soup"], 1))
    assert [fault.line for fault in refused.value.faults] == [1, 2] and "2" in refused.value.faults[0].text
    assert Dish.objects.get(name="Soup").stock == 2 and Order.objects.count() == 1


def test_counted_dishes_are_asked_for_once(order_food, menu):
    with CaptureQueriesContext(connection) as seen:
        order_food(wanted(menu["Soup"], 2), wanted(menu["Cola"]), asker=Asker("here", "a"))
    of_stock = [
        one["sql"] for one in seen if one["sql"].startswith("SELECT") and "stock" in one["sql"].split("WHERE")[-1]
    ]
    assert len(of_stock) == 2, of_stock  # which of them are counted; once they are taken, how many are left


def test_a_combination_takes_the_portions_of_what_it_is_made_of(order_food, menu):
    Dish.objects.filter(name="Cola").update(stock=3)
    order_food(wanted(menu["Burger menu"], 2, Burger=1, Cola=1))
    assert Dish.objects.get(name="Cola").stock == 1
    with pytest.raises(LineFaults):
        order_food(wanted(menu["Burger menu"], 2, Burger=1, Cola=1))


def test_who_does_not_pay_in_time_gives_the_portions_back_when_somebody_asks(order_food, menu, time_machine):
    unpaid = order_food(wanted(menu["Soup"], 5))
    time_machine.move_to(unpaid.expires_at - timedelta(seconds=1))
    with pytest.raises(LineFaults):
        order_food(wanted(menu["Soup"]))
    time_machine.move_to(unpaid.expires_at)
    order_food(wanted(menu["Soup"], 4))
    unpaid.refresh_from_db()
    assert unpaid.state == State.CANCELLED and Dish.objects.get(name="Soup").stock == 1
    assert unpaid.acknowledged_at  # no kitchen has ever seen it


# Its key


def test_the_same_key_with_the_same_content_is_the_same_order(order_food, menu):
    key = uuid4()
    first = order_food(wanted(menu["Burger"], 2, Chips=1), key=key)
    again = order_food(wanted(menu["Burger"], 2, Chips=1), key=key)
    assert again == first and Order.objects.count() == 1
    assert order_food(wanted(menu["Burger"], 2, Chips=1), key=uuid4()) != first


def test_a_key_with_another_content_is_refused_and_says_what_differs(order_food, menu):
    key = uuid4()
    first = order_food(wanted(menu["Burger"], 2, Chips=1), key=key)
    for lines, fields, differing in (
        ([wanted(menu["Burger"], 3, Chips=1)], {}, ["lines"]),
        ([wanted(menu["Burger"], 2, Salad=1)], {}, ["lines"]),
        ([wanted(menu["Burger"], 2, Chips=1)], {"way": Way.DELIVERY, "gate": "B1"}, ["way", "gate"]),
        ([wanted(menu["Burger"], 2, Chips=1)], {"customer": Customer("Bea", "ada@example.org")}, ["name"]),
    ):
        with pytest.raises(OtherBody) as refused:
            order_food(*lines, key=key, **fields)
        assert refused.value.differing == differing and refused.value.order == first
    assert Order.objects.count() == 1


def test_a_key_of_another_browser_or_shop_gives_nobody_the_order(order_food, menu, bar):
    key = uuid4()
    order_food(wanted(menu["Cola"]), key=key, asker=Asker("there", "mine"))
    with pytest.raises(KeyUsed):
        order_food(wanted(menu["Cola"]), key=key, asker=Asker("there", "yours"))
    with pytest.raises(KeyUsed):
        order_food(wanted(menu["Cola"]), key=key, shop=bar, asker=Asker("there", "mine"))


def test_one_network_has_so_many_open_orders_at_a_shop(order_food, menu, settings):
    settings.ORDERS_PER_ADDRESS = 2
    here = Asker("here", "a")
    for _one in range(2):
        order_food(wanted(menu["Cola"]), asker=here)
    with pytest.raises(TooMany):
        order_food(wanted(menu["Cola"]), asker=here)
    assert order_food(wanted(menu["Cola"]), asker=Asker("there", "b"))
