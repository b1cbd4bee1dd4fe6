"""A form whose answer does not come, or is none: it is said where one looks, nothing typed is lost, and it can be sent again."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from bookings.restaurants.models import Reservation
from bookings.restaurants.models.slots import slot_of
from e2e.conftest import PASSWORD, is_live
from e2e.networks import network

KEPT = "What you typed is kept"


@pytest.fixture(params=["desk", "book"])
def panel(request, person, server, signed_in):
    """A panel with a half-filled form, of the flight desk and of a host's book, behind a network of its own.

    ``panel.send()`` sends it, and ``panel.is_done()`` waits until it has been done.
    """
    with network(server) as between:
        panel = desk(request) if request.param == "desk" else book(request)
        page = signed_in(panel.user)
        page.goto(between.url + panel.address)
        is_live(page)
        page.locator(f"#{panel.row}").locator("a").last.click()
        panel.page, panel.between, panel.place = page, between, page.locator("#panel")
        panel.place.get_by_role("button", name=panel.first, exact=True).click()
        expect(panel.place.locator(".notice.good")).to_be_visible()  # the old "Done"
        field = panel.place.locator(panel.field)
        if not field.is_visible():
            panel.place.locator("details", has=page.locator(panel.field)).locator("summary").click()
        field.fill(panel.text)
        panel.form = panel.place.locator("form", has=page.locator(panel.field))
        panel.send = lambda: panel.form.get_by_role("button").first.click()
        panel.is_done = lambda: expect(panel.place.locator(".notice.good")).to_be_visible()
        yield panel


def desk(request):
    flight, bob = request.getfixturevalue("flight"), request.getfixturevalue("bob")
    return SimpleNamespace(
        user=bob,
        address="/flights/JFK/desk/",
        row=f"desk-{flight.pk}",
        first="Board",
        field="#assign_gate-gate",
        text="C9",
    )


def book(request):
    bistro, dora = request.getfixturevalue("bistro"), request.getfixturevalue("dora")
    bistro.services.update(begins="13:00", last="22:00", ends="23:45")
    ada = Reservation.objects.book(bistro, slot_of(timezone.now() + timedelta(minutes=30)), 2, name="Ada Lovelace")
    return SimpleNamespace(
        user=dora,
        address="/restaurants/bistro/book/",
        row=f"booking-{ada.pk}",
        first="Arrived",
        field="#annotate-notes",
        text="Window",
    )


def told(panel, words):
    """It is said in the panel and seen, the old notice is gone, and what was typed is there."""
    notice = panel.place.locator(".unsent")
    expect(notice).to_contain_text(words)
    expect(notice).to_contain_text(KEPT)
    expect(notice).to_be_in_viewport()
    expect(notice).to_have_count(1)
    expect(panel.place.locator(".notice.good")).to_have_count(0)
    expect(panel.place.locator(panel.field)).to_have_value(panel.text)


def goes_through(panel):
    panel.send()
    panel.is_done()
    expect(panel.place.locator(".unsent")).to_have_count(0)


def test_the_network_is_cut(panel):
    panel.page.context.set_offline(True)
    panel.send()
    told(panel, "the connection is cut")
    panel.page.context.set_offline(False)
    goes_through(panel)


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        ("500 Internal Server Error", "", "Something went wrong on our side"),
        ("502 Bad Gateway", "", "Something went wrong on our side"),
        ("503 Service Unavailable", "Retry-After: 7\r\n", "Send it again in 7 seconds"),
        ("429 Too Many Requests", "Retry-After: 60\r\n", "Send it again in 60 seconds"),
    ],
)
def test_the_server_answers_with_a_fault(panel, status, headers, words):
    panel.between.refuses, panel.between.headers = status, headers
    panel.send()
    told(panel, words)
    panel.between.refuses = ""
    goes_through(panel)


def test_the_session_has_ended_and_one_signs_in_in_another_tab(panel):
    Session.objects.all().delete()
    panel.user.set_password(PASSWORD)
    panel.user.save()
    panel.send()
    told(panel, "You are signed out")
    with panel.page.context.expect_page() as opened:
        panel.place.get_by_role("link", name="Sign in in a new tab").click()
    tab = opened.value
    tab.get_by_label("E-mail").fill(panel.user.email)
    tab.get_by_label("Password", exact=False).first.fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    tab.wait_for_url(re.compile(re.escape(panel.address)))
    tab.close()
    panel.page.bring_to_front()
    panel.page.evaluate("window.dispatchEvent(new Event('focus'))")  # headless windows all have it
    told(panel, "You are signed in again")
    goes_through(panel)


def test_the_token_is_older_than_a_sign_in(panel):
    panel.page.context.clear_cookies(name="csrftoken")
    panel.send()
    told(panel, "older than your sign-in")
    goes_through(panel)


def test_the_row_is_gone_or_one_may_not_any_more(panel):
    panel.user.groups.clear()
    panel.user.user_permissions.clear()
    panel.user.restaurants.clear()
    panel.send()
    told(panel, "You may not do this any more")
