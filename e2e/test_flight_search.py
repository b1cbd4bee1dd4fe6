"""Somebody searches for flights while others book: prices and delays show in place; by keyboard; without scripts; on a phone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from bookings.seats.models import Booking
from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at

PHONE = {"width": 390, "height": 844}


SIZES = [{"width": 1280, "height": 800}, PHONE]


@pytest.fixture
def sell(make_inventory):
    """``sell("JFK", "BOS", hours=4)``: a flight for sale in so many hours."""
    numbers = iter(range(100, 1000))

    def make(origin="JFK", destination="BOS", hours=4, **fields):
        return make_inventory(
            minutes=60 * hours, origin=origin, destination=destination, number=str(next(numbers)), **fields
        )

    return make


@pytest.fixture
def trip(sell):
    """To San Francisco: a direct flight, and two connections in Boston that begin with the same flight."""
    return {
        "direct": sell("JFK", "SFO", hours=5, miles=2586),
        "first": sell("JFK", "BOS", hours=3),
        "tight": sell("BOS", "SFO", hours=5, miles=2704),
        "later": sell("BOS", "SFO", hours=7, miles=2704),
    }


def today(airports):
    return airports["JFK"].today().isoformat()


def result(page, *inventories):
    return page.locator(f"#itinerary-{'-'.join(str(inventory.pk) for inventory in inventories)}")


def places_of(page):
    """Where each result is."""
    return page.locator(".result").evaluate_all("rows => rows.map(row => [row.id, row.offsetTop, row.offsetHeight])")


def full_but(seats, inventory):
    inventory.block(sorted(inventory.free("economy"))[seats:])


def test_a_price_moves_and_seats_go_in_an_open_page(person, airports, trip, hold_seats):
    page, other = person(), person()
    address = f"/fly/?to=SFO&day={today(airports)}&order=price"
    for each in (page, other):
        each.goto(address)
        is_live(each)
    direct = result(page, trip["direct"])
    before = direct.locator(".fare .price b").first.inner_text()
    order = page.locator(".result").evaluate_all("rows => rows.map(row => row.id)")
    button = direct.get_by_role("button").first
    button.focus()
    at = button.bounding_box()

    full_but(14, trip["direct"])
    for _ in range(12):
        hold_seats(on=[trip["direct"]], family="flex")
    for each in (page, other):
        last = result(each, trip["direct"]).locator(".fare").last
        expect(last.locator(".left")).to_have_text(re.compile(r"2 seats, counted \d\d:\d\d:\d\d"))
    expect(direct.locator(".fare .price s")).not_to_have_count(0)
    expect(direct.locator(".fare .price s").last).to_contain_text("$")
    assert page.locator(".result").evaluate_all("rows => rows.map(row => row.id)") == order
    assert before in direct.inner_text() or "Sold out" in direct.inner_text()
    assert direct.get_by_role("button").first.bounding_box()["y"] == pytest.approx(at["y"], abs=30)
    assert not_reloaded(page) and not_reloaded(other)


@pytest.mark.parametrize("viewport", SIZES, ids=["laptop", "phone"])
def test_a_delay_makes_a_connection_impossible_in_place(person, airports, trip, bob, viewport):
    page = person(viewport=viewport)
    page.goto(f"/fly/?to=SFO&day={today(airports)}")
    is_live(page)
    tight, later = result(page, trip["first"], trip["tight"]), result(page, trip["first"], trip["later"])
    expect(tight.get_by_role("button").first).to_be_visible()

    first = trip["first"].flight
    places = places_of(page)
    first.delay(until=first.off_block_scheduled + timedelta(minutes=30), by=bob)
    expect(tight).to_contain_text("This connection is no longer possible")
    assert places_of(page) == places, "nothing moves"
    expect(tight.get_by_role("button")).to_have_count(0)
    expect(later.get_by_role("button").first).to_be_visible()
    tight.get_by_role("link", name="still fits").click()
    expect(page).to_have_url(re.compile(f"#{later.get_attribute('id')}$"))

    first.withdraw_delay(by=bob)
    expect(tight.get_by_role("button").first).to_be_visible()

    trip["direct"].flight.cancel(by=bob)
    direct = result(page, trip["direct"])
    expect(direct).to_contain_text("Cancelled")
    expect(direct.locator("h3 s")).to_be_visible()
    assert places_of(page) == places
    assert not_reloaded(page)
    page.reload()
    expect(direct).to_have_count(0)


def test_by_keyboard_alone(person, airports, trip):
    page = person()
    page.goto("/fly/")
    page.get_by_label("To", exact=True).focus()
    page.keyboard.type("San Francisco")
    page.get_by_label("Day").fill(today(airports))
    page.get_by_text("1 traveller, Economy").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator(".result").first).to_contain_text("Direct")
    expect(page.get_by_text("2 travellers, Economy")).to_be_visible()
    expect(page.locator("h2")).to_contain_text("San Francisco")
    choose = result(page, trip["direct"]).get_by_role("button", name="Choose Standard")
    choose.focus()
    expect(choose).to_be_focused()


def test_errors_stand_at_their_fields(person, airports):
    page = person()
    page.goto("/fly/?to=JFK&adults=1&infants_lap=2")
    field = page.get_by_label("To", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".field", has=field)).to_contain_text("Choose another airport")
    expect(page.get_by_text("an adult of its own")).to_be_visible()
    expect(page.locator(".live")).to_have_count(0)


def test_without_scripts(person, airports, trip):
    page = person(java_script_enabled=False)
    page.goto("/fly/")
    page.get_by_label("To", exact=True).fill("SFO")
    page.get_by_label("Day").fill(today(airports))
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".result")).to_have_count(3)
    page.get_by_text("Filters and order").click()
    page.get_by_label("Stops").select_option("0")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".result")).to_have_count(1)
    expect(page.get_by_label("Stops")).to_have_value("0")


def test_a_day_without_seats_leads_to_one_that_has_some(person, airports, sell):
    inventory = sell(hours=24 * 5)
    page = person()
    page.goto(f"/fly/?to=BOS&day={(airports['JFK'].today() + timedelta(days=3)).isoformat()}")
    expect(page.locator(".empty")).to_contain_text("No seats that day")
    page.get_by_text("The nearest day with seats is").get_by_role("link").click()
    expect(result(page, inventory)).to_be_visible()


def test_all_looks(person, airports, trip, bob, hold_seats):
    full_but(3, trip["later"])
    page = person(bypass_csp=True)
    for address in ("/fly/", f"/fly/?to=SFO&day={today(airports)}&adults=2", "/fly/?to=XXX&adults=0"):
        page.set_viewport_size(PHONE)
        page.goto(address)
        look_at(page)
    page.goto(f"/fly/?to=SFO&day={today(airports)}&order=price")
    is_live(page)
    first = trip["first"].flight
    first.delay(until=first.off_block_scheduled + timedelta(minutes=30), by=bob)
    hold_seats(on=[trip["later"]], family="flex")
    trip["direct"].flight.cancel(by=bob)
    expect(page.locator(".result.is-over")).to_have_count(2)
    look_at(page)


def test_buttons_are_large_enough_for_a_thumb(person, airports, trip):
    page = person(viewport=PHONE)
    page.goto(f"/fly/?to=SFO&day={today(airports)}")
    small = "nodes => nodes.filter(node => node.checkVisibility() && node.getBoundingClientRect().height < 43).map(node => node.outerHTML)"
    assert page.locator("main a, main button, main summary, main select").evaluate_all(small) == []


def test_what_is_pressed_is_what_is_held(person, airports, trip):
    page = person()
    page.goto(f"/fly/?to=SFO&day={today(airports)}&adults=2")
    sent = []
    page.on("request", lambda request: sent.append(request.post_data) if request.method == "POST" else None)
    result(page, trip["direct"]).get_by_role("button", name="Choose Flex").click()
    expect(page.locator("main")).to_contain_text("SFO")
    assert Booking.objects.get().family == "flex"
    assert f"choice={trip['direct'].pk}%2Fflex%2F" in sent[0] and "adults=2" in sent[0]


def test_the_front_page_leads_there(person, airports):
    page = person()
    page.goto("/")
    page.locator(".doors").get_by_role("link", name="Book a flight").click()
    expect(page.get_by_label("From")).to_have_value("JFK")
