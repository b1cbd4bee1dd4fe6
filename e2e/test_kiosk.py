"""A screen that nobody touches, left alone with what happens in a year: each time it is right again by itself."""

import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import not_reloaded
from e2e.kiosk import ADDRESS, give_key, is_current, is_cut, make_screen
from e2e.networks import network
from e2e.test_wrong_clocks import with_a_clock
from screens.kiosk import beats


@pytest.fixture
def screen(flight, make_flight):
    """A screen, and 20 flights to show: three pages."""
    for number in range(2, 21):
        make_flight(minutes=60 + number, number=str(number))
    return make_screen()


@pytest.fixture
def glass(person, screen, server):
    """``glass()`` opens the page of the screen, at the server or at another address."""

    def open_page(url=server.url, prepare=lambda page: None, **options):
        page = person(**{"viewport": {"width": 1920, "height": 1080}, **options})
        give_key(page, screen, url)
        prepare(page)
        page.goto(url + ADDRESS)
        return page

    return open_page


def newest(screen):
    return beats.newest(screen.pk)


def test_left_alone_it_is_right_again_each_time(serve, person, screen, flight):
    """A killed server, a network that falls silent, a clock that is set, a new release: one page, and nobody near it."""
    server = serve(AIRSIDE_RELEASE="one", LIVE_BEAT_EVERY="1")
    with network(server) as between:
        page = person(viewport={"width": 1920, "height": 1080})
        page.add_init_script(
            "addEventListener('DOMContentLoaded', () => (document.documentElement.dataset.spread = 0))"
        )
        with_a_clock(page, hours=-5)
        give_key(page, screen, between.url)
        page.goto(between.url + ADDRESS)
        is_current(page)

        def says(text):
            expect(page.locator(f"#kiosk-{flight.pk}")).to_contain_text(text, timeout=20_000)

        flight.assign_gate("B1")
        says("B1")

        server.kill()
        flight.assign_gate("B2")
        is_cut(page)
        expect(page.locator(f"#kiosk-{flight.pk} .gate")).to_contain_text("B1")  # the last board stays
        expect(page.locator("#cut")).to_contain_text(re.compile(r"No live data since \d\d:\d\d"))
        server.start()
        says("B2")
        is_current(page)

        between.silent = True
        flight.assign_gate("B3")
        page.evaluate("stepClock(-2)")
        is_cut(page)
        between.silent = False
        says("B3")
        is_current(page)

        page.evaluate("stepClock(9)")
        flight.assign_gate("B4")
        expect(page.locator(f"#kiosk-{flight.pk}")).to_contain_text("B4", timeout=3_000)
        is_current(page)
        assert not_reloaded(page)

        server.stop()
        server.environment["AIRSIDE_RELEASE"] = "two"
        server.start()
        expect(page.locator("html")).to_have_attribute("data-release", "two", timeout=60_000)
        is_current(page)
        flight.assign_gate("B5")
        says("B5")
