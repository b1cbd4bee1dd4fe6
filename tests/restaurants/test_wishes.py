"""One person has one open wish for a day; nobody waits where there is room; a booking of that day ends the waiting."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from bookings.restaurants.models import Reservation, State, WaitlistEntry
from bookings.restaurants.models.waitlist import serve_waitlists

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(tomorrow, slot):
    """``ask()``: the answer to the waitlist's form for tomorrow, of a browser of its own."""

    def send(browser=None, first="18:00", last="19:00", party=2, **fields):
        fields = {"name": "Bea", "email": "bea@example.org", "key": uuid4(), **fields}
        fields = {"first": slot(first), "last": slot(last), "party": party, "date": tomorrow.isoformat(), **fields}
        return (browser or Client()).post("/restaurants/bistro/waitlist/", fields)

    return send


def state():
    return WaitlistEntry.objects.get().state


def test_one_person_waits_once_for_a_day(ask, full):
    assert ask().status_code == 303
    answer = ask(email="BEA@example.org", party=4, first="19:00", last="20:00")
    assert answer.status_code == 422 and "You wait for a table on that day already." in answer.text
    assert ask(email="ben@example.org").status_code == 303
    assert WaitlistEntry.objects.count() == 2


def test_an_account_waits_once_whatever_address_it_writes(ask, full, alice):
    browser = Client()
    browser.force_login(alice)
    assert ask(browser).status_code == 303
    assert ask(browser, email="other@example.org").status_code == 422


def test_who_has_left_can_wait_again(ask, full):
    ask()
    WaitlistEntry.objects.get().leave()
    assert ask().status_code == 303


def test_where_there_is_room_nobody_waits_and_the_free_times_are_shown(ask, full, slot):
    full[0].cancel()
    answer = ask()
    assert answer.status_code == 409
    assert "There is a table for you: you need not wait." in answer.text and f'value="{slot("18:00")}"' in answer.text
    assert ask(party=4).status_code == 303, "for four there is none"
    assert WaitlistEntry.objects.count() == 1


def test_a_time_that_is_only_held_is_none(ask, hold, tables):
    for party in (2, 2, 4, 4):
        hold("18:00", party)
    assert ask(first="18:00", last="18:00").status_code == 303


def test_a_booking_of_that_day_ends_the_waiting_and_gives_the_offer_to_the_next(ask, full, hold):
    ask(), ask(email="cem@example.org", name="Cem")
    full[0].cancel()
    serve_waitlists()
    bea, cem = WaitlistEntry.objects.order_by("pk")
    assert (bea.state, cem.state) == ("offered", "waiting")
    Reservation.objects.filter(pk=full[1].pk).get().cancel()
    hold("20:00").confirm("Bea", "Bea@Example.org")
    serve_waitlists()
    bea.refresh_from_db(), cem.refresh_from_db()
    assert (bea.state, bea.offer, cem.state) == ("booked", None, "offered")
    assert Client().get(bea.get_absolute_url()).status_code == 200, "a link to a wish opens no booking but its own"


def test_a_booking_by_telephone_ends_it_too(ask, full, bistro, slot, dora):
    ask()
    full[0].cancel()
    Reservation.objects.book(bistro, slot("18:00"), 2, by=dora, name="Bea", email="bea@example.org")
    assert state() == "booked"


def test_what_was_offered_and_booked_is_not_released(ask, full):
    ask()
    full[0].cancel()
    serve_waitlists()
    booked = WaitlistEntry.objects.get().claim()
    assert (state(), booked.state) == ("booked", State.BOOKED)


def test_a_booking_of_another_day_or_person_ends_nothing(ask, full, hold, bistro, slot, tomorrow):
    ask()
    full[0].cancel()
    hold("18:00").confirm("Ben", "ben@example.org")
    later = slot("18:00", tomorrow + timedelta(days=1))
    Reservation.objects.hold(bistro, later, 2, uuid4()).confirm("Bea", "bea@example.org")
    assert state() == "waiting"


def test_who_has_a_table_that_day_does_not_wait_for_another(ask, full, hold):
    full[0].cancel()
    hold("18:00").confirm("Bea", "bea@example.org")
    answer = ask()
    assert answer.status_code == 422 and "Change it instead." in answer.text


def test_five_wishes_of_one_address_get_one_table(ask, full):
    """What was seen once: five tables for one mail address."""
    assert [ask(first="18:00", last="19:00").status_code for _ in range(5)] == [303, 422, 422, 422, 422]
    for reservation in full:
        reservation.cancel()
    serve_waitlists()
    assert Reservation.objects.filter(state=State.HELD).count() == 1


def test_an_address_has_so_many_wishes(ask, full, settings):
    settings.WISHES_PER_ADDRESS = 2
    answers = [ask(email=f"guest{number}@example.org") for number in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert "Please call the restaurant" in answers[-1].text
