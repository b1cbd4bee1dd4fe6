"""An order to a gate whose flight changes: the desk acts; the customer, the kitchen and the runner see it, and nobody reloads."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at
from tracking.orders.estimating import Span
from tracking.orders.flights import follow_flights
from tracking.orders.late import follow_late
from tracking.orders.models import Cause, Order, State, Way

DESK, KITCHEN, RUNNERS = "/flights/JFK/desk/", "/orders/grill/kitchen/", "/orders/grill/runners/"


@pytest.fixture
def order(make_order, flight):
    flight.assign_gate("B20")
    placed = make_order(state=State.READY, way=Way.DELIVERY, flight=flight, flight_seen=flight.revision, gate="B20")
    placed.expect(Span(placed.earliest, placed.latest), Cause.PLACED)
    return placed


def clock(order):
    return order.latest.astimezone(order.shop.tz).strftime("%H:%M")


def at_desk(desk, flight, field, button, value=""):
    """Do one thing in the flight's panel."""
    form = desk.locator("#panel form.verb").filter(has_text=field).first
    if value:
        form.get_by_label(field).fill(value)
    form.get_by_role("button", name=button).click()


def test_a_gate_that_the_desk_changes_moves_the_promise_on_all_screens(person, signed_in, bob, olga, order, flight):
    customer, desk = person(bypass_csp=True), signed_in(bob)
    kitchen, runner = signed_in(olga), signed_in(olga)
    paths = {customer: order.get_absolute_url(), desk: DESK, kitchen: KITCHEN, runner: RUNNERS}
    for page, path in paths.items():
        page.goto(path)
        is_live(page)
    before = clock(order)
    expect(customer.locator(".order-when")).to_contain_text(before)

    desk.locator(f"#desk-{flight.pk}").get_by_role("link", name=re.compile("Change")).click()
    at_desk(desk, flight, "Gate", re.compile("gate"), "B22")
    expect(desk.locator(f"#desk-{flight.pk}")).to_contain_text("B22")
    follow_flights(timezone.now())
    order.refresh_from_db()
    assert clock(order) != before

    expect(customer.locator(".order-gate .gate")).to_have_text("B22")
    expect(customer.locator(".order-when")).to_contain_text(clock(order))
    customer.get_by_text("When it was expected, and why that changed").click()
    expect(customer.get_by_text("The gate has changed from B20 to B22: +5 min.")).to_be_visible()
    for page, row in ((kitchen, f"#card-ready-{order.pk}"), (runner, f"#run-{order.pk}")):
        expect(page.locator(row).locator(".gate")).to_have_text("B22")
        expect(page.locator(row).locator("s")).to_have_text("B20")
    assert all(not_reloaded(page) for page in paths)


def test_a_boarding_call_warns_on_all_screens(person, signed_in, olga, order, flight):
    customer, kitchen, runner = person(bypass_csp=True), signed_in(olga), signed_in(olga)
    for page, path in ((customer, order.get_absolute_url()), (kitchen, KITCHEN), (runner, RUNNERS)):
        page.goto(path)
        is_live(page)
    flight.board()
    follow_flights(timezone.now())
    expect(customer.get_by_text(re.compile("Boarding was called: the gate closes at about")).first).to_be_visible()
    expect(kitchen.locator(f"#card-ready-{order.pk}")).to_contain_text("boards now")
    expect(runner.locator(f"#run-{order.pk}")).to_contain_text("boards now")
    assert not_reloaded(customer) and not_reloaded(kitchen) and not_reloaded(runner)
    look_at(customer)


def test_a_late_order_says_so_with_a_new_range(person, make_order):
    order = make_order(state=State.MAKING, minutes_ago=25)
    customer = person()
    customer.goto(order.get_absolute_url())
    is_live(customer)
    expect(customer.get_by_text("Late", exact=True)).to_be_visible()  # before any job has been there
    follow_late(timezone.now())
    order.refresh_from_db()
    expect(customer.locator(".order-when")).to_contain_text(clock(order))
    customer.get_by_text("When it was expected, and why that changed").click()
    expect(customer.get_by_text(re.compile("It takes longer than was thought"))).to_be_visible()
    assert Order.objects.get().latest > timezone.now() + timedelta(minutes=1)
    assert not_reloaded(customer)
