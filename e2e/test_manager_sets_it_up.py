"""A manager sets the restaurant up in the admin; a guest in another browser sees what comes of it, without a reload."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from e2e.conftest import is_live, not_reloaded
from e2e.test_guest_books import book_one, fill, site, time_of  # noqa: F401  (site is a fixture)


@pytest.fixture
def manager(signed_in, bistro, dora):
    """Dora's page in the admin: she works at the bistro, and may look behind the scenes."""
    User.objects.filter(pk=dora.pk).update(is_staff=True)
    dora.refresh_from_db()
    return signed_in(dora)


@pytest.fixture
def guest_at(person, tomorrow):
    """``guest_at(8)``: a guest's page of tomorrow's times for so many, live."""

    def open_page(party):
        page = person()
        page.goto(f"/restaurants/bistro/?party={party}&date={tomorrow.isoformat()}")
        is_live(page)
        return page

    return open_page


def open_list(page, kind):
    page.goto("/admin/")
    page.locator("#content-main").get_by_role("link", name=kind, exact=True).click()


def open_restaurant(page):
    open_list(page, "Restaurants")
    page.get_by_role("link", name="Bistro").click()


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def is_free(page, clock):
    expect(time_of(page, clock).get_by_role("button")).to_be_visible()


def is_taken(page, clock):
    expect(time_of(page, clock)).to_contain_text("taken")


def test_turn_times_by_party_size(manager, guest_at, book):
    book("18:00", 8)
    guest, couple = guest_at(8), guest_at(2)
    is_taken(guest, "17:00")
    open_list(manager, "Services")
    manager.get_by_role("link", name="Dinner").click()
    manager.locator("#id_turns-1-minutes").fill("60")
    save(manager)
    is_free(guest, "17:00")
    is_free(couple, "17:00")
    assert not_reloaded(guest)


def test_pace_online_and_in_house(manager, guest_at, book, tomorrow):
    book("19:00", 4)
    guest = guest_at(2)
    is_free(guest, "19:00")
    open_restaurant(manager)
    manager.get_by_label("Largest party that books online").fill("4")
    manager.locator("#id_services-0-pace_online").fill("4")
    manager.locator("#id_services-0-pace").fill("6")
    save(manager)
    is_taken(guest, "19:00")
    is_free(guest, "19:15")
    telephone(manager, tomorrow, "19:00", "Grace")
    expect(manager.locator("main")).to_contain_text("Grace is booked for")
    telephone(manager, tomorrow, "19:00", "Edsger")
    expect(manager.get_by_role("alert")).to_contain_text("no table left")
    assert not_reloaded(guest)


def telephone(page, day, clock, name):
    """A booking for two by staff."""
    page.goto(f"/restaurants/bistro/book/new/?date={day.isoformat()}")
    page.get_by_label("Time", exact=True).fill(clock)
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Book", exact=True).click()


@pytest.mark.parametrize("use", ["bookings by staff only", "walk-ins only"])
def test_a_table_that_is_not_for_guests_online(manager, guest_at, tables, use):
    guest = guest_at(8)
    is_free(guest, "18:00")
    give(manager, "T3", use)
    expect(guest.locator(".live")).to_contain_text("Tables for 8 are booked by Bistro itself: please call.")
    give(manager, "T3", "everybody")
    is_free(guest, "18:00")
    assert not_reloaded(guest)


def give(page, table, use):
    """A table to whom it is for, on its area's page."""
    open_list(page, "Areas")
    page.get_by_role("link", name="Room").click()
    row = page.locator(".dynamic-tables").filter(has=page.locator(f"input[value={table}]"))
    row.get_by_role("combobox").first.select_option(use)
    save(page)


def test_a_join_makes_room_for_a_larger_party(manager, guest_at, book, tables):
    book("18:00", 8)
    guest = guest_at(5)
    is_taken(guest, "18:00")
    open_restaurant(manager)
    manager.get_by_role("button", name="Add another Join").click()
    manager.locator("#id_joins-1-tables").select_option([str(table.pk) for table in tables("T1", "T2")])
    manager.locator("#id_joins-1-min_covers").fill("3")
    manager.locator("#id_joins-1-max_covers").fill("5")
    save(manager)
    is_free(guest, "18:00")
    assert not_reloaded(guest)


def test_a_policy_is_for_later_bookings(manager, person, bistro, tomorrow):
    times = f"/restaurants/bistro/?party=2&date={tomorrow.isoformat()}"
    early, late = person(), person()
    set_policy(manager, "Cancel until the evening before.", 60)
    book_one(early, times)
    set_policy(manager, "Cancel two days before.", 2880)
    for guest in (early, late):
        if guest is late:
            book_one(late, times, "19:00")
        guest.reload()
    expect(early.locator(".booking")).to_contain_text("Cancel until the evening before.")
    expect(early.get_by_role("link", name="Change time or guests")).to_be_visible()
    expect(late.locator(".booking")).to_contain_text("Cancel two days before.")
    expect(late.get_by_role("link", name="Change time or guests")).to_be_hidden()


def set_policy(page, text, minutes):
    open_restaurant(page)
    page.get_by_label("What guests agree to").fill(text)
    page.get_by_label("Minutes before its time until which").fill(str(minutes))
    save(page)


def test_a_day_is_closed(manager, guest_at, book, tomorrow):
    booked = book("19:00")
    guest = guest_at(2)
    is_free(guest, "18:00")
    open_restaurant(manager)
    manager.get_by_role("button", name="Add another Closure").click()
    manager.locator("#id_closures-0-day").fill(tomorrow.isoformat())
    manager.locator("#id_closures-0-reason").fill("Stocktaking.")
    save(manager)
    expect(guest.locator(".live")).to_contain_text("Closed on this day. Stocktaking.")
    expect(time_of(guest, "18:00")).to_have_count(0)
    booked.refresh_from_db()
    assert booked.state == "booked"
    assert not_reloaded(guest)


def test_a_site_is_listed_for_the_widget(manager, chromium, site):  # noqa: F811
    address = site("/restaurants/bistro/widget/")
    context = chromium.new_context()
    page = context.new_page()
    page.goto(address)
    times = page.frame_locator("iframe").locator(".times-of")
    expect(times).to_have_count(0)
    open_restaurant(manager)
    manager.get_by_label("Sites that may show its widget").fill("no origin")
    manager.get_by_role("button", name="Save", exact=True).click()
    expect(manager.locator(".errorlist").last).to_contain_text("“no origin” is not an origin.")
    manager.get_by_label("Sites that may show its widget").fill(address)
    save(manager)
    page.reload()
    expect(times).to_be_visible()
    context.close()
