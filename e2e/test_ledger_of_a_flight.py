"""The ledger of a flight's seats at the sales desk: live, and it adds up to the aircraft after each thing that people do."""

import re
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from bookings.seats.fares.quote import FARE
from bookings.seats.models import Booking
from e2e.conftest import is_live, not_reloaded
from e2e.test_book_a_flight import fill_in
from e2e.test_sales_desk import block, open_flight
from live.outbox import publish
from money import Money

SEATS = 100  # of the cast's aircraft


def ledger(page, **expected):
    """Wait until the open page counts this; all the rest is free, and the sum is what the aircraft has."""
    counts = {"Sold": 0, "Held": 0, "Blocked": 0, "Infants on laps": 0, **expected}
    counts["Free"] = SEATS - counts["Sold"] - counts["Held"] - counts["Blocked"]
    for name, count in {**counts, "Seats": SEATS}.items():
        of_name = page.locator(".ledger > div").filter(has=page.locator(f"dt:text-is('{name}')"))
        until = r"\s+until \d\d:\d\d( – \d\d:\d\d)?" if name == "Held" and count else ""
        expect(of_name.locator("dd")).to_have_text(re.compile(rf"^\s*{count}{until}\s*$"))
    expect(page.get_by_text("This does not add up")).to_have_count(0)


def expire(booking):
    with transaction.atomic():
        soon = timezone.now() + timedelta(seconds=1)
        Booking.objects.filter(pk=booking.pk).update(expires_at=soon)
        booking.assignments().update(held_until=soon)
        publish(*booking.topics())


def test_it_adds_up_while_seats_are_held_sold_blocked_and_given_back(signed_in, person, sally, inventory):
    desk, family, late = signed_in(sally), person(), person(viewport={"width": 390, "height": 844})
    panel = open_flight(desk, inventory)
    assert len(inventory.plan.seats) == SEATS
    ledger(desk)
    search = f"/fly/?from=JFK&to=BOS&day={inventory.day}"
    family.goto(f"{search}&adults=2&infants_lap=1")
    family.get_by_role("button", name=re.compile("^Choose Flex")).click()
    family.wait_for_url("**/fly/hold/**")
    ledger(desk, Held=2, **{"Infants on laps": 1})
    late.goto(search)
    late.get_by_role("button", name=re.compile("^Choose Standard")).click()
    late.wait_for_url("**/fly/hold/**")
    is_live(late)
    ledger(desk, Held=3, **{"Infants on laps": 1})
    block(panel, "20 21A", "crew rest")
    ledger(desk, Held=3, Blocked=5, **{"Infants on laps": 1})

    fill_in(family, "Ada Lovelace", "Bea Lovelace", "Mia Lovelace")
    family.get_by_role("button", name=re.compile("^Book for")).click()
    for address in ("**/fly/pay/**", "**/checkout/**"):
        family.wait_for_url(address)
        family.get_by_role("button", name=re.compile("^Pay ")).click()
    family.wait_for_url("**/fly/trips/**")
    ledger(desk, Sold=2, Held=1, Blocked=5, **{"Infants on laps": 1})
    fares = Booking.objects.get(email="ana@example.org").lines.filter(code=FARE).values_list("amount", flat=True)
    expect(desk.locator(".ledger")).to_contain_text(f"Revenue{Money(sum(fares), 'USD')}")

    # Nobody does anything: the hold of the other one expires, in all open pages.
    hold = Booking.objects.get(email="")
    expire(hold)
    ledger(desk, Sold=2, Blocked=5, **{"Infants on laps": 1})
    expect(late.get_by_text("Your hold expired at")).to_be_visible()
    expect(late.get_by_text("The same seats are still free.")).to_be_visible()
    late.get_by_label("Given names").fill("Cleo")
    late.get_by_role("button", name="Hold the same seats again").click()
    expect(late.get_by_role("timer")).to_be_visible()
    expect(late.get_by_label("Given names")).to_have_value("Cleo")
    ledger(desk, Sold=2, Held=1, Blocked=5, **{"Infants on laps": 1})

    desk.get_by_role("link", name="Ada Lovelace").last.click()
    expect(panel.get_by_role("heading", name="Ada Lovelace")).to_be_visible()
    panel.get_by_text("Take off the flight").first.click()
    panel.get_by_label("Reason").fill("did not come")
    panel.get_by_role("button", name="Take off the flight").click()
    expect(panel.get_by_role("status")).to_be_visible()
    family.get_by_role("link", name="Cancel the booking").click()
    family.get_by_role("button", name=re.compile("^Cancel ")).click()
    expect(family.get_by_text("This booking is cancelled.")).to_be_visible()
    ledger(desk, Held=1, Blocked=5)
    assert not_reloaded(desk)
