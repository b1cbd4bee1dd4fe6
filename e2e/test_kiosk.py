"""A screen that nobody touches, left alone with what happens in a year: each time it is right again by itself."""

import re
from contextlib import suppress
from datetime import time, timedelta

import pytest
from django.utils import timezone
from django.utils.timezone import localtime
from playwright.sync_api import Error, expect

from e2e.kiosk import (
    ADDRESS,
    give_key,
    is_current,
    is_cut,
    is_loaded_again,
    is_the_same_document,
    make_screen,
    shown,
    turn,
    turns_by_hand,
)
from e2e.networks import network
from e2e.test_wrong_clocks import with_a_clock
from live.outbox import publish
from screens import topics
from screens.models import Glass, Message, Trouble
from tests.waiting import until


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


def order_reload(page, screen):
    """Staff have it load again; not in the second in which it was loaded, since that order is not for it."""
    loaded = int(float(page.locator("body").get_attribute("data-loaded")))
    until(lambda: timezone.now().timestamp() >= loaded + 1)
    screen.reload()
    expect(page.locator("#control")).not_to_have_attribute("data-reload-before", "")


def trouble(screen):
    return Glass.objects.filter(screen=screen).values_list("trouble", flat=True).first()


def send(user, **fields):
    fields = {"text": "Leave the building", "expires": timezone.now() + timedelta(minutes=5), **fields}
    message = Message.objects.create(sent_by=user, translations={"de": "Verlassen Sie das Gebäude"}, **fields)
    publish(topics.messages())
    return message


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
        expect(page.locator(f"#kiosk-{flight.pk}")).to_contain_text("B4")  # long before it would miss a heartbeat
        is_current(page)
        assert is_the_same_document(page)

        server.stop()
        server.environment["AIRSIDE_RELEASE"] = "two"
        server.start()
        expect(page.locator("html")).to_have_attribute("data-release", "two", timeout=60_000)
        is_current(page)
        flight.assign_gate("B5")
        says("B5")


def test_it_says_what_is_on_the_glass_and_that_the_picture_is_dead(glass, screen):
    """The page lives, and nothing is painted any more: staff hear of it, and also when it is over."""
    page = glass()
    is_current(page)
    until(lambda: trouble(screen) == "", 30)
    shown = page.locator("#board .live").get_attribute("data-v")
    until(lambda: Glass.objects.get(screen=screen).version == shown, 30)
    said = Glass.objects.get(screen=screen)
    assert (said.width, said.height, said.page, said.pages) == (1920, 1080, 1, 3)
    assert said.engine.startswith("Chromium ")
    page.evaluate("""() => {
        window.paints = requestAnimationFrame;
        window.requestAnimationFrame = () => 0;
    }""")
    until(lambda: trouble(screen) == Trouble.PICTURE, 30)
    page.evaluate("() => void (window.requestAnimationFrame = window.paints)")
    until(lambda: trouble(screen) == "", 30)


def test_an_emergency_takes_over_and_ends_also_without_a_network(glass, screen, server, alice):
    page = glass(prepare=turns_by_hand)
    is_current(page)
    message = send(alice, severity="extreme")
    emergency = page.locator(".emergency.extreme")
    expect(emergency).to_contain_text("Leave the building")
    box = emergency.bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 1920, 1080)
    expect(emergency.locator("h2")).to_have_text(re.compile("Extreme"))
    until(lambda: message.showings.filter(screen=screen).exists(), why="nobody was told that it is shown")
    turn(page)
    expect(emergency.get_by_text("Verlassen Sie das Gebäude")).to_be_visible()
    expect(emergency.get_by_text("Leave the building")).to_be_hidden()
    server.kill()
    try:
        page.evaluate("airside.clock.ahead += 6 * 60e3")
        expect(emergency).to_be_hidden()
    finally:
        server.start()
    expect(shown(page).first).to_be_visible()


def test_a_withdrawn_key_leads_to_a_code(glass, screen):
    page = glass()
    is_current(page)
    screen.revoke()
    page.wait_for_url(re.compile(r"/kiosk/$"), timeout=15_000)
    expect(page.locator(".code")).to_have_text(re.compile(r"^[A-Z2-9]{6}$"))


def test_what_it_shows_by_other_hours_comes_by_itself(glass, screen):
    page = glass()
    is_current(page)
    screen.hours.update(begins=time(23, 59, 59))
    shown_now = screen.hours.create(begins=time(0), shows="flights", settings={"iata": "JFK", "leg": "arrivals"})
    publish(topics.screen(screen.pk))
    expect(page.get_by_role("heading", name="Arrivals")).to_be_attached(timeout=30_000)
    assert page.locator("#control").get_attribute("data-hours").startswith(f"{shown_now.pk}-")
    is_current(page)


def test_staff_make_it_load_again(glass, screen):
    page = glass()
    is_current(page)
    page.evaluate("document.documentElement.dataset.spread = 0")
    order_reload(page, screen)
    turn(page)
    is_loaded_again(page)
    is_current(page)


def test_it_is_never_loaded_into_an_error_page(glass, screen):
    """A proxy answers for the server, first with an error, then with a page of its own."""
    page, answers = glass(), [(502, "Bad gateway"), (200, "<p>Be right back</p>")]
    page.evaluate("document.documentElement.dataset.spread = 0")
    is_current(page)

    def answer(route):
        status, body = answers.pop(0)
        route.fulfill(status=status, body=body, content_type="text/html")

    page.route(f"**{ADDRESS}", answer, times=2)
    order_reload(page, screen)
    for left in (1, 0):
        turn(page)
        until(lambda left=left: page.evaluate("1") and len(answers) == left)
        page.wait_for_timeout(500)
        assert is_the_same_document(page)
        if left:
            page.wait_for_timeout(10_000)
    page.wait_for_timeout(10_000)
    with suppress(Error):  # its next try was due, so it may be loading already
        turn(page)
    is_loaded_again(page)
    is_current(page)


def test_it_passes_midnight_by_the_servers_clock(glass, flight):
    page = glass()
    is_current(page)
    there = localtime(timezone=flight.origin.tz)
    midnight = (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    page.evaluate(
        """ahead => {
            airside.clock.set = () => {};
            airside.clock.ahead += ahead;
        }""",
        (midnight - there).total_seconds() * 1000 - 8000,
    )
    clock = page.locator(".clock [data-clock]")
    expect(clock).to_have_text("23:59")
    expect(clock).to_have_text("00:00", timeout=20_000)
    english = page.locator(".clock span[lang=en]")
    expect(english).to_have_text(f"{midnight:%a} {midnight.day} {midnight:%B}")


def test_old_data_looks_old_and_after_long_older(glass, server):
    page = glass()
    is_current(page)
    ink = "getComputedStyle(document.querySelector('.time time')).color"
    colours = [page.evaluate(ink)]
    server.kill()
    try:
        is_cut(page)
        colours.append(page.evaluate(ink))
        band = page.locator("#cut").bounding_box()
        row = shown(page).first.bounding_box()
        assert band["height"] >= row["height"] * 0.95
        assert band["y"] >= shown(page).last.bounding_box()["y"] + row["height"] - 1
        page.evaluate("""() => {
            const now = performance.now.bind(performance);
            performance.now = () => now() + 31 * 60e3;
        }""")
        expect(page.locator("html")).to_have_class(re.compile("long-cut"))
        expect(page.locator("#cut")).to_contain_text("Please ask staff")
    finally:
        server.start()
    assert len(set(colours)) == 2
    is_current(page, timeout=20_000)
