"""A new screen is hung up: it shows a code, staff type it elsewhere, and nobody touches the screen."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from e2e.kiosk import ADDRESS, make_screen
from screens.models import Pairing, Screen
from tests.waiting import until

GLASS = {"viewport": {"width": 1920, "height": 1080}, "screen": {"width": 1920, "height": 1080}}


@pytest.fixture
def screen(flight):
    screen = make_screen()
    screen.revoke()
    return Screen.objects.get(pk=screen.pk)


def code_on(page):
    expect(page.locator("h1.code")).to_have_text(Pairing.objects.latest("pk").code)
    return page.locator("h1.code").text_content()


def test_from_the_code_to_the_board_and_back_once_the_key_is_revoked(person, screen, bob):
    page = person(**GLASS)
    page.goto("/kiosk/")
    code = code_on(page)
    assert page.locator("h1.code").bounding_box()["height"] > 1080 * 0.15, "it is read from afar"
    report = until(lambda: Pairing.objects.get().report)
    until(lambda: Pairing.objects.get().report["socket"])
    assert (report["width"], report["height"], report["pixel_ratio"]) == (1920, 1080, 1)
    assert report["engine"].startswith("Chromium ")
    assert report["live"] and report["worker"]
    assert abs(report["clock_offset"]) <= 1000

    Pairing.objects.typed(code, screen, bob)
    expect(page.locator("h1")).to_have_text("Gate hall, north")
    expect(page.locator("[lang=en]").last).to_contain_text("Paired by Bob")
    expect(page.locator("html")).to_have_attribute("data-state", "live", timeout=20_000)
    assert page.url.endswith(ADDRESS)

    screen.refresh_from_db()
    screen.revoke(by=bob)
    expect(page.locator("h1.code")).to_be_visible(timeout=20_000)
    assert code_on(page) != code
    expect(page.locator("main")).to_contain_text("The key of this screen was withdrawn")


def test_without_script(person, screen, bob):
    page = person(java_script_enabled=False, **GLASS)
    page.goto("/kiosk/")
    Pairing.objects.typed(code_on(page), screen, bob)
    expect(page.locator("main")).to_contain_text("Paired by Bob")
    expect(page.locator(".kiosk-board")).to_be_visible()
    assert page.url.endswith(ADDRESS)


@pytest.mark.parametrize("script", [True, False])
def test_a_new_code_comes_by_itself(person, airports, script):
    page = person(java_script_enabled=script, **GLASS)
    page.goto("/kiosk/")
    first = code_on(page)
    Pairing.objects.update(expires_at=timezone.now())
    expect(page.locator("h1.code")).not_to_have_text(first)
    assert code_on(page) != first


def test_a_device_without_cookies_does_not_ask_for_code_after_code(person, airports):
    """Its polls find no code. A loop would use up the codes of its whole network."""
    page = person(**GLASS)
    page.clock.install()
    page.goto("/kiosk/")
    page.context.clear_cookies()
    with page.expect_response("**/kiosk/code/") as answer:
        page.clock.run_for(1000)
    assert answer.value.status == 404
    page.clock.run_for(59_000)
    assert Pairing.objects.count() == 1
    with page.expect_response("**/kiosk/"):
        page.clock.run_for(2000)
    until(lambda: Pairing.objects.count() == 2)
