"""What a till sends is checked: each fault points at its field, and nothing is stored."""

import json

import pytest
from django.utils import timezone

from tests.orders.ordering import choices
from tests.orders.tilling import URL, colas, errors
from tracking.orders.models import Closing, Order
from tracking.orders.till import api

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"number": ""}, "#/number"),
        ({"number": "a b"}, "#/number"),
        ({"version": 0}, "#/version"),
        ({"version": "1"}, "#/version"),
        ({"name": " "}, "#/name"),
        ({"name": "a\x00b"}, "#/name"),
        ({"name": "\ud800"}, "#/name"),
        ({"email": "nobody"}, "#/email"),
        ({"way": "drone"}, "#/way"),
        ({"way": "delivery"}, "#/flight"),
        ({"way": "delivery", "gate": "nowhere"}, "#/gate"),
        ({"flight": "B6 9999"}, "#/flight"),
        ({"wanted_at": "9999-12-31T23:59:59Z"}, "#/wanted_at"),
        ({"wanted_at": "2026-11-21T20:30:00"}, "#/wanted_at"),
        ({"lines": "many"}, "#/lines"),
        ({"total": 1}, "#/total"),
        ({"total": 15.5}, "#/total"),
        ({"total": -1550}, "#/total"),
        ({"currency": "EUR"}, "#/currency"),
        ({"discount": 100}, "#/discount"),
        ({"a/b~c": 1}, "#/a~1b~0c"),
    ],
)
def test_a_field_that_is_wrong_is_named(till, burgers, fields, pointer):
    answer = till.post(burgers(**fields), status=422)
    assert pointer in errors(answer), answer.json()
    assert not Order.objects.exists()


@pytest.mark.parametrize("quantity", [0, -1, 10**9, 10**30, 1.5, "1", "١٢", None, True, [1]])
def test_a_quantity_that_is_none_is_named_at_its_line(till, burgers, menu, quantity):
    answer = till.post(burgers(lines=[colas(menu), colas(menu, quantity)]), status=422)
    assert list(errors(answer)) == ["#/lines/1/quantity"]
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("unit_price", 1, "#/lines/0/unit_price"),
        ("amount", 1550, "#/lines/0/amount"),
        ("price", 1, "#/lines/0/price"),
        ("note", "x" * 121, "#/lines/0/note"),
        ("dish", 10**30, "#/lines/0/dish"),
        ("dish", 999_999, "#/lines/0/dish"),
        ("choices", {}, "#/lines/0/choices"),
        ("choices", {"999999": 1}, "#/lines/0/choices/999999"),
        ("choices", [1], "#/lines/0/choices"),
    ],
)
def test_a_forged_line_is_named(till, burgers, field, value, pointer):
    body = burgers(2)
    body["lines"][0][field] = value
    assert pointer in errors(till.post(body, status=422))
    assert not Order.objects.exists()


def test_a_forged_total_is_told_the_right_one(till, burgers):
    assert errors(till.post(burgers(2, total=1), status=422)) == {"#/total": "It costs $31.00, not $0.01."}
    order = till.pushed(burgers(2, total=3100, currency="USD"))
    assert errors(till.put(order, burgers(1, version=2, total=3100), status=422)) == {
        "#/total": "It costs $15.50, not $31.00."
    }


def test_what_a_group_wants_is_enforced(till, burgers, menu):
    """The minimum, the maximum, and options of another dish: as in the shop’s own menu."""
    burger = menu["Burger"]
    both = choices(burger, Chips=1, Salad=1)
    line = {"dish": burger.pk}
    for chosen in ({}, both, {next(iter(both)): 2}, choices(menu["Margherita"], Cheese=1)):
        answer = till.post(burgers(lines=[line | {"choices": chosen}]), status=422)
        assert all(pointer.startswith("#/lines/0/choices") for pointer in errors(answer))
    assert not Order.objects.exists()


def test_what_is_sold_out_is_named_at_its_line_and_nothing_is_taken(till, burgers, menu):
    menu["Cola"].sell_out(timezone.now() + timezone.timedelta(hours=1))
    soups = {"dish": menu["Soup"].pk, "quantity": 6}
    assert errors(till.post(burgers(lines=[*burgers()["lines"], colas(menu)]), status=422)) == {
        "#/lines/1/dish": "Cola is sold out."
    }
    assert errors(till.post(burgers(lines=[soups]), status=422)) == {"#/lines/0/dish": "Only 5 of Soup are left."}
    menu["Soup"].refresh_from_db()
    assert (menu["Soup"].stock, Order.objects.exists()) == (5, False)


def test_a_shop_that_is_closed_says_so(till, burgers, grill):
    now = timezone.now()
    Closing.objects.create(shop=grill, begins=now, ends=now + timezone.timedelta(minutes=30))
    assert "Grill is closed." in errors(till.post(burgers(), status=422))["#/wanted_at"]
    grill.closings.all().delete()
    grill.pause(15)
    assert "takes no orders until" in errors(till.post(burgers(), status=422))["#/wanted_at"]
    assert not Order.objects.exists()


def test_a_later_version_with_a_fault_changes_nothing(till, burgers, menu):
    order = till.pushed(burgers())
    before = till.get(f"{order.reference}/")
    menu["Cola"].sell_out(timezone.now() + timezone.timedelta(hours=1))
    faulty = burgers(2, version=2, lines=[*burgers()["lines"], colas(menu)])
    assert errors(till.put(order, faulty, status=422)) == {"#/lines/1/dish": "Cola is sold out."}
    for fields in ({"way": "delivery"}, {"gate": "ABCDEF", "way": "delivery"}, {"number": "A-2"}):
        till.put(order, burgers(2, version=2, **fields), status=422)
    assert till.get(f"{order.reference}/")["ETag"] == before["ETag"]


def test_what_is_sold_out_since_stays_in_the_order_that_has_it(till, burgers, menu):
    order = till.pushed(burgers(lines=[colas(menu)]))
    menu["Cola"].sell_out(timezone.now() + timezone.timedelta(hours=1))
    answer = till.put(order, burgers(version=2, lines=[colas(menu), *burgers()["lines"]]))
    assert answer.json()["total"] == 220 + 1550


@pytest.mark.parametrize("body", ["{", "\xff", "[" * 10_000, '{"total": NaN}', '{"total": ' + "9" * 5000 + "}"])
def test_what_is_no_json_is_400(till, body):
    till.post(body, status=400)


@pytest.mark.parametrize("body", ["", "[]", "null", "7"])
def test_json_that_is_no_order_is_422(till, body):
    till.post(body, status=422)


def test_too_much_is_413_and_another_type_is_415(till, client):
    till.post(json.dumps({"name": "x" * 70_000}), status=413)
    headers = {"Authorization": f"Bearer {till.secret}"}
    assert client.post(URL, "{}", "text/plain", headers=headers).status_code == 415


def test_more_lines_than_an_order_has_are_refused(till, burgers, menu):
    assert "#/lines" in errors(till.post(burgers(lines=[colas(menu)] * 51), status=422))


def test_too_many_calls_are_429(till, monkeypatch):
    monkeypatch.setattr(api, "CALLS_A_MINUTE", 2)
    till.get()
    till.get()
    assert 1 <= int(till.get(status=429)["Retry-After"]) <= 60


@pytest.mark.parametrize("path", ["NOSUCH/", "NOSUCH/accept/", "%00/", "' or 1=1/"])
def test_orders_that_do_not_exist_are_404(till, path):
    till.call("POST" if "accept" in path else "GET", path, {} if "accept" in path else None, status=404)


def test_moves_that_do_not_exist_or_lack_a_reason(till, burgers):
    order = till.pushed(burgers())
    till.move(order, "eat", status=404)
    assert "#/reason" in errors(till.move(order, "cancel", status=422))
    assert "#/minutes" in errors(till.move(order, "accept", status=422, body={"minutes": 500}))
    till.move(order, "ready", status=409)
    order.refresh_from_db()
    assert order.state == "placed"


def test_the_description_has_both(client, db):
    schema = client.get("/api/openapi.json").json()
    assert {"/api/flights/updates", "/api/v1/orders/", "/api/v1/orders/{reference}/{move}/"} <= schema["paths"].keys()
    body = schema["paths"]["/api/v1/orders/"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert "unit_price" in json.dumps(body["properties"]["lines"])
    assert "$ref" not in json.dumps(body)
