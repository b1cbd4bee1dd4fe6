"""Who has opened a booking, the link that is made worthless, and the calendar file that moves with the flight."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import expect

from bookings.seats.models.following import QUIET, follow_flights
from e2e.conftest import is_live, not_reloaded
from post.models import Message

COMPUTER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
LINK = re.compile(r"/fly/trips/[^/\s]+/")


@pytest.fixture
def booking(fly, alice):
    return fly("Alice Ortiz", email="alice@example.org", user=alice)


def last_mail():
    return Message.objects.order_by("-pk").first()


def test_each_opening_is_listed_and_a_link_that_is_made_worthless_ends_open_pages(signed_in, person, alice, booking):
    owner = signed_in(alice, user_agent=COMPUTER)
    friend = person(user_agent=IPHONE, viewport={"width": 390, "height": 844})
    former = LINK.search(last_mail().body)[0]
    owner.goto("/fly/trips/")
    is_live(owner)
    owner.get_by_role("link", name="New York").first.click()
    is_live(owner)
    owner.get_by_text("Who opened this link").click()
    openings = owner.locator(".openings li")
    expect(openings).to_have_count(1)
    expect(openings).to_contain_text("on a computer, by you")
    friend.goto(former)
    is_live(friend)
    owner.reload()
    owner.get_by_text("Who opened this link").click()
    expect(openings).to_have_count(2)
    expect(openings.first).to_have_text(re.compile(r"^\s*Today \d\d:\d\d, on a phone\s*$"))

    owner.get_by_text("Replace this link").click()
    owner.get_by_role("button", name="Make a new link").click()
    expect(owner.get_by_text("Earlier links are worthless now.")).to_be_visible()
    is_live(owner)
    expect(friend.locator(".fresh").first).to_contain_text("You can no longer see this live.")
    assert not_reloaded(friend)
    assert [friend.goto(address).status for address in (former, f"{former}cancel/", f"{former}calendar/")] == [404] * 3
    owner.get_by_text("Who opened this link").click()
    expect(openings).to_have_count(1)  # those of the new link

    new = LINK.search(last_mail().body)[0]
    assert new != former and owner.url.endswith(new)
    assert friend.goto(new).status == 200
    owner.goto("/fly/trips/")  # the account leads to the new one
    owner.get_by_role("link", name="New York").first.click()
    expect(owner.locator(".trip-booked header")).to_contain_text(booking.reference)


def test_the_calendar_file_moves_with_the_flight_and_goes_with_it(person, inventory, booking, bob):
    page = person()
    page.goto(booking.get_absolute_url())
    is_live(page)
    before = entry_of(page)
    flight = inventory.flight
    assert (before.start, before["STATUS"]) == (flight.off_block_scheduled, "CONFIRMED")
    assert before["URL"].endswith(booking.get_absolute_url()) and booking.reference in before["DESCRIPTION"]

    flight.delay(until=flight.off_block_scheduled + timedelta(minutes=100), by=bob)
    follow_flights(timezone.now() + QUIET)  # the news has been quiet for a while
    expect(page.locator(".leg .states")).to_contain_text("Delayed 1 h 40 min")
    moved, mailed = entry_of(page), entry_in(last_mail().attachment)
    for entry in (moved, mailed):
        assert entry["UID"] == before["UID"] and entry["SEQUENCE"] == before["SEQUENCE"] + 1
        assert (entry.start - before.start, entry.end - before.end) == (timedelta(minutes=100),) * 2

    flight.cancel(by=bob)
    follow_flights(timezone.now())
    expect(page.get_by_role("heading", name=f"{flight.designator} is cancelled.")).to_be_visible()
    gone = entry_of(page)
    assert (gone["UID"], gone["STATUS"]) == (before["UID"], "CANCELLED") and gone["SEQUENCE"] > moved["SEQUENCE"]
    assert entry_in(last_mail().attachment)["STATUS"] == "CANCELLED"
    assert not_reloaded(page)


def entry_of(page):
    """What "Add to calendar" gives: its one entry."""
    link = page.get_by_role("link", name="Add to calendar", include_hidden=True)
    answer = page.request.get(link.get_attribute("href"))
    assert answer.headers["content-type"].startswith("text/calendar")
    return entry_in(answer.body())


def entry_in(file):
    (entry,) = Calendar.from_ical(bytes(file)).walk("VEVENT")
    return entry
