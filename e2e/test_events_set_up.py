"""A new event, from nothing to its first ticket: an administrator and an organiser in the admin, and an attendee."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from bookings.events.models import Event, Hall
from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at

PHONE = {"viewport": {"width": 390, "height": 844}, "bypass_csp": True}
DESK = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def boss(signed_in):
    """The page of an administrator."""
    return signed_in(User.objects.create_superuser("boss@example.org", first_name="Boss"), **DESK)


def add(page, kind):
    page.goto("/admin/")
    page.locator("#content-main").get_by_role("row", name=kind).get_by_role("link", name="Add").click()


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def act_on(page, address, title, action):
    """Tick a row of a list, and choose an action."""
    page.goto(address)
    page.get_by_role("row", name=title).first.get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option(label=action)
    page.get_by_title("Run the selected action").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_from_nothing_to_the_first_ticket(boss, signed_in_by_form, person, airports, orla):
    orla.is_staff = True
    orla.save()
    day = timezone.localdate() + timedelta(days=7)
    watcher = person(**PHONE)
    watcher.goto("/events/")
    is_live(watcher)

    # the administrator: a hall, and an event in it with its organiser
    add(boss, "Halls")
    boss.get_by_label("Name").press_sequentially("Panorama Hall")
    boss.get_by_label("Airport").select_option("JFK")
    boss.get_by_label("Where").fill("Terminal 5")
    save(boss)
    add(boss, "Events")
    boss.locator("#id_title").press_sequentially("Jazz at the gate")
    boss.locator("#id_hall").select_option("Panorama Hall")
    boss.locator("[name=starts_at]").fill(f"{day}T19:00")
    boss.locator("[name=ends_at]").fill(f"{day}T18:00")
    boss.locator("#id_organisers_from").select_option("Orla")
    boss.locator("#id_organisers_add").click()
    boss.locator("#id_quotas-0-name").fill("Hall")
    boss.locator("#id_quotas-0-size").fill("2")
    boss.get_by_role("button", name="Save", exact=True).click()
    expect(boss.get_by_text("It has to end after it begins.")).to_be_visible()
    boss.locator("[name=ends_at]").fill(f"{day}T21:00")
    save(boss)
    expect(boss.get_by_text("This is a draft.")).to_be_visible()

    # the organiser: from signing in to the page in the admin; ticket types, a question, a list
    desk = signed_in_by_form(orla, **DESK)
    desk.get_by_role("link", name="Jazz at the gate", exact=True).click()
    desk.get_by_role("link", name="Set it up").click()
    desk.get_by_role("button", name="Add another Ticket type").click()
    desk.locator("#id_types-0-name").fill("Adult")
    desk.locator("#id_types-0-price").fill("12.50")
    desk.get_by_role("button", name="Add another Question").click()
    desk.locator("#id_questions-0-text").fill("Which drink?")
    desk.locator("#id_questions-0-kind").select_option("One of several")
    desk.get_by_role("button", name="Save and continue editing").click()
    expect(desk.get_by_text("Write two choices or more, one a line.")).to_be_visible()
    desk.locator("#id_questions-0-choices").fill("Tea\nCoffee")
    desk.get_by_role("button", name="Add another Check-in list").click()
    desk.locator("#id_lists-0-name").fill("Everybody")
    desk.get_by_role("button", name="Save and continue editing").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    desk.get_by_role("link", name="View on site").click()
    desk.get_by_role("link", name="As attendees see it").click()
    expect(desk.get_by_text("This is a draft: only its organisers see this page.")).to_be_visible()
    expect(desk.locator(".event-places")).to_contain_text("$12.50")
    assert watcher.locator("#event-jazz-at-the-gate").count() == 0
    desk.get_by_role("link", name="Publish it").click()
    is_live(desk)
    desk.get_by_role("button", name="Publish the event").click()
    expect(desk.get_by_text("Everybody sees it now.")).to_be_visible()

    # an attendee, on whose page it has appeared
    expect(watcher.locator("#event-jazz-at-the-gate")).to_contain_text("2 places left")
    assert not_reloaded(watcher)
    watcher.get_by_role("link", name="Jazz at the gate").click()
    expect(watcher.get_by_text(re.compile("19:00 to 21:00"))).to_be_visible()
    watcher.get_by_label("Adult", exact=True).fill("1")
    watcher.get_by_role("button", name="Hold these places").click()
    watcher.get_by_label("Your name").fill("Ada")
    watcher.get_by_label("E-mail", exact=True).fill("ada@example.org")
    watcher.get_by_label("Which drink?").select_option("Coffee")
    watcher.get_by_role("button", name="Register and pay $12.50").click()
    watcher.get_by_role("button", name="Pay $12.50 now").click()
    watcher.get_by_role("button", name="Pay $12.50").click()
    watcher.get_by_role("link", name="Ticket of Ada").click()
    look_at(watcher)
    desk.get_by_role("link", name="Guests").click()
    desk.get_by_role("link", name="Ada").click()
    expect(desk.locator("#panel")).to_contain_text("Coffee")
    desk.get_by_role("link", name="Door", exact=True).click()
    expect(desk.get_by_label("Everybody")).to_be_checked()


def test_a_series_and_a_copy(boss, hall, make_event):
    """Every eighth week of a year at 19:00, whatever London's clock does meanwhile."""
    Hall.objects.filter(pk=hall.pk).update(airport="LHR")
    make_event(slug="seasons", title="Seasons", hours_ahead=24 * 7)
    event = Event.objects.named("seasons")
    add(boss, "Series")
    boss.locator("#id_name").press_sequentially("Four seasons")
    boss.locator("#id_hall").select_option("Concourse Hall")
    boss.get_by_label("First day").fill(f"{event.day}")
    boss.get_by_label("Last day").fill(f"{event.day - timedelta(days=1)}")
    boss.get_by_label("Weeks between dates").fill("8")
    boss.get_by_label("Local time").fill("19:00")
    boss.get_by_role("button", name="Save", exact=True).click()
    expect(boss.get_by_text("It has to be on the first day or after it.")).to_be_visible()
    boss.get_by_label("Last day").fill(f"{event.day + timedelta(weeks=48)}")
    save(boss)
    boss.goto("/admin/events/event/")
    boss.get_by_role("link", name="Seasons").click()
    boss.locator("#id_series").select_option("Four seasons")
    save(boss)

    every = "Make an event for each day that has none, as the latest event of the series"
    act_on(boss, "/admin/events/series/", "Four seasons", every)
    expect(boss.get_by_text("6 drafts were made for Four seasons.")).to_be_visible()
    boss.goto("/admin/events/event/")
    expect(boss.locator("#result_list tbody tr").filter(has_text="19:00").filter(has_text="Draft")).to_have_count(6)
    made = Event.objects.filter(state="draft")
    assert len({f"{one.starts_at:%H}" for one in made}) == 2  # the clock has changed in between
    assert [one.types.get().quotas.get().size for one in made] == [10] * 6

    act_on(boss, "/admin/events/event/", "Seasons", "Copy as a draft, a week later")
    expect(boss.locator(".messagelist .success")).to_contain_text(
        re.compile(r"Drafts were made: Seasons \(\w+ \d+ \w+")
    )
    expect(boss.locator("#result_list tbody tr")).to_have_count(8)
