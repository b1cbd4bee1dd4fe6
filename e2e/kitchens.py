"""The pages of a kitchen in the tests, and the hands that work at them."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from e2e.conftest import is_live
from e2e.test_a_whole_journey import Keyboard, Touch
from live.outbox import publish
from tracking.orders.models import Order

KITCHEN = "/orders/grill/kitchen/"
DISHES = "/orders/grill/kitchen/dishes/"
RUNNERS = "/orders/grill/runners/"
WALL = "/orders/grill/wall/"
LAPTOP = {"viewport": {"width": 1280, "height": 800}}
TABLET = {"viewport": {"width": 1180, "height": 820}, "has_touch": True}


# Longer than STILL in static/js/orders/kitchen.js, after the last swap.
UNTIL_STILL = """() => new Promise((resolve) => {
    let timer;
    const wait = () => { clearTimeout(timer); timer = setTimeout(resolve, 500); };
    document.addEventListener("htmx:after:swap", wait);
    wait();
})"""


class Fingers(Touch):
    """At a tablet."""

    options = TABLET


class Keys(Keyboard):
    options = LAPTOP


HANDS = pytest.mark.parametrize("hand", [Fingers(), Keys()], ids=["touch", "keyboard"])


def opened(page, path):
    page.goto(path)
    is_live(page)
    return page


def card(page, stage, order):
    return page.locator(f"#card-{stage}-{order.pk}")


def button(page, stage, order, name):
    return card(page, stage, order).get_by_role("button", name=name, exact=True)


def press(page, stage, order, name):
    button(page, stage, order, name).click()


def see(page, stage, order):
    """And then waits until a finger counts again: one that comes sooner meant the button that was there before."""
    seen = button(page, stage, order, "Seen")
    seen.press("Enter")
    expect(seen).to_have_count(0)
    page.evaluate(UNTIL_STILL)


def references(page, stage):
    """Those of the cards in a column, in their order."""
    return page.locator(f".column.is-{stage} .reference")


def dish_row(page, name):
    """Of the page of what is sold out."""
    return page.locator(".dishes-out tbody tr").filter(has=page.get_by_role("rowheader", name=name))


def moved(thing, *topics, **moments):
    """Time has moved for a row: its moments are these, and what shows it hears of that, as it does of every change."""
    with transaction.atomic():
        type(thing)._base_manager.filter(pk=thing.pk).update(**moments)
        publish(*topics, *(thing.topics() if isinstance(thing, Order) else ()))
