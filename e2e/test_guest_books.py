"""A guest books a table, and others see it: two browsers, neither reloads; by keyboard; without scripts; axe on each page."""

import re
from datetime import time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.db import transaction
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import expect

from bookings.restaurants.models import Closure, QueueEntry, Reservation
from bookings.restaurants.models.presence import door_code
from bookings.restaurants.models.waitlist import serve_waitlists
from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at
from live.outbox import publish


@pytest.fixture
def times(tomorrow):
    return f"/restaurants/bistro/?party=8&date={tomorrow.isoformat()}"


def time_of(page, clock):
    return page.locator(".times > li").filter(has=page.locator(f"time:text-is('{clock}'), s:text-is('{clock}')"))


def fill(page, name="Ada Lovelace"):
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail").fill("ada@example.org")


def book_one(page, times, clock="18:00"):
    page.goto(times)
    time_of(page, clock).get_by_role("button").click()
    fill(page)
    page.get_by_role("button", name="Book this table").click()
    expect(page.locator(".states")).to_contain_text("Booked")


def test_one_holds_books_changes_and_cancels_and_the_other_sees_each_step(person, bistro, times):
    guest, other = person(), person()
    other.goto(times)
    is_live(other)
    guest.goto("/restaurants/")
    guest.get_by_label("Guests").fill("8")
    guest.get_by_role("button", name="Show times").click()
    guest.get_by_role("link", name="Bistro").click()
    expect(guest.get_by_role("heading", name="Bistro").first).to_be_visible()
    guest.goto(times)
    expect(time_of(other, "18:00").get_by_role("button")).to_be_visible()

    time_of(guest, "18:00").get_by_role("button").click()
    expect(guest.get_by_role("timer")).to_contain_text(re.compile(r"\b6:[0-5]\d"))
    expect(time_of(other, "18:00")).to_contain_text(re.compile(r"held, may free in 6:[0-5]\d"))
    expect(time_of(other, "18:00").get_by_role("button")).to_have_count(0)

    fill(guest)
    guest.get_by_role("button", name="Book this table").click()
    expect(guest.locator(".states")).to_contain_text("Booked")
    expect(time_of(other, "18:00")).to_contain_text("taken")
    expect(other.locator("main")).not_to_contain_text("Ada")

    is_live(guest)
    guest.get_by_role("link", name="Change time or guests").click()
    time_of(guest, "20:30").get_by_role("button").click()
    expect(guest.locator(".when")).to_contain_text("20:30")
    expect(time_of(other, "18:00").get_by_role("button")).to_be_visible()
    expect(time_of(other, "20:30")).to_contain_text("taken")

    guest.get_by_text("Cancel the booking").click()
    guest.get_by_role("button", name="Yes, cancel it").click()
    expect(guest.locator(".states")).to_contain_text("Cancelled")
    expect(time_of(other, "20:30").get_by_role("button")).to_be_visible()
    assert not_reloaded(other)


def test_a_hold_that_is_given_back_comes_back(person, bistro, times):
    guest, other = person(), person()
    other.goto(times)
    is_live(other)
    guest.goto(times)
    time_of(guest, "18:00").get_by_role("button").click()
    expect(time_of(other, "18:00")).to_contain_text("held")
    guest.get_by_role("button", name="Release the table").click()
    expect(time_of(other, "18:00").get_by_role("button")).to_be_visible()
    assert not_reloaded(other)


def test_a_hold_that_expires_comes_back_by_itself_and_its_page_says_so(person, bistro, times):
    """Nobody does anything but wait: the guest's clock is moved on by seven minutes, the hold's end is moved to now."""
    guest, other = person(), person()
    other.goto(times)
    is_live(other)
    guest.clock.install()
    guest.goto(times)
    time_of(guest, "18:00").get_by_role("button").click()
    expect(guest.get_by_role("timer")).to_be_visible()
    expect(time_of(other, "18:00")).to_contain_text("held")
    guest.clock.fast_forward("07:00")
    with transaction.atomic():
        Reservation.objects.update(expires_at=timezone.now() + timedelta(seconds=1))
        publish(*Reservation.objects.get().topics())
    expect(guest.get_by_role("status").filter(has_text="7 minutes are over")).to_be_visible()
    expect(time_of(other, "18:00").get_by_role("button")).to_be_visible()
    assert not_reloaded(other)


def test_who_is_too_late_takes_one_of_the_nearest_times(person, bistro, times):
    guest, late = person(), person(java_script_enabled=False)  # without scripts, its page stays as it was
    late.goto(times)
    book_one(guest, times)
    time_of(late, "18:00").get_by_role("button").click()
    expect(late.get_by_role("alert")).to_contain_text("That time has just gone. The nearest free times are:")
    nearest = late.locator(".chips").get_by_role("button")
    expect(nearest).to_have_text(["20:00", "20:15", "20:30", "20:45"])
    nearest.first.click()
    fill(late, "Ben Late")
    late.get_by_role("button", name="Book this table").click()
    expect(late.locator(".states")).to_contain_text("Booked")
    expect(late.locator(".when")).to_contain_text("20:00")


@pytest.fixture
def in_new_york(airports):
    """A zone that calendar files name; some of the tests' hours give JFK the zone UTC, which they do not."""
    airports["JFK"].zone = "America/New_York"
    airports["JFK"].save()


def test_the_calendar_file_follows_the_booking(person, in_new_york, bistro, times):
    guest = person()
    book_one(guest, times)
    booked = entry_of(guest)
    guest.get_by_role("link", name="Change time or guests").click()
    time_of(guest, "20:30").get_by_role("button").click()
    expect(guest.locator(".when")).to_contain_text("20:30")
    changed = entry_of(guest)
    assert [entry.start.strftime("%H:%M") for entry in (booked, changed)] == ["18:00", "20:30"]
    assert booked["DTSTART"].params["TZID"] == "America/New_York"
    assert changed["UID"] == booked["UID"] and changed["SEQUENCE"] == booked["SEQUENCE"] + 1


def entry_of(page):
    """What "Add to calendar" downloads: its one entry."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Add to calendar").click()
    assert download.value.suggested_filename.endswith(".ics")
    calendar = Calendar.from_ical(download.value.path().read_bytes())
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["America/New_York"]
    (entry,) = calendar.walk("VEVENT")
    return entry


def test_my_bookings_follow_what_one_does_elsewhere_and_so_does_ones_calendar(signed_in, person, bistro, alice, times):
    home, phone = signed_in(alice), person()
    phone.context.add_cookies(home.context.cookies())
    home.goto("/restaurants/mine/")
    is_live(home)
    expect(home.locator("main")).to_contain_text("No table is booked")
    book_one(phone, times)
    row = home.locator(".places li")
    expect(row).to_contain_text("18:00")
    assert home.get_by_role("link", name="Follow them in your calendar").get_attribute("href").startswith("webcal://")
    feed = home.get_by_role("link", name="this address").get_attribute("href")
    assert statuses(person(), feed) == ["CONFIRMED"], "without signing in, as calendars fetch it"
    phone.get_by_text("Cancel the booking").click()
    phone.get_by_role("button", name="Yes, cancel it").click()
    expect(home.get_by_role("heading", name="Past and cancelled")).to_be_visible()
    expect(row).to_contain_text("Cancelled")
    assert statuses(person(), feed) == ["CANCELLED"]
    assert not_reloaded(home)


def statuses(page, feed):
    calendar = Calendar.from_ical(page.request.get(feed).body())
    return [entry["STATUS"] for entry in calendar.walk("VEVENT")]


def test_what_the_house_does_shows_on_the_guests_page_at_once(person, bistro, times):
    guest = person()
    book_one(guest, times)
    is_live(guest)
    reservation = Reservation.objects.get()
    reservation.arrive()
    expect(guest.locator(".states")).to_contain_text("preparing your table")
    reservation.seat()
    expect(guest.locator(".states")).to_contain_text("Enjoy your meal")
    expect(guest.get_by_role("link", name="Change time")).to_be_hidden()
    reservation.finish()
    expect(guest.locator(".states")).to_contain_text("Thank you")
    assert not_reloaded(guest)


def test_a_link_that_was_handed_on_ends_its_open_page(person, bistro, times):
    guest = person()
    book_one(guest, times)
    is_live(guest)
    Reservation.objects.get().transfer("Grace", "grace@example.org")
    expect(guest.locator(".fresh").first).to_contain_text(re.compile("no longer|Sign in"))


def test_a_day_that_closes_is_told_to_who_looks_and_typing_survives_it(person, bistro, times, tomorrow):
    page = person()
    page.goto(times)
    is_live(page)
    page.locator("#waitlist summary").click()
    page.locator("#waitlist").get_by_label("Name").fill("Bea Half-typ")
    bistro.close(tomorrow, reason="Stocktaking.")
    expect(page.locator(".live")).to_contain_text("Stocktaking.")
    expect(page.locator("#waitlist").get_by_label("Name")).to_have_value("Bea Half-typ")
    assert not_reloaded(page)


@pytest.fixture
def all_day(bistro):
    """It is afternoon there (tests/cast/flights.py), in the middle of a service."""
    bistro.services.update(begins=time(0), last=time(23, 45), ends=time(23, 59))
    return bistro


def test_ones_place_in_the_queue_moves_as_others_go(person, all_day):
    first, second = person(), person()
    for page, name in ((first, "Ada"), (second, "Ben")):
        page.goto("/restaurants/bistro/queue/")
        page.get_by_label("Code from the card").fill("wrong")
        page.get_by_label("Name that we call").fill(name)
        page.get_by_role("button", name="Join the queue").click()
        expect(page.get_by_text("This is not today’s code.")).to_be_visible()
        page.get_by_label("Code from the card").fill(door_code(all_day).lower())
        page.get_by_role("button", name="Join the queue").click()
        is_live(page)
    expect(second.locator(".place-no")).to_contain_text("2")
    QueueEntry.objects.get(name="Ada").call()
    expect(first.locator(".states")).to_contain_text("Your table is ready")
    first.get_by_role("button", name="Leave the queue").click()
    expect(second.locator(".place-no")).to_contain_text("You are next.")
    assert not_reloaded(second)


def wait(page, times, name):
    """Onto the waitlist of a day that is full."""
    page.goto(times)
    page.locator("#waitlist summary").click()
    form = page.locator("#waitlist")
    form.get_by_label("Name").fill(name)
    form.get_by_label("E-mail").fill(f"{name.lower()}@example.org")
    form.get_by_role("button").click()
    is_live(page)


@pytest.fixture
def full(book):
    """A day without a table for eight; the first of those that have it."""
    first, *_others = (book(clock, 8) for clock in ("17:00", "19:00", "21:00"))
    return first


def test_on_the_waitlist_and_off_it(person, full, times):
    page = person()
    wait(page, times, "Bea")
    expect(page.locator(".place-no")).to_contain_text("1")
    page.get_by_role("button", name="Leave the waitlist").click()
    expect(page.locator(".states")).to_contain_text("not on the waitlist any more")


def test_what_becomes_free_is_offered_to_the_first_who_waits_and_then_to_the_next(person, full, times):
    first, second = person(), person()
    wait(first, times, "Bea")
    wait(second, times, "Cem")
    expect(second.locator(".place-no")).to_contain_text("2")
    full.cancel()
    serve_waitlists()  # as the server's periodic job does
    expect(first.locator(".states")).to_contain_text("A table for you")
    expect(first.get_by_text(re.compile(r"^14:\d\d$"))).to_be_visible()
    expect(second.locator(".place-no")).to_contain_text("1")
    assert not_reloaded(first)
    first.get_by_role("button", name="Leave the waitlist").click()
    expect(first.locator(".states")).to_contain_text("not on the waitlist any more")
    serve_waitlists()
    expect(second.locator(".states")).to_contain_text("A table for you")
    assert not_reloaded(second)
    second.get_by_role("button", name="Take this table").click()
    expect(second.locator(".states")).to_contain_text("Booked")
    expect(second.locator(".when")).to_contain_text("17:00")


def test_without_scripts_all_of_it_works(person, bistro, times):
    page = person(java_script_enabled=False)
    page.goto(times)
    time_of(page, "18:00").get_by_role("button").click()
    expect(page.get_by_role("timer")).to_contain_text("until ")
    fill(page)
    page.get_by_role("button", name="Book this table").click()
    expect(page.locator(".states")).to_contain_text("Booked")
    page.get_by_role("link", name="Change time or guests").click()
    time_of(page, "19:00").get_by_role("button").click()
    expect(page.locator(".when")).to_contain_text("19:00")
    page.get_by_text("Cancel the booking").click()
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.locator(".states")).to_contain_text("Cancelled")


def test_by_keyboard_alone(person, bistro, times):
    page = person()
    page.goto(times)
    is_live(page)
    press_until(page, time_of(page, "17:00").get_by_role("button"))
    page.keyboard.press("Enter")
    press_until(page, page.get_by_label("Name"))
    page.keyboard.type("Ada")
    page.keyboard.press("Tab")
    page.keyboard.type("ada@example.org")
    press_until(page, page.get_by_role("button", name="Book this table"))
    page.keyboard.press("Enter")
    expect(page.locator(".states")).to_contain_text("Booked")
    press_until(page, page.locator("summary").filter(has_text="Cancel the booking"))
    page.keyboard.press("Enter")
    press_until(page, page.get_by_role("button", name="Yes, cancel it"))
    page.keyboard.press("Enter")
    expect(page.locator(".states")).to_contain_text("Cancelled")


def press_until(page, wanted, most=40):
    expect(wanted).to_be_visible()
    for _ in range(most):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by Tab")


def test_the_widget_follows_too_and_opens_a_tab(person, bistro, times, tomorrow):
    page, guest = person(), person()
    page.goto(f"/restaurants/bistro/widget/?party=8&date={tomorrow.isoformat()}")
    is_live(page)
    guest.goto(times)
    time_of(guest, "17:00").get_by_role("button").click()
    expect(time_of(page, "17:00")).to_contain_text("held")
    with page.context.expect_page() as opened:
        time_of(page, "20:00").get_by_role("button").click()
    opened.value.get_by_role("button", name="Take it").click()
    expect(opened.value.get_by_role("timer")).to_be_visible()


@pytest.fixture
def site(server):
    """``site(path)``: the address of another site, whose one page has that page of ours in a frame."""
    frame = ""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<iframe src="{frame}"></iframe>'.encode())

        def log_message(self, *args):
            pass

    def show(path):
        nonlocal frame
        frame = server.url + path
        return f"http://127.0.0.1:{other.server_port}"

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        yield show
        other.shutdown()


@pytest.mark.parametrize("listed", [True, False])
def test_only_a_listed_site_can_frame_it_and_there_it_is_live(chromium, site, bistro, hold, tomorrow, listed):
    """Not by ``person``: a browser complains of a refused frame in its console, as it should."""
    address = site(f"/restaurants/bistro/widget/?party=8&date={tomorrow.isoformat()}")
    bistro.embedded_by = address if listed else "https://bistro.example"
    bistro.save()
    context = chromium.new_context()
    page = context.new_page()
    page.goto(address, wait_until="load")
    widget = page.frame_locator("iframe")
    if listed:
        expect(widget.locator(".live[data-state=live]")).to_be_attached()
        hold("18:00", 8)
        expect(widget.locator(".times")).to_contain_text("held, may free in")
    else:
        expect(widget.locator(".times")).to_have_count(0)
    context.close()


def test_each_page_is_accessible_and_fits(signed_in, person, all_day, diner, alice, times, tomorrow):
    page, other = signed_in(alice, bypass_csp=True), person()
    other.goto(times)
    time_of(other, "18:00").get_by_role("button").click()
    Closure.objects.create(restaurant=diner, day=tomorrow, reason="Stocktaking.")
    closed = f"/restaurants/diner/?date={tomorrow.isoformat()}"
    for address in ("/restaurants/", times, times.replace("party=8", "party=50"), closed, "/restaurants/bistro/queue/"):
        page.goto(address)
        look_at(page)
    page.goto("/restaurants/bistro/widget/")
    look_at(page)
    page.goto(times)
    page.locator("#waitlist summary").click()
    page.locator("#waitlist").get_by_role("button").click()
    look_at(page)
    page.goto(times)
    time_of(page, "12:00").get_by_role("button").click()
    look_at(page)
    page.get_by_label("Name").fill("")
    page.get_by_role("button", name="Book this table").click()
    look_at(page)
    fill(page)
    page.get_by_role("button", name="Book this table").click()
    for summary in page.locator("main details summary").all():
        summary.click()
    look_at(page)
    page.get_by_role("link", name="Change time or guests").click()
    look_at(page)
    page.goto("/restaurants/mine/")
    look_at(page)
    page.goto(f"/restaurants/bistro/queue/?code={door_code(all_day)}")
    page.get_by_label("Name that we call").fill("Ada")
    page.get_by_role("button", name="Join the queue").click()
    look_at(page)
