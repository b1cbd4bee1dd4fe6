"""What apps add to the frame: in order, for those who have a use for it, and marked on their own pages."""

import re
from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.urls import path, resolve

from accounts import landings
from pages import nav
from pages.nav import Entry, Nowhere, Registry


def test_parts_stand_in_their_order_whoever_registers_first():
    registry = Registry()
    registry(order=20)(lambda user: "second")
    registry(order=10)(lambda user: "first")
    registry(order=20)(lambda user: "third")
    assert registry.for_user(None) == ["first", "second", "third"]


def test_a_part_is_left_out_for_those_without_a_use_for_it():
    registry = Registry()
    registry(order=10)(lambda user: "for staff" if user == "bob" else None)
    registry(order=20)(lambda user: "for all")
    assert registry.for_user("bob") == ["for staff", "for all"]
    assert registry.for_user("charlie") == ["for all"]


@pytest.fixture
def entries(monkeypatch):
    """A navigation of two entries, one of them for staff."""
    registry = Registry()
    registry(order=10)(lambda user: Entry("Check", "/connection/", {"connection"}))
    registry(order=20)(lambda user: Entry("Work", "/work/", {"front"}) if user.is_staff else None)
    monkeypatch.setattr(nav, "entry", registry)


def links_on(rf, address, user):
    request = rf.get(address)
    request.user, request.resolver_match = user, resolve(address) if address else None
    return [(link.label, link.is_current) for link in nav.links(request)]


def test_an_entry_is_current_on_its_own_pages(rf, entries, alice):
    alice.is_staff = True
    assert links_on(rf, "/connection/", alice) == [("Check", True), ("Work", False)]
    assert links_on(rf, "/", alice) == [("Check", False), ("Work", True)]


def test_where_no_view_answers_none_is_current(rf, entries):
    assert links_on(rf, "", AnonymousUser()) == [("Check", False)]


def test_what_fails_before_anybody_is_known_has_a_frame_too(rf, entries):
    request = rf.get("/")
    assert [link.label for link in nav.links(request)] == ["Check"]


def test_the_page_shows_its_navigation(client, entries, db):
    main = re.search(r'<nav aria-label="Main">(.*?)</nav>', client.get("/connection/").text, re.DOTALL)[1]
    assert re.findall(r"<a (.*?)</a>", main) == ['href="/connection/" aria-current="page">Check']


def test_views_are_named_by_their_addresses():
    urls = [path("a/", print, name="first"), path("b/", print, name="second")]
    assert nav.names("office", urls) == {"office:first", "office:second"}


# Where the site is


def test_an_airport_that_nobody_knows_has_its_code_and_utc(monkeypatch, settings, client, db):
    monkeypatch.setattr(nav, "homes", [lambda iata: None])
    settings.HOME_AIRPORT = "XQX"
    assert nav.home_airport() == Nowhere("XQX", "UTC", "UTC")
    with time_machine.travel("2026-11-21T23:30:00Z"):
        assert nav.home_airport().today() == date(2026, 11, 21)
    page = client.get("/connection/").text
    assert "Airside XQX" in page and 'data-clock="UTC"' in page


def test_an_app_that_knows_it_says_where_that_is(monkeypatch, settings, airports, client):
    settings.HOME_AIRPORT = "SFO"
    page = client.get("/connection/").text
    assert 'data-clock="America/Los_Angeles"' in page and "San Francisco" in page


# Where staff land


def test_staff_land_at_the_first_place_where_they_work(monkeypatch):
    monkeypatch.setattr(landings, "landings", [])
    landings.landing(order=20)(lambda user: "/kitchen/")
    landings.landing(order=10)(lambda user: "/desk/" if user == "bob" else None)
    assert landings.landing_of("bob") == "/desk/"
    assert landings.landing_of("dora") == "/kitchen/"


def test_others_work_nowhere(monkeypatch):
    monkeypatch.setattr(landings, "landings", [])
    landings.landing(order=10)(lambda user: None)
    assert landings.landing_of("charlie") is None
