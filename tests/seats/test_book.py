"""A customer books what is held: never at another price than the one accepted, and only once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from bookings.seats.models import Booking, Kind, State
from bookings.seats.models.fares import Tariff

ANA = {"given-0": "Ana", "surname-0": "Ortiz", "email": "ana@example.org", "pay": "now"}


@pytest.fixture
def held(hold_seats):
    return hold_seats()


@pytest.fixture
def url(held):
    return f"/fly/hold/{held.token}/"


@pytest.fixture
def dearer(db):
    """``dearer()``: from now on each flight costs 50 dollars more."""

    def raise_price():
        tariff = Tariff.objects.get(cabin="economy")
        rule = tariff.rule()
        tariff.revise(rule._replace(fixed=rule.fixed + 5_000))

    return raise_price


def test_it_is_booked_at_the_price_that_the_button_named(client, held, url):
    answer = client.post(url, {**ANA, "accepted": held.total, "phone": "+1 212 555 0100"})
    assert answer.status_code == 303 and not answer["Location"].startswith("/fly/hold/")
    booking = Booking.objects.get()
    assert (booking.state, booking.total, booking.email) == (State.BOOKED, held.total, "ana@example.org")
    assert str(booking.travellers.get()) == "Ana Ortiz"
    assert booking.pay_until - booking.booked_at == timedelta(minutes=30)


def test_sent_twice_it_is_one_booking(client, held, url):
    first, second = (client.post(url, {**ANA, "accepted": held.total}) for _time in range(2))
    assert first["Location"] == second["Location"] and Booking.objects.count() == 1
    assert client.get(url)["Location"] == first["Location"]


def test_who_pays_later_has_a_day(client, held, url):
    client.post(url, {**ANA, "pay": "later", "accepted": held.total})
    booking = Booking.objects.get()
    assert booking.pay_until - booking.booked_at == timedelta(hours=24)
    assert booking.price_until - booking.booked_at == timedelta(hours=12)


def test_a_flight_that_leaves_soon_is_paid_now(client, hold_seats, make_inventory):
    soon = hold_seats(on=[make_inventory(minutes=24 * 60, number="5")])
    assert "Pay within 24 hours" not in client.get(f"/fly/hold/{soon.token}/").content.decode()


@pytest.mark.parametrize(
    ("given", "surname"),
    [("", "O"), ("O", ""), ("Nguyễn", "Thị Minh"), ("Sinéad", "O'Brien-Smith"), ("", "Sukarno"), ("李", "小龍")],
)
def test_any_real_name_can_book(client, held, url, given, surname):
    answer = client.post(url, {**ANA, "given-0": given, "surname-0": surname, "accepted": held.total})
    assert answer.status_code == 303
    assert str(held.travellers.get()) == f"{given} {surname}".strip()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"given-0": "", "surname-0": " "}, "One name is enough"),
        ({"given-0": "Win at casino.com"}, "without web or mail addresses"),
        ({"email": "no"}, "Enter a valid email address"),
        ({"email": ""}, "Write your e-mail address."),
        ({"accepted": ""}, "Press the button that names the price"),
        ({"given-0": "x" * 61}, "60"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(client, held, url, wrong, words):
    answer = client.post(url, {**ANA, "accepted": held.total, "phone": "+49 30 1", **wrong})
    html = answer.content.decode()
    assert answer.status_code == 422 and words in html and 'value="+49 30 1"' in html
    assert Booking.objects.get().state == State.HELD


def test_a_price_that_rises_after_the_guarantee_is_asked_about_in_the_same_form(
    client, held, url, dearer, time_machine
):
    dearer()
    client.post(f"{url}extend/")
    assert f"Book for {held.price}" in client.get(url).content.decode()  # guaranteed
    time_machine.move_to(held.price_until + timedelta(seconds=1))
    answer = client.post(url, {**ANA, "accepted": held.total})
    html = answer.content.decode()
    new = Booking.objects.get().price_now(held.price_until).quote.total
    assert answer.status_code == 409 and new.amount > held.total
    assert "Nothing is booked yet" in html and f"<s>{held.price}</s>" in html and f"<b>{new}</b>" in html
    assert 'value="Ana"' in html and 'value="ana@example.org"' in html
    assert f"Accept the new price of {new} and book" in html
    assert Booking.objects.get().state == State.HELD
    assert client.post(url, {**ANA, "accepted": new.amount}).status_code == 303
    booking = Booking.objects.get()
    assert (booking.state, booking.total) == (State.BOOKED, new.amount)
    assert sum(booking.lines.values_list("amount", flat=True)) == new.amount


def test_nobody_books_at_a_price_that_they_made_up(client, held, url):
    answer = client.post(url, {**ANA, "accepted": 1})
    assert answer.status_code == 409 and Booking.objects.get().state == State.HELD


def test_after_the_hold_the_same_seats_are_booked_if_they_are_free(client, held, url, time_machine):
    seat = held.coupons().get().seat
    time_machine.move_to(held.expires_at + timedelta(minutes=1))
    assert client.post(url, {**ANA, "accepted": held.total}).status_code == 303
    assert Booking.objects.get().coupons().get().seat == seat


def test_after_the_hold_other_seats_are_shown_before_they_are_booked(client, held, url, hold_seats, time_machine):
    seat = held.coupons().get().seat
    time_machine.move_to(held.expires_at + timedelta(minutes=1))
    assert hold_seats().coupons().get().seat == seat
    assert "One of these seats has been taken" in client.get(url).content.decode()
    answer = client.post(url, {**ANA, "accepted": held.total})
    html = answer.content.decode()
    other = Booking.objects.get(pk=held.pk).coupons().get().seat
    assert answer.status_code == 409 and other != seat
    assert f"we now hold {other} for you" in html and 'value="Ana"' in html
    assert client.post(url, {**ANA, "accepted": Booking.objects.get(pk=held.pk).total}).status_code in (303, 409)


def test_after_the_hold_a_full_flight_says_so_and_keeps_what_was_typed(client, held, url, time_machine, inventory):
    time_machine.move_to(held.expires_at + timedelta(minutes=1))
    inventory.block(inventory.free("economy"))
    answer = client.post(url, {**ANA, "accepted": held.total})
    html = answer.content.decode()
    assert answer.status_code == 409 and "no seat left" in html and 'value="Ana"' in html
    assert "Other flights of that day" in html


def test_a_flight_that_was_cancelled_meanwhile_is_not_booked(client, held, url, inventory):
    inventory.flight.cancel()
    answer = client.post(url, {**ANA, "accepted": held.total})
    assert answer.status_code == 409 and "is cancelled" in answer.content.decode()
    assert Booking.objects.get().state == State.HELD


def test_who_needs_help_is_not_left_at_an_exit(client, held, url, inventory):
    coupon = held.coupons().get()
    held.move({coupon.pk: "12A"})
    answer = client.post(url, {**ANA, "help-0": "on", "accepted": held.total})
    assert answer.status_code == 422 and "12A" in answer.content.decode()
    assert Booking.objects.get().state == State.HELD


def test_infants_have_names_and_price_lines_of_their_own(client, hold_seats):
    held = hold_seats(adults=1, children=1, infants_lap=1)
    url = f"/fly/hold/{held.token}/"
    names = {"given-0": "Ana", "given-1": "Mia", "given-2": "Leo", "email": "ana@example.org", "pay": "now"}
    assert client.post(url, {**names, "accepted": held.total}).status_code == 303
    infant = held.travellers.get(kind=Kind.INFANT_LAP)
    assert str(infant) == "Leo" and infant.adult.name == "Ana"
    assert infant.lines.exists() and held.assignments().count() == 2
    assert sum(held.lines.values_list("amount", flat=True)) == Booking.objects.get().total


def test_a_member_is_remembered(client, held, url, alice):
    client.force_login(alice)
    assert 'value="Alice"' in client.get(url).content.decode()
    client.post(url, {**ANA, "accepted": held.total})
    assert Booking.objects.get().user == alice


def test_the_link_is_the_key(held, url):
    stranger = Client()
    assert stranger.get(url).status_code == 200
    assert stranger.get(f"/fly/hold/{uuid4()}/").status_code == 404


def test_the_live_price_is_for_who_has_the_link(client, held):
    assert str(held.price) in client.get(f"/live/held-price/{held.token}/").content.decode()
    assert client.get("/live/held-price/nonsense/").status_code == 404
