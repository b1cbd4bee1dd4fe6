"""What is refused before anybody pays, with a sentence at its place: by the flight, by the hours, by what is left."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from checkout.models import Payment
from e2e.conftest import is_live
from e2e.look import look_at
from tracking.orders.models import Order, State


@pytest.fixture
def at_the_form(person, menu):
    """A customer with a soup in the basket, who has typed all but the flight."""
    page = person(bypass_csp=True)
    page.goto("/orders/grill/")
    is_live(page)
    page.get_by_role("button", name="Add Soup").click()
    page.locator("#basket").get_by_role("link", name=re.compile("^Order")).click()
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("E-mail").fill("ada@example.org")
    return page


def nothing_is_ordered(menu):
    menu["Soup"].refresh_from_db()
    return menu["Soup"].stock == 5 and not Order.objects.exists() and not Payment.objects.exists()


def send(page):
    page.get_by_role("button", name=re.compile("^Order and pay")).click()


def test_what_can_not_be_had_before_boarding(at_the_form, menu, make_flight):
    make_flight(
        minutes=56, gate="B22"
    )  # boards in 26 minutes: ready in 15, 8 to walk, and 5 for a runner would be too late
    at_the_form.get_by_label("Your flight").fill("B6 1010")
    at_the_form.get_by_label("Bring it to the gate").check()
    send(at_the_form)
    error = at_the_form.locator("#id_flight_error")
    expect(error).to_contain_text(re.compile(r"Boarding for B6 1010 starts at \d\d:\d\d"))
    expect(error).to_contain_text(re.compile(r"collect it at the shop by \d\d:\d\d or choose something quicker"))
    assert nothing_is_ordered(menu)
    look_at(at_the_form)
    at_the_form.get_by_label("Collect at the shop").check()  # what the sentence says to do
    send(at_the_form)
    at_the_form.wait_for_url("**/checkout/**")
    assert Order.objects.get().flight.designator == "B6 1010"


def test_what_nobody_can_make_in_time(at_the_form, menu, make_flight):
    make_flight(minutes=46, gate="B22")
    at_the_form.get_by_label("Your flight").fill("B6 1010")
    send(at_the_form)
    expect(at_the_form.locator("#id_flight_error")).to_contain_text(
        re.compile(r"earliest ready \d\d:\d\d: choose something quicker that you can collect by \d\d:\d\d")
    )
    assert nothing_is_ordered(menu)


@pytest.mark.parametrize("flight", ["B6 9999", "1010", "B6 77"])
def test_a_flight_that_does_not_leave_here(at_the_form, menu, make_flight, flight):
    make_flight(number="77", origin="BOS", destination="JFK")
    at_the_form.get_by_label("Your flight").fill(flight)
    send(at_the_form)
    expect(at_the_form.locator("#id_flight_error")).to_contain_text("We know no such flight")
    assert nothing_is_ordered(menu)


def test_what_is_sold_out_between_the_basket_and_the_payment(at_the_form, menu):
    send(at_the_form)
    at_the_form.wait_for_url("**/checkout/**")
    order = Order.objects.get()
    menu["Soup"].sell_out(timezone.now() + timedelta(hours=1))
    at_the_form.goto(order.get_absolute_url())
    is_live(at_the_form)
    at_the_form.get_by_role("button", name="Pay $7.00").click()
    expect(at_the_form.get_by_role("alert")).to_contain_text("Nothing is paid: Soup is sold out.")
    order.refresh_from_db()
    assert order.state == State.UNPAID and not Payment.objects.filter(settled_at__isnull=False).exists()


def test_hours_and_the_kitchens_own_are_said_and_a_closed_shop_says_when_it_opens(person, grill, menu):
    page = person()
    page.goto("/orders/grill/")
    is_live(page)
    heading = page.locator(".menu-of > header")
    expect(heading).to_contain_text("Open until 23:00")
    expect(heading).to_contain_text("The kitchen closes at 22:00.")
    now = timezone.now()
    grill.closings.create(begins=now - timedelta(minutes=1), ends=now + timedelta(hours=2), reason="A leak")
    with transaction.atomic():
        grill.changed()
    expect(heading).to_contain_text("Closed until")
    page.goto("/orders/")
    expect(page.locator("main")).to_contain_text("Closed until")
