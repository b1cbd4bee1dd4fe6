"""What somebody reads stays where it is on the screen while rows enter above it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookings.restaurants.models import Reservation
from bookings.restaurants.models.slots import slot_of
from e2e.conftest import is_live

SIZES = [(390, 844), (1280, 800), (1920, 1080)]


@pytest.fixture
def enter(make_flight):
    """``enter(5, minutes=10)``: five flights from JFK are announced, due then."""

    def enter(count, minutes):
        flights = [make_flight(minutes=minutes, number=str(3000 + minutes * 10 + at)) for at in range(count)]
        for flight in flights:
            flight.assign_gate("B7")
        return flights

    return enter


def read_in_the_middle(page, row):
    """Scroll to a row, as who reads it does, and return where it stands on the screen."""
    row.evaluate("row => window.scrollTo({top: row.getBoundingClientRect().top + scrollY - 300, behavior: 'instant'})")
    assert page.evaluate("window.scrollY") > 200
    return top_of(row)


def top_of(row):
    return row.evaluate("row => row.getBoundingClientRect().top")


def stays(page, row, prefix, act):
    """The row stands as before after five rows have entered above it."""
    before = read_in_the_middle(page, row)
    for entered in act():
        expect(page.locator(f"#{prefix}-{entered.pk}")).to_be_attached()
    return abs(top_of(row) - before)


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize(
    ("address", "prefix"), [("/flights/JFK/departures/", "departure"), ("/flights/JFK/desk/", "desk")]
)
def test_rows_of_flights_that_enter_above_move_nothing(
    signed_in, bob, make_flight, enter, width, height, address, prefix
):
    flights = [make_flight(minutes=20 + minutes, number=str(minutes)) for minutes in range(1, 40)]
    page = signed_in(bob, viewport={"width": width, "height": height})
    page.goto(address)
    is_live(page)
    row = page.locator(f"#{prefix}-{flights[20].pk}")
    assert stays(page, row, prefix, lambda: enter(5, minutes=10)) <= 1
    assert stays(page, row, prefix, lambda: enter(5, minutes=100)) <= 1, "below"


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_bookings_that_enter_above_move_nothing_in_a_hosts_list(signed_in, dora, bistro, width, height):
    bistro.services.update(begins="14:00", last="22:00", ends="23:45", pace=900, pace_online=900)
    room = bistro.areas.get()
    for number in range(60):
        room.tables.create(name=f"N{number}", max_covers=2, x=1, y=1)

    def book(count, minutes):
        slot = slot_of(timezone.now() + timedelta(minutes=minutes))
        return [Reservation.objects.book(bistro, slot, 2, name=f"Guest {uuid4()}"[:20]) for _guest in range(count)]

    booked = book(30, minutes=120)
    page = signed_in(dora, viewport={"width": width, "height": height})
    page.goto("/restaurants/bistro/book/")
    is_live(page)
    row = page.locator(f"#booking-{booked[20].pk}")
    assert stays(page, row, "booking", lambda: book(5, minutes=60)) <= 1
    before = top_of(row)
    for _time in range(12):
        expect(page.locator(f"#booking-{book(1, minutes=60)[0].pk}")).to_be_attached()
    assert abs(top_of(row) - before) <= 1, "parts of a pixel add up"


def test_without_the_script_the_page_jumps(person, make_flight, enter):
    flights = [make_flight(minutes=20 + minutes, number=str(minutes)) for minutes in range(1, 40)]
    page = person(viewport={"width": 1280, "height": 800})
    page.route("**/reading*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/flights/JFK/departures/")
    is_live(page)
    row = page.locator(f"#departure-{flights[20].pk}")
    assert stays(page, row, "departure", lambda: enter(5, minutes=10)) > 100


def test_at_the_top_of_the_page_new_rows_are_seen(person, make_flight, enter):
    for minutes in range(1, 40):
        make_flight(minutes=20 + minutes, number=str(minutes))
    page = person(viewport={"width": 1280, "height": 800})
    page.goto("/flights/JFK/departures/")
    is_live(page)
    (first, *_others) = enter(5, minutes=10)
    expect(page.locator(f"#departure-{first.pk}")).to_be_in_viewport()
    assert page.evaluate("window.scrollY") == 0
