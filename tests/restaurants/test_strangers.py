"""What strangers can hold and book at one time: bounds for each address, browser and contact; and the same without them."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client import REGISTRY

from bookings.restaurants.models import Reservation, State, TooMany
from bookings.restaurants.models.making import HOLD, ReservationQuerySet
from strangers import Asker

pytestmark = pytest.mark.django_db

GUEST = {"name": "Ada Lovelace", "email": "ada@example.org"}


@pytest.fixture
def ask(slot):
    """``ask("18:30")``: the answer to a browser without cookies that wants this time."""

    def send(clock, party=2, browser=None, address="203.0.113.7"):
        fields = {"slot": slot(clock), "party": party}
        return (browser or Client()).post("/restaurants/bistro/hold/", fields, REMOTE_ADDR=address)

    return send


@pytest.fixture
def roomy(bistro, settings):
    """Forty tables for two, so that tables are not what runs out."""
    settings.POSTS_PER_ADDRESS = 10**6
    room = bistro.areas.get()
    for number in range(40):
        room.tables.create(name=f"R{number}", max_covers=2, x=10, y=20)
    bistro.services.update(pace=1000, pace_online=1000)
    return bistro


QUARTERS = [f"{hour}:{minute:02}" for hour in range(17, 21) for minute in (0, 15, 30, 45)]


def held():
    return Reservation.objects.filter(state=State.HELD).holding().count()


def test_one_address_without_cookies_holds_so_many_and_others_still_can(ask, roomy, settings):
    answers = [ask(QUARTERS[number % len(QUARTERS)]) for number in range(37)]
    assert [answer.status_code for answer in answers] == [303] * 12 + [429] * 25
    assert held() == settings.HOLDS_PER_ADDRESS == 12
    assert "held from your network" in answers[-1].text
    assert ask("18:00", address="198.51.100.4").status_code == 303
    assert ask("18:00", address="2001:db8::1").status_code == 303


def test_without_the_bound_it_holds_them_all(ask, roomy, monkeypatch):
    monkeypatch.setattr(ReservationQuerySet, "check_holds", lambda *_: None)
    assert {ask(QUARTERS[number % len(QUARTERS)]).status_code for number in range(37)} == {303}
    assert held() == 37


def test_of_the_tables_at_one_time_strangers_of_one_address_hold_a_share(ask, roomy, settings):
    settings.HOLDS_PER_ADDRESS, settings.HOLD_SHARE = 1000, 25
    answers = [ask("18:00").status_code for _ in range(14)]
    assert answers == [303] * 11 + [429] * 3, "a quarter of 44 tables that book online"
    assert ask("20:30").status_code == 303, "at another time they are free"
    assert ask("18:00", address="198.51.100.4").status_code == 303


def test_two_tables_can_be_held_however_small_the_restaurant(ask, bistro):
    assert [ask("18:00").status_code for _ in range(3)] == [303, 303, 429]


def test_a_large_party_alone_gets_its_tables(ask, bistro, settings):
    settings.HOLD_SHARE = 0
    assert ask("18:00", party=8).status_code == 303


def test_the_addresses_of_one_ipv6_network_are_one(ask, roomy, settings):
    settings.HOLDS_PER_ADDRESS = 1
    assert ask("18:00", address="2001:db8::1").status_code == 303
    assert ask("18:00", address="2001:db8::ffff").status_code == 429
    assert ask("18:00", address="2001:db8:1::1").status_code == 303


def test_a_hold_that_ends_counts_no_more(ask, roomy, settings, time_machine):
    settings.HOLDS_PER_ADDRESS = 1
    browser = Client()
    address = ask("18:00", browser=browser).url
    assert ask("18:00").status_code == 429
    assert browser.post(f"{address}give-back/").status_code == 303
    booked = ask("18:00", browser=browser).url
    assert browser.post(booked, GUEST).status_code == 303, "a booking is no hold"
    assert ask("18:00").status_code == 303
    time_machine.move_to(timezone.now() + HOLD + timedelta(seconds=1))
    assert ask("18:00").status_code == 303, "nor is one that has expired"


def test_a_browser_holds_one_table_at_a_restaurant(ask, roomy, settings):
    settings.HOLDS_PER_ADDRESS = 1
    browser = Client()
    assert [ask(clock, browser=browser).status_code for clock in ("18:00", "18:30", "19:00")] == [303] * 3
    assert held() == 1


def test_two_presses_of_one_browser_that_do_not_know_of_each_other_are_one_hold(roomy, slot):
    asker = Asker("an address", "a browser")
    for clock in ("18:00", "19:00"):
        Reservation.objects.hold(roomy, slot(clock), 2, uuid4(), asker=asker)
    assert held() == 1


def test_staff_and_tests_of_the_models_have_no_bound(hold, roomy, settings):
    settings.HOLDS_PER_ADDRESS = 1
    hold("18:00"), hold("18:00")
    assert held() == 2


# Bookings


def test_a_contact_has_so_many_bookings_of_an_evening(ask, roomy, settings, book):
    settings.BOOKINGS_PER_CONTACT = 2
    for clock, email in (("18:00", "Ada@example.org"), ("19:00", "ada@Example.org")):
        browser = Client()
        assert browser.post(ask(clock, browser=browser).url, {**GUEST, "email": email}).status_code == 303
    browser = Client()
    address = ask("20:00", browser=browser).url
    answer = browser.post(address, GUEST)
    assert answer.status_code == 429 and "bookings with this e-mail address on that day" in answer.text
    assert browser.post(address, {**GUEST, "email": "grace@example.org"}).status_code == 303, "the hold is still there"


def test_an_address_has_so_many_bookings_of_an_evening(ask, roomy, settings):
    settings.BOOKINGS_PER_ADDRESS = 3
    answers = []
    for number in range(4):
        browser = Client()
        held = ask("18:00", browser=browser).url
        answers.append(browser.post(held, {**GUEST, "email": f"guest{number}@example.org"}))
    assert [answer.status_code for answer in answers] == [303] * 3 + [429]
    assert "Please call the restaurant" in answers[-1].text


def test_what_was_cancelled_is_given_back(hold, settings, roomy):
    settings.BOOKINGS_PER_CONTACT = 1
    first = hold("18:00").confirm(**GUEST)
    with pytest.raises(TooMany):
        hold("19:00").confirm(**GUEST)
    first.cancel()
    assert hold("19:00").confirm(**GUEST).state == State.BOOKED


def test_who_asked_is_kept_as_hashes(ask, bistro):
    ask("18:00")
    reservation = Reservation.objects.get()
    for kept in (reservation.asked_from, reservation.asked_by):
        assert re.fullmatch("[0-9a-f]{24}", kept)


def test_refusals_are_counted(ask, roomy, settings):
    settings.HOLDS_PER_ADDRESS = 0
    counted = lambda: REGISTRY.get_sample_value("airside_bookings_refused_total", {"bound": "holds"})  # noqa: E731
    before = counted()
    ask("18:00")
    assert counted() == before + 1
