"""The sales desk: what one agent does, the other one and customers see at once, and nobody reloads."""

import re

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from bookings.seats.desk.rebooking_forms import CHUNK
from bookings.seats.models import Coupon
from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at

TABLET = {"width": 820, "height": 1180}
DAYS = 24 * 60


@pytest.fixture
def sam(db):
    user = User.objects.create_user("sam@example.org", first_name="Sam")
    user.groups.add(Group.objects.get(name="sales desk"))
    return user


def open_flight(page, inventory):
    page.goto(f"/fly/desk/{inventory.pk}/")
    is_live(page)
    return page.locator("#panel")


def block(panel, seats, reason="crew rest"):
    form = panel.locator("form").filter(has_text="Block seats")
    form.get_by_label("Seats or rows").fill(seats)
    form.get_by_label("Reason").fill(reason)
    form.get_by_role("button", name="Block seats").click()


def test_a_block_is_seen_by_the_other_agent_and_on_a_customer_s_seat_map_at_once(
    signed_in, person, sally, sam, inventory, hold_seats
):
    hold = hold_seats()
    first, second, customer = signed_in(sally), signed_in(sam), person()
    panel = open_flight(first, inventory)
    other = open_flight(second, inventory)
    customer.goto(f"/fly/hold/{hold.token}/seats/0/")
    is_live(customer)
    seat = customer.locator("button[name=seat][value='20A']")
    expect(seat).to_have_class(re.compile("is-free"))
    block(panel, "20a")
    expect(panel.get_by_role("status")).to_contain_text("Blocked: 20A.")
    expect(seat).to_have_class(re.compile("is-blocked"))
    expect(second.get_by_role("link", name="20A, crew rest, blocked")).to_be_visible()
    expect(second.locator(".ledger")).to_contain_text(re.compile(r"Blocked\s*1"))
    # The second looked before that: they are told, and what they typed is kept.
    block(other, "21A", "repair")
    expect(other.get_by_role("alert")).to_contain_text("20A (crew rest)")
    expect(other.locator("#block-seats")).to_have_value("21A")
    assert all(map(not_reloaded, (first, second, customer)))


def test_seats_are_swapped_from_the_map_by_keyboard(signed_in, sally, inventory, fly):
    ada = fly("Ada Lovelace").coupons().get()
    bob = fly("Bob Stone").coupons().get()
    page = signed_in(sally)
    open_flight(page, inventory)
    page.get_by_role("link", name=f"{ada.seat}, Ada Lovelace, Not checked in").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_be_focused()
    page.get_by_label("New seat").fill(bob.seat)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Swap with Bob Stone").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel").get_by_role("status")).to_contain_text(f"Ada Lovelace has seat {bob.seat} now.")
    expect(page.get_by_role("link", name=f"{ada.seat}, Bob Stone, Not checked in")).to_be_visible()
    assert not_reloaded(page)


def test_a_wave_is_rebooked_while_another_agent_watches(signed_in, sally, sam, inventory, make_inventory, fly, bob):
    later = make_inventory(number="1020", minutes=10 * DAYS + 240)
    families = [fly("Ada Lovelace", "Mia Lovelace", children=1), fly("Bob Stone"), fly("Cleo Stone", "Dan Stone")]
    inventory.flight.cancel(by=bob)
    first, second = signed_in(sally, viewport=TABLET), signed_in(sam)
    for page in (first, second):
        page.goto(f"/fly/desk/{inventory.pk}/rebooking/")
        is_live(page)
    expect(second.get_by_text("0 of 5 passengers are on other flights.")).to_be_visible()
    expect(first.get_by_role("row").filter(has_text="Mia Lovelace")).to_contain_text(later.flight.designator)
    first.get_by_role("button", name="Rebook them now").click()
    expect(first.get_by_role("status")).to_contain_text("3 bookings were rebooked.")
    expect(second.get_by_text("5 of 5 passengers are on other flights.")).to_be_visible()
    assert not_reloaded(second)
    # The second agent's plan is old: nothing happens twice.
    second.get_by_role("button", name="Rebook them now").click()
    expect(second.get_by_role("status")).to_contain_text("0 bookings were rebooked.")
    seated = Coupon.objects.filter(segment__inventory=later, assignment__isnull=False)
    assert seated.count() == 5 and len(families) == 3


def test_a_long_wave_goes_on_by_itself_until_everybody_is_rebooked(
    signed_in, sally, inventory, make_inventory, fly, bob
):
    later = make_inventory(number="1020", minutes=10 * DAYS + 240)
    for number in range(CHUNK + 2):
        fly(f"Ada Stone{'abcdefghijklmnopqrstuvwxyz'[number]}")
    inventory.flight.cancel(by=bob)
    page = signed_in(sally)
    page.goto(f"/fly/desk/{inventory.pk}/rebooking/")
    page.get_by_role("button", name="Rebook them now").click()
    expect(page.get_by_role("status")).to_contain_text(f"{CHUNK + 2} bookings were rebooked.")
    expect(page.get_by_text(f"{CHUNK + 2} of {CHUNK + 2} passengers are on other flights.")).to_be_visible()
    assert later.ledger().sold == CHUNK + 2 and page.get_by_role("button", name="Carry on").count() == 0


def test_an_aircraft_is_changed_after_a_look_at_what_it_means(signed_in, sally, inventory, fly):
    booking = fly("Ada Lovelace")
    booking.move({booking.coupons().get().pk: "25F"})
    page = signed_in(sally, viewport=TABLET)
    panel = open_flight(page, inventory)
    panel.get_by_role("link", name="Change of aircraft").click()
    page.get_by_label("Aircraft, and its seats").select_option("erj-145")
    page.get_by_role("button", name="Show what it means").click()
    expect(page.get_by_role("row").filter(has_text="Ada Lovelace")).to_contain_text("25F")
    page.get_by_role("button", name="Change the aircraft now").click()
    expect(page.get_by_text("The aircraft is changed")).to_be_visible()
    inventory.refresh_from_db()
    assert inventory.layout == "erj-145" and booking.coupons().get().seat != "25F"


def test_the_pages_on_every_size_by_day_and_by_night(signed_in, sally, inventory, make_inventory, fly, hold_seats, bob):
    off = make_inventory(number="1030", minutes=10 * DAYS + 60)
    make_inventory(number="1040", minutes=10 * DAYS + 300)
    coupon = fly("Ada Lovelace", "Mia Lovelace", "Tim Lovelace", children=1, infants_lap=1).coupons().first()
    fly("Bob Stone", on=[off])
    hold_seats(adults=2)
    inventory.block(["20A", "20C"], "crew rest")
    off.flight.cancel(by=bob)
    page = signed_in(sally, bypass_csp=True)
    day = timezone.localdate(inventory.flight.off_block_scheduled, inventory.flight.origin.tz)
    for address in (
        f"/fly/desk/?airport=JFK&date={day}",
        "/fly/desk/?q=lovelace",
        f"/fly/desk/{inventory.pk}/",
        f"/fly/desk/traveller/{coupon.pk}/",
        f"/fly/desk/{inventory.pk}/aircraft/?layout=erj-145",
        f"/fly/desk/{off.pk}/rebooking/",
    ):
        page.goto(address)
        look_at(page)
        page.set_viewport_size(TABLET)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
