"""A shop's own till over HTTP: it pushes, changes and cancels an order, each twice, and the open pages follow."""

import httpx
import pytest
from playwright.sync_api import expect

from e2e.conftest import not_reloaded
from e2e.kitchens import card, opened, press, see
from tests.orders.ordering import choices
from tracking.orders.models import Order, TillKey


@pytest.fixture
def till(server, grill, menu):
    _key, secret = TillKey.objects.issue(grill, "front")
    with httpx.Client(
        base_url=f"{server.url}/api/v1/orders/", headers={"Authorization": f"Bearer {secret}"}, timeout=30
    ) as client:
        yield client


def twice(send):
    """The same call again is answered in the same way, and does nothing."""
    first, second = send(), send()
    assert first.is_success, first.text
    assert {**first.json(), "revision": 0} == {**second.json(), "revision": 0} and second.is_success
    return first.json()


def test_pushed_changed_and_cancelled_twice_each(till, at_work, person, menu, olga):
    kitchen = at_work(olga)
    burger = {"dish": menu["Burger"].pk, "quantity": 2, "choices": choices(menu["Burger"], Chips=1)}
    cola = {"dish": menu["Cola"].pk, "quantity": 1}
    body = {"number": "A-1017", "version": 1, "name": "Ada", "email": "ada@example.org", "lines": [burger, cola]}
    answer = twice(lambda: till.post("", json=body))
    order = Order.objects.get(reference=answer["reference"])
    expect(card(kitchen, "placed", order)).to_contain_text("front")
    assert kitchen.locator(".card").count() == 1
    customer = opened(person(), f"/orders/order/{order.token}/")
    expect(customer.locator(".order-page")).to_contain_text("$33.20")
    press(kitchen, "placed", order, "Accept")
    expect(customer.locator(".order-page .states .state").first).to_have_text("Accepted")

    changed = {**body, "version": 2, "lines": [burger], "way": "delivery", "gate": "B22"}
    twice(lambda: till.put(f"{order.reference}/", json=changed))
    expect(card(kitchen, "accepted", order).locator("s")).to_contain_text("Cola")
    expect(card(kitchen, "accepted", order).locator(".gate")).to_have_text("B22")
    expect(customer.locator(".order-page")).to_contain_text("$31.00")
    order.refresh_from_db()
    expect(customer.locator(".order-pin")).to_have_text(order.pin)
    see(kitchen, "accepted", order)
    expect(card(kitchen, "accepted", order)).not_to_contain_text("Cola")

    reason = {"reason": "The guest has left."}
    twice(lambda: till.post(f"{order.reference}/cancel/", json=reason))
    expect(card(kitchen, "accepted", order)).to_contain_text("The guest has left.")
    expect(card(kitchen, "accepted", order).locator(".parts s")).to_have_text("2 Burger")
    expect(customer.locator(".order-page")).to_contain_text("The guest has left.")
    see(kitchen, "accepted", order)
    expect(kitchen.locator(".card")).to_have_count(0)
    assert not_reloaded(kitchen) and not_reloaded(customer)
