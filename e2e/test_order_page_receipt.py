"""The receipt of the promise: each change with its cause, the same for the customer and for the shop, on open pages."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at
from tracking.orders.estimating import Span
from tracking.orders.flights import follow_flights
from tracking.orders.late import follow_late
from tracking.orders.models import Cause, State, Way

CUSTOMERS, SHOPS = "When it was expected, and why that changed", "What was promised, and why"


@pytest.fixture
def receipts(person, signed_in, olga):
    """``receipts(order)``: the order's page, and its page at the shop, with the receipt open in both."""

    def open_both(order):
        customer, shop = person(bypass_csp=True), signed_in(olga)
        for page, path, words in (
            (customer, order.get_absolute_url(), CUSTOMERS),
            (shop, f"/orders/grill/kitchen/{order.pk}/", SHOPS),
        ):
            page.goto(path)
            is_live(page)
            page.get_by_text(words).click()
        return customer, shop

    return open_both


def receipt(page, words):
    return page.locator("details").filter(has_text=words)


def read(order):
    """The range that is promised now, as both sides show it."""
    order.refresh_from_db()
    first, last = (moment.astimezone(order.shop.tz) for moment in (order.earliest, order.latest))
    return f"{first:%H:%M}–{last:%H:%M}"


def both_say(customer, shop, order, why):
    for page, words in ((customer, CUSTOMERS), (shop, SHOPS)):
        expect(receipt(page, words)).to_contain_text(why)
        expect(receipt(page, words)).to_contain_text(read(order))
    expect(customer.locator(".order-when")).to_contain_text(read(order))


def test_each_change_has_its_cause_on_both_sides(receipts, signed_in, olga, grill, make_order, make_flight):
    flight = make_flight(minutes=180, gate="B20")
    order = make_order(way=Way.DELIVERY, flight=flight, flight_seen=flight.revision, gate="B20", minutes_ago=1)
    order.expect(Span(order.earliest, order.latest, is_estimated=True), Cause.PLACED, {"open": 3})
    customer, shop = receipts(order)
    both_say(customer, shop, order, "3 orders are before it.")
    expect(customer.locator(".order-when")).to_contain_text("estimated")
    expect(receipt(customer, CUSTOMERS)).to_contain_text("estimated: the shop’s usual time")
    first = read(order)

    lever = signed_in(olga)
    lever.goto("/orders/grill/kitchen/")
    is_live(lever)
    lever.get_by_role("button", name=re.compile(r"\+10")).click()
    both_say(customer, shop, order, "The shop is busy: +10 min.")
    flight.assign_gate("B22")
    follow_flights(timezone.now())
    both_say(customer, shop, order, "The gate has changed from B20 to B22: +5 min.")
    lever.locator(f"#card-placed-{order.pk}").get_by_role("button", name="Accept").click()
    expect(customer.locator(".order-bar .now")).to_contain_text("Accepted")
    for page, words in ((customer, CUSTOMERS), (shop, SHOPS)):
        expect(receipt(page, words)).to_contain_text(first)  # what was said before stays to be read
        expect(receipt(page, words).locator("li")).to_have_count(3)
    look_at(customer)
    assert not_reloaded(customer) and not_reloaded(shop)


def test_a_late_order_has_a_new_range_on_both_sides(receipts, make_order):
    order = make_order(state=State.MAKING, minutes_ago=25)
    order.expect(Span(order.earliest, order.latest), Cause.PLACED)
    customer, shop = receipts(order)
    follow_late(timezone.now())  # the job that runs every five seconds
    both_say(customer, shop, order, "It takes longer than was thought")
