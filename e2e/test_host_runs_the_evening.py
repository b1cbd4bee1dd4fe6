"""Two hosts at two screens run one evening: what one does, the other sees in the list, the grid and on the floor."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from bookings.restaurants.models import QueueEntry, Reservation, WaitlistEntry
from bookings.restaurants.models.slots import slot_of
from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at

BOOK = "/restaurants/bistro/book/"
VIEWS = {"list": BOOK, "grid": f"{BOOK}?view=grid", "floor": f"{BOOK}?view=floor"}


@pytest.fixture
def evening(bistro):
    """The bistro in the afternoon, with a service that has been on for an hour or two, and goes on for more than four."""
    bistro.refresh_from_db()
    began = (timezone.now().astimezone(bistro.tz) - timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    begins, last, ends = ((began + timedelta(hours=hours)).time() for hours in (0, 5, 7))
    bistro.services.update(begins=begins, last=last, ends=ends)
    for number, table in enumerate(bistro.areas.get().tables.all()):
        table.x, table.y, table.width, table.height, table.server = 5 + 22 * number, 10, 14, 13, "Mia"
        table.save()
    return bistro


@pytest.fixture
def booked(evening):
    """``booked("Ada")``: a booking for two in half an hour, or in so many minutes."""

    def make(name, party=2, minutes=30, tables=None, **guest):
        slot = slot_of(timezone.now() + timedelta(minutes=minutes))
        return Reservation.objects.book(evening, slot, party, name=name, tables=tables, **guest)

    return make


@pytest.fixture
def at_view(signed_in):
    """``at_view(dora, "grid")``: her page of that view, live; asked again, another page of the same browser."""
    browsers = {}

    def open_view(user, view="list"):
        if user in browsers:
            page = browsers[user].context.new_page()
        else:
            page = browsers[user] = signed_in(user)
        page.goto(VIEWS[view])
        is_live(page)
        return page

    return open_view


def open_panel(page, name):
    page.locator(".book-main a").filter(has_text=name).first.click()
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name=name)).to_be_visible()
    return panel


def press(panel, label):
    panel.get_by_role("button", name=label, exact=True).click()


def row(page, reservation):
    return page.locator(f"#booking-{reservation.pk}")


def test_one_hosts_moves_show_on_the_others_list_grid_and_floor(at_view, person, dora, dave, booked, tables):
    ada = booked("Ada Lovelace", email="ada@example.org")
    host = at_view(dora)
    others = {view: at_view(dave, view) for view in VIEWS}
    guest = person()
    guest.goto(ada.get_absolute_url())
    is_live(guest)
    grace = booked("Grace Hopper", allergies="nuts")
    for page in (host, *others.values()):
        expect(page.locator(".book-main").get_by_text("Grace Hopper").first).to_be_visible()

    panel = open_panel(host, "Ada Lovelace")
    press(panel, "Arrived")
    expect(row(others["list"], ada)).to_contain_text("Arrived")
    expect(others["grid"].locator(".block.go")).to_contain_text("Ada Lovelace")
    expect(others["floor"].locator(".chip").first).to_contain_text("Arrived")

    expect(panel.get_by_text("Ada Lovelace has arrived.")).to_be_visible()
    (t3,) = tables("T3")
    panel.locator("#seat-tables").select_option(str(t3.pk))
    press(panel, "Seat")
    expect(row(others["list"], ada)).to_contain_text("T3")
    expect(others["grid"].locator(f"#grid-{t3.pk}")).to_contain_text("Ada Lovelace")
    expect(others["floor"].locator(f"#plan-{t3.pk}")).to_contain_text("Seated")
    expect(others["floor"].locator(f"#twin-{t3.pk}")).to_contain_text("Ada Lovelace")
    press(panel, "Dessert")
    for view in ("list", "grid", "floor"):
        expect(others[view].locator(".book-main").get_by_text("Dessert").first).to_be_visible()
    expect(panel.get_by_text("The course of Ada Lovelace is “Dessert”.")).to_be_visible()
    press(panel, "Finished")
    expect(row(others["list"], ada)).to_contain_text("Finished")
    expect(others["floor"].locator(f"#plan-{t3.pk}")).to_contain_text("Free")
    press(panel, "Undo “Finished”")
    expect(row(others["list"], ada)).to_contain_text("Dessert")
    expect(row(others["list"], grace)).to_contain_text("nuts")
    assert all(not_reloaded(page) for page in (host, guest, *others.values()))


def test_a_guest_sees_the_time_that_the_host_gave(at_view, person, dora, booked, bistro):
    ada = booked("Ada Lovelace", minutes=60, email="ada@example.org")
    guest = person()
    guest.goto(ada.get_absolute_url())
    is_live(guest)
    later = (ada.starts_at + timedelta(minutes=45)).astimezone(bistro.tz)
    panel = open_panel(at_view(dora), "Ada Lovelace")
    panel.get_by_text("Time and guests").click()
    panel.get_by_label("Time", exact=True).fill(later.strftime("%H:%M"))
    panel.locator("#change-date").fill(later.strftime("%Y-%m-%d"))
    press(panel, "Change")
    expect(panel.get_by_text("Ada Lovelace is now booked for")).to_be_visible()
    expect(guest.get_by_text(later.strftime("%H:%M")).first).to_be_visible()
    assert not_reloaded(guest)


def test_a_no_show_can_be_disputed_and_undone(at_view, person, dora, booked):
    ada = booked("Ada Lovelace", minutes=0, email="ada@example.org")
    guest = person()
    guest.goto(ada.get_absolute_url())
    is_live(guest)
    host = at_view(dora)
    panel = open_panel(host, "Ada Lovelace")
    press(panel, "No-show")
    expect(panel.get_by_text("Ada Lovelace was marked as a no-show.")).to_be_visible()
    expect(guest.locator(".states")).to_contain_text("Not seen")
    guest.get_by_role("textbox").fill("We sat at the bar, waiting.")
    guest.get_by_role("button", name="Tell the restaurant").click()
    expect(guest.locator(".states")).to_contain_text("The restaurant will check")
    expect(row(host, ada)).to_contain_text("the guest objects")
    is_live(guest)
    press(panel, "Undo “No-show”")
    expect(panel.get_by_text("Since you looked:")).to_be_visible()
    expect(panel.get_by_text("We sat at the bar, waiting.").first).to_be_visible()
    press(panel, "Undo “No-show”")
    expect(guest.locator(".states")).to_contain_text("Booked")
    assert not_reloaded(host) and not_reloaded(guest)


def test_the_later_of_two_hosts_is_told_who_was_first_and_takes_the_next_best(at_view, dora, dave, booked, tables):
    booked("Ada Lovelace", tables=tables("T1"))
    booked("Grace Hopper", tables=tables("T2"))
    (t3,) = tables("T3")
    first, second = at_view(dora), at_view(dave)
    panels = [open_panel(first, "Ada Lovelace"), open_panel(second, "Grace Hopper")]
    for panel in panels:
        panel.locator("summary", has_text="Move").click()
        panel.locator("#move-tables").select_option(str(t3.pk))
    press(panels[0], "Move")
    expect(panels[0].get_by_text("Ada Lovelace was moved to T3.")).to_be_visible()
    press(panels[1], "Move")
    expect(panels[1].get_by_role("alert")).to_contain_text("Table T3 is taken: Ada Lovelace at")
    panels[1].get_by_role("button", name=re.compile(r"Move: T1, Room, 2 seats")).click()
    expect(panels[1].get_by_text("Grace Hopper was moved to T1.")).to_be_visible()
    expect(first.locator(".book-main tr", has_text="Grace Hopper")).to_contain_text("T1")


def drag(page, source, target):
    begin, end = (page.locator(selector).bounding_box() for selector in (source, target))
    page.mouse.move(begin["x"] + begin["width"] / 2, begin["y"] + begin["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=6)
    page.mouse.up()


def test_a_party_is_dragged_to_a_table_and_warned_of_one_that_is_taken(at_view, dora, dave, booked, tables):
    ada = booked("Ada Lovelace", minutes=0, tables=tables("T1"))
    grace = booked("Grace Hopper", minutes=0, tables=tables("T2"))
    ada.arrive()
    t2, t3, t4 = tables("T2", "T3", "T4")
    host, other = at_view(dora, "floor"), at_view(dave, "floor")
    host.set_viewport_size({"width": 1280, "height": 1000})
    drag(host, f"#arriving-{ada.reference}", f"#plan-{t3.pk}")
    expect(other.locator(f"#plan-{t3.pk}")).to_contain_text("Seated")
    expect(host.locator("#panel").get_by_text("Ada Lovelace was seated at T3.")).to_be_visible()
    expect(host.locator(f"#plan-{t3.pk}")).to_contain_text("Seated")
    drag(host, f"#plan-{t3.pk}", f"#plan-{t4.pk}")
    for page in (host, other):
        expect(page.locator(f"#plan-{t4.pk}")).to_contain_text("Seated")
        expect(page.locator(f"#plan-{t3.pk}")).to_contain_text("Free")
    drag(host, f"#plan-{t4.pk}", f"#plan-{t2.pk}")
    expect(host.locator("#panel").get_by_role("alert")).to_contain_text("Table T2 is taken: Grace Hopper")
    expect(host.locator(f"#plan-{t4.pk}")).to_contain_text("Seated")
    assert [table.name for table in grace.tables.all()] == ["T2"]
    assert not_reloaded(host) and not_reloaded(other)


def tab_to(page, element, most=60):
    for _ in range(most):
        page.keyboard.press("Tab")
        if element.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("the keyboard does not get there")


@pytest.mark.parametrize("view", VIEWS)
def test_by_keyboard_alone_a_party_is_seated_from_each_view(at_view, dora, booked, view):
    ada = booked("Ada Lovelace", minutes=0)
    page = at_view(dora, view)
    table = ada.tables.get()
    link = page.locator(f"#plan-{table.pk}" if view == "floor" else ".book-main table a").first
    tab_to(page, link)
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_be_focused()
    if view == "floor":
        tab_to(page, page.locator("#panel a", has_text="Ada Lovelace"))
        page.keyboard.press("Enter")
        expect(page.locator("#panel h2")).to_have_text("Ada Lovelace")
    tab_to(page, page.locator("#panel").get_by_role("button", name="Seat", exact=True))
    page.keyboard.press("Enter")
    expect(page.locator("#panel").get_by_text("Ada Lovelace was seated at T1.")).to_be_visible()


def test_the_queue_and_the_door(at_view, dora, dave, evening, tables):
    host, other = at_view(dora), at_view(dave)
    host.get_by_role("link", name="Add to queue").click()
    panel = host.locator("#panel")
    panel.get_by_label("Name").fill("Linus")
    panel.get_by_label("Quoted wait (min)").fill("20")
    press(panel, "Add to queue")
    expect(other.locator(".queue")).to_contain_text("1. Linus, 2")
    expect(other.locator(".queue")).to_contain_text("20 min")
    press(panel, "Call")
    expect(other.locator(".queue")).to_contain_text("Called")
    expect(panel.get_by_text("Linus was called.")).to_be_visible()
    press(panel, "Seat now")
    expect(other.get_by_text("The queue is empty.")).to_be_visible()
    expect(other.locator(".book-main tr", has_text="Linus")).to_contain_text("Seated")
    other.get_by_role("link", name="Walk-in").click()
    other.locator("#panel").get_by_role("link", name="4", exact=True).click()
    expect(other.locator("#panel #walk-in-party")).to_have_value("4")
    press(other.locator("#panel"), "Seat now")
    walk_in = host.get_by_role("link", name="Walk-in", exact=True)
    expect(host.locator(".book-main tr", has=walk_in)).to_contain_text("T3")
    expect(host.locator(".pace dd").nth(1)).to_contain_text("6")
    assert QueueEntry.objects.get().reservation.name == "Linus"


def test_two_hosts_who_call_one_party_are_told_who_was_first(at_view, dora, dave, evening):
    QueueEntry.objects.join(evening, 2, "Linus", 20)
    first, second = at_view(dora), at_view(dave)
    panels = []
    for page in (first, second):
        page.locator(".queue a").click()
        panels.append(page.locator("#panel"))
        expect(panels[-1].get_by_role("heading", name="Linus, 2")).to_be_visible()
    press(panels[0], "Call")
    expect(panels[0].get_by_text("Linus was called.")).to_be_visible()
    expect(panels[1].locator(".now-is")).to_contain_text("Called")
    press(panels[1], "Call")
    expect(panels[1].get_by_role("alert")).to_contain_text("Called, by Dora")
    press(panels[1], "Seat now")
    expect(panels[1].get_by_text("Linus was seated at")).to_be_visible()
    expect(panels[0].locator(".now-is")).to_contain_text("Seated")
    expect(panels[0].locator(".history")).to_contain_text("Dave")
    assert not_reloaded(first) and not_reloaded(second)


def test_a_quoted_wait_counts_down_then_up_and_its_table_moves_as_the_evening_does(
    at_view, person, dora, evening, tables
):
    for name, table in zip(("Ada", "Ben", "Cem", "Dan", "Eve"), tables("T1", "T2", "T3", "T4", "W1"), strict=True):
        Reservation.objects.walk_in(evening, 2, [table], name)
    party = QueueEntry.objects.join(evening, 2, "Linus", 90)
    guest, host = person(), at_view(dora)
    now = timezone.now()
    QueueEntry.objects.update(joined_at=now - timedelta(minutes=30), quoted_until=now + timedelta(seconds=75))
    guest.clock.install()
    guest.goto(reverse("restaurants:waiting", args=[party.token]))
    is_live(guest)
    told, expected = guest.locator(".time-left strong"), guest.get_by_text("we expect it at about")
    expect(told).to_have_text(re.compile(r"^[01]:\d\d$"))
    calm = color(told)
    guest.clock.fast_forward(75_000)
    expect(told).to_have_class(re.compile(r"\bover\b"))
    assert color(told) != calm
    before = expected.text_content()
    press(open_panel(host, "Ada"), "Bill")
    expect(expected).not_to_have_text(before)
    assert not_reloaded(guest)
    QueueEntry.objects.update(quoted_until=timezone.now() - timedelta(minutes=4))
    host.reload()
    expect(host.locator(".queue .overdue")).to_have_text("4 min over")


def color(element):
    return element.evaluate("element => getComputedStyle(element).color")


def test_a_booking_by_telephone_and_a_day_that_is_closed(at_view, dora, dave, evening):
    host, other = at_view(dora), at_view(dave)
    at = (timezone.now() + timedelta(hours=2)).astimezone(evening.tz).replace(minute=0)
    host.get_by_role("link", name="New booking").click()
    panel = host.locator("#panel")
    panel.get_by_label("Day").fill(at.strftime("%Y-%m-%d"))
    panel.get_by_label("Time").fill(at.strftime("%H:%M"))
    panel.get_by_label("Name").fill("Grace Hopper")
    press(panel, "Book")
    expect(other.locator(".book-main tr", has_text="Grace Hopper")).to_contain_text("by staff")
    host.get_by_role("link", name="Close the day").click()
    panel.get_by_label("Reason").fill("A pipe has burst")
    press(panel, "Close")
    expect(panel.get_by_text("1 booking is left")).to_be_visible()
    expect(other.locator(".book-main")).to_contain_text("A pipe has burst")
    panel.get_by_role("link", name="Grace Hopper").click()
    press(panel, "Cancel the booking")
    expect(other.locator(".book-main tr", has_text="Grace Hopper")).to_contain_text("Cancelled")
    host.get_by_role("link", name="Close the day").click()
    press(panel, "Reopen")
    expect(other.locator(".book-main")).not_to_contain_text("A pipe has burst")


def test_without_scripts_every_step_is_there_too(signed_in_by_form, dora, booked):
    booked("Ada Lovelace", minutes=0)
    page = signed_in_by_form(dora, java_script_enabled=False)
    expect(page).to_have_url(re.compile(BOOK))
    page.locator(".book-main").get_by_role("link", name="Ada Lovelace").click()
    press(page.locator("main"), "Arrived")
    expect(page.get_by_text("Ada Lovelace has arrived.")).to_be_visible()
    press(page.locator("main"), "Seat")
    expect(page.get_by_text("Ada Lovelace was seated at T1.")).to_be_visible()
    for view in ("Grid", "Floor"):
        page.goto(BOOK)
        page.get_by_role("link", name=view, exact=True).click()
        expect(page.locator(".book-main")).to_contain_text("Seated")


def test_what_a_host_types_stays_while_the_book_moves(at_view, dora, booked):
    ada = booked("Ada Lovelace")
    page = at_view(dora)
    panel = open_panel(page, "Ada Lovelace")
    panel.get_by_text("Guest and notes").click()
    panel.get_by_label("Notes").fill("by the wind")
    ada.arrive()
    expect(panel.locator(".now-is")).to_contain_text("Arrived")
    expect(panel.get_by_label("Notes")).to_have_value("by the wind")
    expect(panel.get_by_label("Notes")).to_be_focused()
    press(panel, "Save")
    expect(panel.get_by_role("alert")).to_contain_text("Since you looked:")
    press(panel, "Save")
    expect(row(page, ada)).to_contain_text("by the wind")


def test_all_views_fit_and_axe_finds_nothing(signed_in, dora, booked, evening, tables):
    ada = booked("Ada Lovelace", minutes=0, notes="window", allergies="nuts")
    booked("Grace Brewster Hopper of the United States Navy", minutes=15).arrive()
    booked("Team", 8, minutes=90)
    linus = QueueEntry.objects.join(evening, 2, "Linus", 0)
    guest = {"name": "Tony Hoare", "email": "tony@example.org", "phone": "555 0142"}
    tony = WaitlistEntry.objects.join(evening, ada.day, ada.first, ada.first + 4, 4, **guest)
    late = booked("Ken", minutes=0)
    late.seat()
    Reservation.objects.filter(pk=late.pk).update(ends_at=timezone.now() - timedelta(minutes=9))
    page = signed_in(dora, bypass_csp=True)
    panels = [f"{ada.reference}/", "new/", "walk-in/", "queue/", "close/", f"queue/{linus.pk}/"]
    panels += [f"waitlist/{tony.pk}/", f"table/{ada.tables.get().pk}/"]
    for address in [*VIEWS.values(), *(BOOK + panel for panel in panels)]:
        page.goto(address)
        look_at(page)
