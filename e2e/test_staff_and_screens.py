"""Staff hang up a screen: set up, paired, watched, spoken to, and taken down; nobody reloads a page."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import expect

from e2e.conftest import is_live, not_reloaded
from e2e.kiosk import is_current, make_screen
from e2e.look import look_at
from screens.apps import STAFF
from screens.models import Glass, Message, Screen, Trouble


@pytest.fixture
def technician(bob):
    bob.groups.add(Group.objects.get(name=STAFF))
    return bob


def test_a_screen_is_hung_up_watched_and_taken_down(signed_in, person, technician, flight):
    staff, glass = signed_in(technician), person(viewport={"width": 1920, "height": 1080})

    staff.goto("/screens/")
    staff.get_by_role("link", name="Set up a screen").click()
    staff.get_by_label("Name").fill("Gate hall")
    staff.get_by_label("Address", exact=True).fill("hall")
    staff.get_by_label("Place").fill("Above the exit")
    staff.get_by_label("Languages").fill("en, de")
    staff.get_by_role("button", name="Next").click()
    expect(staff.get_by_text("7 rows on a page")).to_be_visible()
    staff.get_by_role("link", name="Add: Flights").click()
    staff.get_by_label("Airport").fill("JFK")
    staff.get_by_role("button", name="Save").click()
    expect(staff.get_by_text("Departures JFK").first).to_be_visible()

    with glass.expect_response("**/kiosk/code/"):  # it has said what it is
        glass.goto("/kiosk/")
    code = glass.locator(".code").inner_text()
    staff.get_by_label("Code on the screen").fill(code.lower())
    staff.get_by_role("button", name="Pair", exact=True).click()
    expect(staff.get_by_text("Paired. The device loads its board now.")).to_be_visible()
    expect(staff.get_by_text("can show the live board")).to_be_visible()
    glass.wait_for_url("**/kiosk/hall/")
    is_current(glass)
    expect(glass.locator(f"#kiosk-{flight.pk}")).to_be_visible()

    staff.get_by_role("link", name="All screens").click()
    is_live(staff)
    wall = staff.locator(".screens li")
    expect(wall).to_contain_text("Shows what it should", timeout=30_000)

    messages = signed_in(technician)
    messages.goto("/screens/messages/")
    messages.get_by_label("Message", exact=True).fill("Leave the hall by the nearest exit")
    messages.get_by_role("button", name="See what it will do").click()
    expect(messages.get_by_text("This takes over 1 screen at once.")).to_be_visible()
    messages.get_by_role("button", name="Send it to 1 screen").click()
    expect(glass.locator(".emergency")).to_contain_text("Leave the hall by the nearest exit")
    expect(messages.get_by_text("Shown on 1 of 1")).to_be_visible()
    messages.get_by_role("button", name="End it now").click()
    expect(glass.locator(".emergency")).to_have_count(0)
    expect(glass.locator(f"#kiosk-{flight.pk}")).to_be_visible()

    glass.evaluate("window.requestAnimationFrame = () => 0")  # the picture is dead, the page lives
    expect(wall).to_contain_text("The picture stands still", timeout=30_000)
    assert not_reloaded(staff)

    glass.reload()
    expect(wall).to_contain_text("Shows what it should", timeout=30_000)
    wall.get_by_role("link", name="Gate hall").click()
    staff.get_by_role("button", name="Revoke its key").click()
    expect(glass.locator(".code")).to_be_visible(timeout=20_000)
    assert Screen.objects.get().state == "revoked"


def test_its_pages_on_every_device(signed_in, technician, flight):
    long = "A screen with quite a long name, beside the third belt on the left"[:60]
    for number, (name, trouble) in enumerate([("Hall", ""), (long, Trouble.PICTURE), ("Gate", Trouble.SILENT)]):
        screen = make_screen(f"screen-{number}", name=name, zone="hall" if number else "gates")
        now = timezone.now()
        Glass.objects.create(
            screen=screen,
            seen_at=now,
            device="x",
            release="x",
            engine="Chromium 120",
            width=3840,
            height=2160,
            painted_at=now,
            version_at=now,
            trouble=trouble,
        )
    make_screen("screen-9", name="Not heard yet")
    Message.objects.send(technician, timedelta(hours=1), text="Leave the hall by the nearest exit. " * 4)
    page = signed_in(technician, bypass_csp=True)
    for address in (
        "/screens/",
        "/screens/new/",
        "/screens/screen-1/",
        "/screens/screen-1/shows/flights/",
        "/screens/messages/",
    ):
        page.goto(address)
        look_at(page)
    for address in ("/embeds/", "/embeds/new/board/?airport=JFK&side=departures", "/embeds/new/followed/", "/kiosk/"):
        page.goto(address)
        look_at(page)
