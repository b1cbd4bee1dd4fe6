"""The API for a shop's own till: an order is pushed, changed and cancelled, each of it twice, and kitchen and customer are right."""

import pytest
from django.utils import timezone

from live.regions import find
from tests.orders.ordering import wanted
from tests.orders.tilling import URL, Till, colas, errors
from tests.races import all_at_once
from tracking.orders.models import Order, State, TillKey
from tracking.orders.till.bodies import WantedOrder
from tracking.orders.till.pushing import push

pytestmark = pytest.mark.django_db


def lines(order, **filters):
    return [str(line) for line in order.lines.filter(**filters)]


def test_an_order_is_pushed_twice_and_is_one(till, burgers, grill):
    first, second = till.post(burgers(2)), till.post(burgers(2), status=200)
    assert first.json() == second.json()
    order = Order.objects.get()
    assert (order.state, order.total, order.source, order.external) == (State.PLACED, 3100, "front", "A-1")
    assert first["Location"].endswith(f"/api/v1/orders/{order.reference}/")
    assert [(part.name, part.quantity, part.station.name) for part in order.parts.all()] == [("Burger", 2, "Kitchen")]
    assert order.changes.filter(field="state").values_list("verb", "till__name").get() == ("place", "front")


def test_a_later_version_keeps_what_is_the_same(till, burgers, menu):
    order = till.pushed(burgers(1))
    part = order.parts.get()
    more = burgers(1, version=2, lines=[*burgers()["lines"], colas(menu, 2)])
    first, second = till.post(more, status=200), till.post(more, status=200)
    assert first.json() == second.json()
    order.refresh_from_db()
    assert (order.total, order.external_version) == (1550 + 440, 2)
    assert [made.pk for made in order.parts.filter(name="Burger")] == [part.pk], "the grill gets nothing new"
    assert order.parts.filter(station__name="Drinks").get().quantity == 2
    assert order.changes.filter(verb="revise", field="lines").count() == 1


def test_what_a_later_version_leaves_out_is_struck_through_in_the_kitchen(till, burgers, menu):
    order = till.pushed(burgers(1, lines=[*burgers()["lines"], colas(menu)]))
    till.put(order, burgers(1, version=2))
    order.refresh_from_db()
    assert (lines(order, is_void=False), lines(order, is_void=True)) == (["1 × Burger"], ["1 × Cola"])
    assert order.lines.get(is_void=True).acknowledged_at is None
    assert order.total == 1550


def test_an_order_is_cancelled_twice_and_the_kitchen_has_to_see_it(till, burgers):
    order = till.pushed(burgers())
    till.move(order, "accept")
    first = till.move(order, "cancel", body={"reason": "The guest has left."})
    second = till.move(order, "cancel", body={"reason": "The guest has left."})
    assert first.json() == second.json()
    order.refresh_from_db()
    assert (order.state, order.reason, order.is_unseen) == (State.CANCELLED, "The guest has left.", True)
    assert order.changes.filter(verb="call_off", field="state").count() == 1


def test_a_till_moves_any_order_of_its_shop(till, make_order):
    order = make_order({"Burger": 1})
    for move in ("accept", "accept", "start", "ready", "ready", "collect", "collect"):
        till.move(order, move)
    states = order.changes.filter(field="state").exclude(verb="place")
    assert list(states.values_list("verb", flat=True)) == ["accept", "start", "bump", "collect"]
    assert till.move(order, "start", body={}).json()["state"] == "collected", "done before: it changes nothing"
    assert "state" in till.move(order, "cancel", status=409, body={"reason": "No"}).json()["type"]


def test_a_pin_is_asked_for_and_never_told(till, burgers):
    order = till.pushed(burgers(way="delivery", gate="b22"))
    for move in ("accept", "ready", "send-out"):
        assert order.pin not in till.move(order, move).json().values()
    assert "#/pin" in errors(till.move(order, "deliver", status=422, body={"pin": "" if order.pin else "1"}))
    assert till.move(order, "deliver", body={"pin": order.pin}).json()["state"] == "delivered"


def test_only_the_till_that_has_pushed_an_order_changes_it(till, burgers, make_order, client, grill):
    order = till.pushed(burgers())
    other = Till(client, grill, "back")
    other.put(order, burgers(2, version=2), status=403)
    other.put(make_order({"Burger": 1}), burgers(2, version=2), status=403)
    assert Order.objects.get(pk=order.pk).total == 1550


def test_what_another_shop_sells_and_gets_does_not_exist(till, burgers, bar, client):
    order = till.pushed(burgers())
    other = Till(client, bar)
    for method, path in (("GET", ""), ("PUT", ""), ("POST", "cancel/")):
        other.call(method, f"{order.reference}/{path}", burgers(), status=404)
    assert other.get().json() == {"orders": []}
    assert errors(other.post(burgers(), status=422)) == {"#/lines/0/dish": "This shop does not sell that."}


def test_orders_that_nobody_has_paid_are_none(till, order_food, menu):
    order = order_food(wanted(menu["Cola"]))
    assert order.state == State.UNPAID
    till.get(f"{order.reference}/", status=404)
    assert till.get().json() == {"orders": []}


def test_an_order_that_is_known_is_not_sent_again(till, burgers):
    order = till.pushed(burgers())
    etag = till.get(f"{order.reference}/")["ETag"]
    assert till.get(f"{order.reference}/", status=304, If_None_Match=etag).content == b""
    till.move(order, "accept")
    assert till.get(f"{order.reference}/", If_None_Match=etag)["ETag"] != etag


def test_a_change_on_an_old_version_is_412_and_without_any_it_is_428(till, burgers):
    order = till.pushed(burgers())
    body = burgers(2)
    del body["version"]
    till.put(order, body, status=428)
    etag = till.get(f"{order.reference}/")["ETag"]
    till.move(order, "accept")
    till.put(order, body, status=412, If_Match=etag)
    assert Order.objects.get().total == 1550
    answer = till.put(order, body, If_Match=till.get(f"{order.reference}/")["ETag"])
    assert (answer.json()["total"], answer.json()["version"]) == (3100, 2)


def test_an_old_version_changes_nothing(till, burgers):
    order = till.pushed(burgers(1))
    till.put(order, burgers(2, version=3))
    assert "#/version" in errors(till.post(burgers(5, version=2), status=409))
    answer = till.post(burgers(5, version=3), status=409)
    assert "what is ordered" in errors(answer)["#/version"]
    assert Order.objects.get().total == 3100


def test_what_is_ready_is_not_changed_any_more(till, burgers):
    order = till.pushed(burgers(1))
    for move in ("accept", "ready"):
        till.move(order, move)
    till.put(order, burgers(2, version=2), status=409)
    assert Order.objects.get().total == 1550


def test_the_list_is_found_by_number_and_state_and_is_not_sent_again(till, burgers):
    first, second = till.pushed(burgers()), till.pushed(burgers(number="A-2"))
    till.move(first, "cancel", body={"reason": "No guest."})

    def found(query):
        return [order["number"] for order in till.get(query).json()["orders"]]

    assert (found(""), found("?state=open"), found("?state=cancelled")) == (["A-2", "A-1"], ["A-2"], ["A-1"])
    assert (found("?number=A-1"), found(f"?before={second.reference}")) == (["A-1"], ["A-1"])
    till.get("?state=open", status=304, If_None_Match=till.get("?state=open")["ETag"])
    till.get("?state=eaten", status=400)


def test_the_menu_has_the_ids_that_an_order_names(till, menu):
    answer = till.get("menu/")
    dishes = {dish["name"]: dish for dish in answer.json()["dishes"]}
    side = dishes["Burger"]["groups"][0]
    assert (side["name"], side["minimum"], [choice["name"] for choice in side["choices"]]) == (
        "Side",
        1,
        ["Chips", "Salad"],
    )
    line = {"dish": dishes["Burger"]["dish"], "choices": {str(side["choices"][0]["choice"]): 1}}
    till.post({"number": "B-1", "name": "Bo", "lines": [line]})
    menu["Cola"].sell_out(timezone.now() + timezone.timedelta(hours=1))
    changed = till.get("menu/", If_None_Match=answer["ETag"]).json()["dishes"]
    assert [dish["name"] for dish in changed if dish["is_out"]] == ["Cola"]


def test_wrong_missing_and_revoked_keys_are_401(till, burgers, client):
    secret, till.secret = till.secret, "wrong"
    till.get(status=401)
    assert client.get(URL).status_code == 401
    till.secret = secret
    till.key.revoke()
    assert till.post(burgers(), status=401)["WWW-Authenticate"] == "Bearer"
    assert not Order.objects.exists()


def test_counted_portions_follow_each_version(till, burgers, menu):
    soup = {"dish": menu["Soup"].pk, "quantity": 4}
    order = till.pushed(burgers(lines=[soup]))
    till.put(order, burgers(version=2, lines=[soup | {"quantity": 5}]))
    menu["Soup"].refresh_from_db()
    assert menu["Soup"].stock == 0
    answer = till.put(order, burgers(version=3, lines=[colas(menu), soup | {"quantity": 6}]), status=422)
    assert errors(answer) == {"#/lines/1/dish": "Soup is sold out."}
    till.put(order, burgers(version=3, lines=[colas(menu)]))
    menu["Soup"].refresh_from_db()
    assert (menu["Soup"].stock, Order.objects.get().total) == (5, 220)


def kitchen(stage):
    return find(f"kitchen/grill/{stage}/").render().html


def customer(order):
    return find(f"order-tracking/{order.token}/").render().html


def test_kitchen_and_customer_see_what_a_till_does(till, burgers, menu, assert_published):
    order = till.pushed(burgers())
    assert "Burger" in kitchen("placed") and "Burger" in customer(order)
    with assert_published(*order.topics()):
        till.put(order, burgers(version=2, lines=[colas(menu)]))
    assert "Cola" in kitchen("placed") and "Cola" in customer(order)
    with assert_published():
        till.put(order, burgers(version=2, lines=[colas(menu)]))
    till.move(order, "accept")
    assert "Cola" in kitchen("accepted") and "Cola" not in kitchen("placed")
    till.move(order, "cancel", body={"reason": "The guest has left."})
    assert "The guest has left." in customer(order)
    assert "Cola" in kitchen("accepted"), "it stays until somebody has seen it"


def test_an_order_of_the_web_that_a_till_opens_is_made_once(till, make_order):
    """Reading, listing and moving it makes no work for the kitchen; what a slip was printed for stays with the part."""
    order = make_order({"Burger": 2})
    order.parts.update(printed=1)
    till.get()
    till.get(f"{order.reference}/")
    for move in ("accept", "accept", "start"):
        till.move(order, move)
    assert list(order.parts.values_list("name", "quantity", "printed")) == [("Burger", 2, 1)]


def test_a_part_that_was_printed_is_printed_anew_for_no_other_version(till, burgers, menu):
    order = till.pushed(burgers())
    order.parts.update(printed=1)
    till.put(order, burgers(version=2, lines=[*burgers()["lines"], colas(menu)], note="quick"))
    parts = order.parts.filter(line__is_void=False)
    assert set(parts.values_list("name", "printed")) == {("Burger", 1), ("Cola", 0)}
    order.refresh_from_db()
    assert order.note == "quick"


@pytest.mark.django_db(transaction=True)
def test_of_many_versions_at_once_the_stock_is_right_in_the_end(grill, menu, burgers):
    till, _key = TillKey.objects.issue(grill, "front")
    soup, cola = ({"dish": menu[name].pk, "quantity": 1} for name in ("Soup", "Cola"))
    menu["Cola"].count(5)
    send = lambda **fields: push(till, WantedOrder.model_validate(burgers(**fields)))  # noqa: E731
    first, second = send(lines=[soup])[0], send(number="A-2", lines=[cola])[0]
    versions = [
        *[lambda n=n: send(version=n, lines=[[soup], [cola], [cola, soup]][n % 3]) for n in range(2, 8)],
        *[lambda n=n: send(number="A-2", version=n, lines=[[cola], [soup], [soup, cola]][n % 3]) for n in range(2, 8)],
        lambda: first.accept(),
        lambda: second.accept(),
    ]
    all_at_once(*versions)
    orders = list(Order.objects.order_by("external"))
    assert [order.external_version for order in orders] == [7, 7]
    for name in ("Soup", "Cola"):
        menu[name].refresh_from_db()
        ordered = sum(order.lines.filter(is_void=False, name=name).count() for order in orders)
        assert menu[name].stock == 5 - ordered
    assert all(order.total == sum(line.amount for line in order.lines.filter(is_void=False)) for order in orders)
