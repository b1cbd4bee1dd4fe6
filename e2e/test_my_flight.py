"""A passenger's open page: a cancellation at the flight desk reaches it at once, and one press puts them on another flight."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from bookings.seats.models import Booking, State
from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at
from e2e.test_desk_and_board import open_panel

PHONE = {"viewport": {"width": 390, "height": 844}}
HOUR = 60


@pytest.fixture
def first(make_inventory):
    return make_inventory(number="1010", minutes=3 * HOUR, gate="B22")


@pytest.fixture
def later(make_inventory):
    return make_inventory(number="1012", minutes=6 * HOUR)


@pytest.fixture
def booking(fly, first, later):
    return fly("Ada Lovelace", "Mia Lovelace", children=1, on=[first])


def tab_to(page, locator):
    """By the keyboard alone."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("it can't be reached by the keyboard")


def open_page(page, booking):
    page.goto(booking.get_absolute_url())
    is_live(page)


def test_a_cancellation_at_the_desk_is_rebooked_in_one_press(person, signed_in, bob, booking, first, later):
    phone, desk = person(**PHONE), signed_in(bob)
    open_page(phone, booking)
    expect(phone.get_by_role("button", name="Take the flight")).to_have_count(0)
    desk.goto("/flights/JFK/desk/")
    is_live(desk)
    panel = open_panel(desk, first.flight)
    panel.get_by_role("button", name="Cancel the flight").click()

    expect(phone.get_by_role("heading", name="B6 1010 is cancelled.")).to_be_visible()
    assert not_reloaded(phone)
    expect(phone.get_by_text("US DOT, 14 CFR 260")).to_be_visible()
    phone.get_by_role("button", name="Take the flight").click()
    expect(phone.get_by_text("You are booked on the new flights.")).to_be_visible()
    expect(phone.get_by_role("heading", name="B6 1012")).to_be_visible()
    expect(phone.get_by_text("is cancelled")).to_have_count(0)
    assert (first.ledger().sold, later.ledger().sold) == (0, 2)


def test_delays_and_gates_show_in_the_open_page(person, bob, booking, first):
    page = person()
    open_page(page, booking)
    first.flight.assign_gate("C4", by=bob)
    expect(page.locator(".leg .gate")).to_have_text("C4")
    first.flight.delay(until=first.flight.off_block_scheduled + timedelta(minutes=150), by=bob)
    expect(page.get_by_text("Delayed 2 h 30 min")).to_be_visible()
    expect(page.get_by_role("button", name="Keep my flight")).to_be_visible()
    assert not_reloaded(page)


def test_a_connection_that_can_not_be_reached_is_marked_at_once_and_what_fits_is_one_press(
    person, bob, fly, make_inventory
):
    first = make_inventory(number="11", minutes=3 * HOUR)
    onward = {
        hours: make_inventory(number=f"1{hours}", origin="BOS", destination="SFO", minutes=hours * HOUR)
        for hours in (6, 9)
    }
    booking = fly("Ada Lovelace", on=[first, onward[6]], family="flex")
    phone, laptop = person(**PHONE), person()
    for page in (phone, laptop):
        open_page(page, booking)
    first.flight.delay(until=first.flight.off_block_scheduled + timedelta(minutes=110), by=bob)
    for page in (phone, laptop):
        expect(page.get_by_role("heading", name="you would miss B6 16.")).to_be_visible()
        expect(page.locator(".leg").last).to_contain_text("Connection not possible")
    phone.get_by_role("button", name="Take the flight").click()
    for page in (phone, laptop):
        expect(page.locator(".leg").last).to_contain_text("B6 19")
        expect(page.get_by_text("Connection not possible")).to_have_count(0)
    assert [each.ledger().sold for each in (first, *onward.values())] == [1, 0, 1]
    assert booking.total == Booking.objects.get().total  # at no charge

    phone.get_by_role("link", name="Choose your seats").click()
    is_live(phone)
    phone.locator("button[name=seat][value='20A']").click()
    expect(phone.locator("#seat-answer")).to_contain_text("Ada Lovelace has seat 20A")
    expect(laptop.locator(".seated").first).to_contain_text("Seat 20A")
    assert not_reloaded(laptop)


def test_another_day_by_the_terms_of_the_fare(person, book_flight, make_inventory):
    """The fee and the difference are named before, and paid before check-in, which opens 24 hours before the departure."""
    soon, dearer = (
        make_inventory(number=str(number), minutes=days * 24 * HOUR, miles=187 * number)
        for number, days in ((3, 3), (4, 4))
    )
    booking = book_flight("Ada Lovelace", on=[soon])
    page, other = person(**PHONE), person()
    page.goto(f"/fly/pay/{booking.token}/")
    pay(page)
    open_page(other, booking)
    page.get_by_role("link", name="Change flights").click()
    fee = page.locator(".facts dd").last.inner_text()
    page.locator(f"a[href$='day={dearer.day}']").click()
    expect(page.get_by_text(fee, exact=True)).to_be_visible()
    take = page.get_by_role("button", name=re.compile(r"^Fly at \d\d:\d\d for .* more$"))
    more = take.inner_text().split(" for ")[1].removesuffix(" more")
    take.click()
    is_live(page)
    due = page.get_by_role("link", name=f"Pay {more}")
    expect(due).to_be_visible()
    expect(other.get_by_role("heading", name="B6 4")).to_be_visible()
    page.get_by_role("link", name="Check-in and boarding passes").click()
    expect(page.get_by_text("The change of this booking is not paid yet.")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Opens .*\d\d:\d\d$"))).to_be_visible()
    expect(page.get_by_role("button", name="Check in")).to_be_hidden()
    page.go_back()
    due.click()
    pay(page)
    expect(due).to_have_count(0)
    now = Booking.objects.get()
    assert (now.due, now.charged) == (0, now.total) and now.total > booking.total
    assert [each.ledger().sold for each in (soon, dearer)] == [0, 1]
    assert not_reloaded(other)


def pay(page):
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.wait_for_url("**/checkout/**")
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.wait_for_url("**/fly/trips/**")
    is_live(page)


def test_two_who_share_a_link_see_one_another(person, booking, first, later):
    one, other = person(**PHONE), person()
    for page in (one, other):
        open_page(page, booking)
    first.flight.cancel()
    one.get_by_role("button", name="Take the flight").click()
    expect(other.get_by_role("heading", name="B6 1012")).to_be_visible()
    assert not_reloaded(other)


def test_it_is_cancelled_by_the_keyboard_alone(person, booking):
    page = person()
    open_page(page, booking)
    link = page.get_by_role("link", name="Cancel the booking")
    tab_to(page, link)
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Cancel ")
    expect(button).to_be_visible()
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(page.get_by_text("This booking is cancelled.")).to_be_visible()
    booking.refresh_from_db()
    assert booking.state == State.CANCELLED


def test_it_is_rebooked_without_scripts(person, booking, first, later):
    page = person(java_script_enabled=False)
    first.flight.cancel()
    page.goto(booking.get_absolute_url())
    page.get_by_role("button", name="Take the flight").click()
    expect(page.get_by_text("You are booked on the new flights.")).to_be_visible()
    assert later.ledger().sold == 2


def test_every_page_looks_right(person, booking, first, later, book_flight, make_inventory):
    page = person(bypass_csp=True)
    paths = ["", "cancel/", "change/"]
    for path in paths:
        page.goto(f"{booking.get_absolute_url()}{path}")
        look_at(page)
    unpaid = book_flight("Bea Stone", on=[later], later=True)
    page.goto(unpaid.get_absolute_url())
    look_at(page)
    first.flight.cancel()
    page.goto(booking.get_absolute_url())
    look_at(page)
    Booking.objects.get(pk=booking.pk).cancel()
    page.goto(booking.get_absolute_url())
    look_at(page)
