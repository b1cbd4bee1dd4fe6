"""The clock of a device is hours off, is set while a page is open, or stands still while the device sleeps."""

import re
import time

import pytest
from django.utils.timezone import localtime
from playwright.sync_api import expect

from e2e.conftest import is_live, not_reloaded
from e2e.networks import network
from e2e.test_live_page import BOARD, equals_a_fresh_rendering, row

CLOCK = """
    let ahead = HOURS * 3600e3;
    const real = Date.now;
    Date.now = () => real() + ahead;
    window.stepClock = (hours) => (ahead += hours * 3600e3);
    window.haltClock = () => {
        const halted = Date.now();
        Date.now = () => halted;
    };
"""
CUT = re.compile(r"No live data since \d\d:\d\d")


def with_a_clock(page, hours=0):
    """Its device's clock is so many hours ahead; ``stepClock(hours)`` in the page sets it."""
    page.add_init_script(CLOCK.replace("HOURS", str(hours)))


def cut_at(page):
    return re.search(r"\d\d:\d\d", page.locator(".fresh").first.inner_text())[0]


@pytest.mark.parametrize(
    ("hours", "happens"),
    [(0, "stepClock(-1)"), (-3, "stepClock(-1)"), (0, "haltClock()")],
)
def test_an_outage_is_told_whatever_the_clock_does_meanwhile(person, flight, server, hours, happens):
    with network(server) as between:
        heard = {f"{localtime(timezone=flight.origin.tz):%H:%M}"}
        page = person()
        with_a_clock(page, hours)
        page.goto(between.url + BOARD)
        is_live(page)
        between.silent = True
        page.evaluate(happens)
        expect(page.locator(".fresh").first).to_contain_text(CUT, timeout=20_000)
        heard.add(f"{localtime(timezone=flight.origin.tz):%H:%M}")
        assert cut_at(page) in heard


@pytest.mark.parametrize("hours", [8, -8])
def test_a_device_that_wakes_up_is_current_before_it_would_miss_a_heartbeat(person, flight, server, hours):
    """Its socket says that it is open, and nothing comes through it any more. It looks once a second."""
    with network(server) as between:
        page = person()
        with_a_clock(page)
        page.goto(between.url + BOARD)
        is_live(page)
        between.silent = True
        page.evaluate("1")
        flight.assign_gate("B22")
        time.sleep(1)
        between.silent = False
        page.evaluate("hours => stepClock(hours)", hours)
        expect(row(page, flight)).to_contain_text("B22", timeout=10_000)
        is_live(page)
        equals_a_fresh_rendering(page)
        assert not_reloaded(page)


def test_the_time_shown_is_the_servers_after_every_step(person, flight):
    page = person()
    with_a_clock(page, hours=-3)
    page.goto(BOARD)
    is_live(page)

    def time_there():
        return f"{localtime(timezone=flight.origin.tz):%H:%M}"

    for hours in (0, 5, -7):
        page.evaluate("hours => stepClock(hours)", hours)
        before = time_there()
        page.wait_for_timeout(1500)
        assert page.locator("[data-clock]").inner_text() in {before, time_there()}  # it is written once a second
    assert abs(page.evaluate("airside.clock.now()") - time.time() * 1000) < 1000


def test_a_countdown_goes_on_evenly_while_the_clock_is_set(person, flight):
    page = person()
    with_a_clock(page)
    page.goto(BOARD)
    is_live(page)
    page.add_script_tag(url="/static/js/countdown.js")
    page.evaluate("""() => document.querySelector("main").insertAdjacentHTML("beforeend",
        `<span id="left" data-words="%s" data-until="${new Date(airside.clock.now() + 300500).toISOString()}"></span>`)""")
    expect(page.locator("#left")).to_have_text(re.compile(r"^(5:00|4:5\d)$"))
    page.evaluate("stepClock(1)")
    page.wait_for_timeout(1500)
    expect(page.locator("#left")).to_have_text(re.compile(r"^4:5\d$"))
