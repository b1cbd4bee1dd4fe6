"""A real server, a real browser, and people in front of it."""

import os

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser import on_path
from tests.clients import session_cookie

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's synchronous API runs a loop in this thread

NO_WORKER = "An unknown error occurred when fetching the script"  # of a service worker, while the server is away
PASSWORD = "a-long-enough-password"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]

expect.set_options(timeout=10_000)


@pytest.fixture(scope="package")
def chromium():
    """A browser of the PATH, else Playwright's own. It ends with these tests: the others want a loop of their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=on_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _database(transactional_db):
    """What a test writes is committed: the server is another process."""


@pytest.fixture
def person(chromium, server):
    """``person()`` opens a browser of somebody's own and gives its page; it fails the test on what the console complains of."""
    contexts, complaints = [], []

    def open_browser(**options):
        options = {"locale": "en-GB", "timezone_id": "Asia/Tokyo", **options}
        context = chromium.new_context(base_url=server.url, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complain(message, complaints))
        page.on("pageerror", lambda error: complaints.extend([] if NO_WORKER in str(error) else [str(error)]))
        return page

    yield open_browser
    for context in contexts:
        context.close()
    assert not complaints


def complain(message, complaints):
    # A cut or refused connection is what some tests are about; the page's own words on it are checked there.
    network = ("WebSocket", "htmx:ws:error: [object Event]", "Failed to load resource", "Failed to fetch", "net::ERR")
    if message.type in {"error", "warning"} and not any(word in message.text for word in network):
        complaints.append(message.text)


@pytest.fixture
def signed_in(person, server):
    """``signed_in(user)`` is ``person()`` with a session of this user."""

    def open_signed_in(user, **options):
        page = person(**options)
        page.context.add_cookies(
            [{"name": name, "value": value, "url": server.url} for name, value in session_cookie(user).items()]
        )
        return page

    return open_signed_in


@pytest.fixture
def signed_in_by_form(person):
    """``signed_in_by_form(user)`` is ``person()`` after the sign-in page."""

    def sign_in(user, **options):
        user.set_password(PASSWORD)
        user.save()
        page = person(**options)
        page.goto("/accounts/login/")
        page.get_by_label("E-mail").fill(user.email)
        page.get_by_label("Password", exact=False).first.fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    return sign_in


@pytest.fixture
def at_work(signed_in, menu):
    """``at_work(user, path)``: a page of the kitchen of somebody who works at the grill, on a laptop, live."""

    def open_kitchen(user, path="/orders/grill/kitchen/", **options):
        page = signed_in(user, **{"viewport": {"width": 1280, "height": 800}, **options})
        page.goto(path)
        is_live(page)
        return page

    return open_kitchen


def is_live(page):
    """Wait until every region of the page is live."""
    expect(page.locator(".live[data-state=live]").first).to_be_attached()
    expect(page.locator(".live:not([data-state=live])")).to_have_count(0)
    page.evaluate("window.sameDocument = true")


def not_reloaded(page):
    return page.evaluate("window.sameDocument === true")
