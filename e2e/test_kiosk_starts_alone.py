"""A screen is switched on while there is no server, no network, or one that wants a sign-in; and one whose storage is wiped."""

import re

import pytest
from playwright.sync_api import expect

from e2e.kiosk import ADDRESS, give_key, is_current, is_cut, is_the_same_document, make_screen
from e2e.networks import network
from tests.waiting import until

STARTING = "No connection. Trying again."
PORTAL = "<!doctype html><title>Sign in</title><p>Welcome to our network. Please sign in.</p>"


@pytest.fixture
def screen(flight):
    return make_screen()


def open_page(person, screen, url):
    """A screen's page, whose service worker is there."""
    page = person(viewport={"width": 1920, "height": 1080})
    give_key(page, screen, url)
    page.goto(url + ADDRESS)
    is_current(page)
    page.evaluate("async () => void (await navigator.serviceWorker.ready)")
    return page


def caches_of(page):
    return page.evaluate("async () => (await caches.keys()).sort()")


def test_a_cold_start_without_a_server_says_so_and_recovers_by_itself(person, screen, server):
    page = open_page(person, screen, server.url)
    expect(page.locator(".clock [data-clock]")).to_have_text(re.compile(r"\d\d:\d\d"))
    noted = "async () => Boolean(await caches.match('/kiosk/last'))"  # when it was live: after five seconds, then each minute
    until(lambda: page.evaluate(noted), why="it was not noted when the page was live")
    server.kill()
    try:
        page.goto(server.url + ADDRESS)
        expect(page.get_by_role("heading", name=STARTING)).to_be_visible()
        expect(page.locator("#starting [lang=en] .last")).to_contain_text(
            re.compile(r"last board was live at \d\d:\d\d")
        )
        expect(page.locator("#starting .screen")).to_have_text("Gate hall, north")
        assert page.locator("tbody tr").count() == 0  # no old board looks like one of now
        page.evaluate("document.documentElement.dataset.document = 'the same'")
    finally:
        server.start()
    is_current(page, timeout=20_000)


def test_a_network_that_wants_a_sign_in_is_not_taken_for_the_board(person, screen, flight, server):
    with network(server) as between:
        page = open_page(person, screen, between.url)
        between.silent = True  # what is open ends
        between.portal = PORTAL
        is_cut(page)
        between.silent = False
        page.wait_for_timeout(8000)
        expect(page.locator(f"#kiosk-{flight.pk}")).to_be_visible()
        assert page.get_by_text("Please sign in").count() == 0
        assert is_the_same_document(page)
        page.goto(between.url + ADDRESS)
        expect(page.get_by_role("heading", name=STARTING)).to_be_visible()
        between.portal = ""
        is_current(page, timeout=20_000)


def test_it_works_when_its_storage_is_wiped(person, screen, server):
    page = open_page(person, screen, server.url)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Storage.clearDataForOrigin", {"origin": server.url, "storageTypes": "cache_storage,service_workers"})
    is_current(page)
    page.reload()
    is_current(page)
    page.evaluate("async () => void (await navigator.serviceWorker.ready)")
    assert caches_of(page)


def test_where_there_is_no_service_worker_it_works_as_well(person, screen, server):
    page = person()
    page.add_init_script("delete Navigator.prototype.serviceWorker; delete window.caches")
    give_key(page, screen, server.url)
    page.goto(ADDRESS)
    is_current(page)


def test_a_release_brings_its_own_worker_and_the_old_files_go(serve, person, screen):
    server = serve(AIRSIDE_RELEASE="one", LIVE_BEAT_EVERY="1")
    page = open_page(person, screen, server.url)
    page.reload()  # from here on the worker controls it
    is_current(page)
    assert "airside-kiosk-one" in caches_of(page)
    page.evaluate("document.documentElement.dataset.spread = 0")
    server.stop()
    server.environment["AIRSIDE_RELEASE"] = "two"
    server.start()
    expect(page.locator("html")).to_have_attribute("data-release", "two", timeout=60_000)
    is_current(page)
    until(lambda: set(caches_of(page)) - {"airside-kiosk-last"} == {"airside-kiosk-two"}, why="old files are kept")


def test_the_worker_never_answers_what_is_live(person, screen, server, flight):
    page = open_page(person, screen, server.url)
    page.reload()
    is_current(page)
    kept = page.evaluate("""async () => {
        const found = [];
        for (const name of await caches.keys()) {
            for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
        }
        return found;
    }""")
    assert kept
    assert not [path for path in kept if path.startswith(("/live/", "/ws/", ADDRESS))]


def test_a_board_that_polls_takes_no_page_of_a_portal(person, screen, flight, server):
    page, polls = person(), []

    def answer(route):
        polls.append(route.request.url)
        route.fulfill(status=200, body=PORTAL, content_type="text/html", headers={"ETag": '"portal"'})

    page.route_web_socket("**/ws/**", lambda socket: socket.close(code=1011))
    page.route("**/live/kiosk/flights/**", answer)
    give_key(page, screen, server.url)
    page.goto(ADDRESS)
    until(lambda: page.evaluate("1") and polls, 20)
    page.wait_for_timeout(500)
    expect(page.locator(f"#kiosk-{flight.pk}")).to_be_visible()
    assert page.get_by_text("Please sign in").count() == 0
    is_cut(page)
