"""A guest looks for a time: what is shown, what is refused in which words, and what happens as others book."""

import re
from datetime import timedelta

import pytest

from bookings.restaurants.models import Closure, Reservation, Table


@pytest.fixture
def times(client, bistro, tomorrow):
    """``times(party=2)``: the page of the bistro's times tomorrow."""

    def get(**query):
        return client.get("/restaurants/bistro/", {"party": 2, "date": tomorrow.isoformat(), **query})

    return get


@pytest.fixture
def fragment(client, bistro, tomorrow):
    def get(**query):
        query = {"party": 2, "date": tomorrow.isoformat(), **query}
        return client.get("/live/restaurant-times/bistro/", query).text

    return get


def test_the_list_names_each_with_its_next_times(client, bistro, diner, tomorrow):
    page = client.get("/restaurants/", {"party": 4, "date": tomorrow.isoformat()}).text
    assert "Bistro" in page and "Diner" in page
    assert "17:00" in page, "the bistro has tables for four"
    assert "No free time" in page, "the diner has none"


def test_a_time_of_the_list_is_one_press_from_being_held(client, bistro, tomorrow, slot):
    page = client.get("/restaurants/", {"party": 4, "date": tomorrow.isoformat()}).text
    hold = f'form="choose" formaction="/restaurants/bistro/hold/" name="slot" value="{slot("17:00")}"'
    form = page.partition('<form id="choose"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'name="(party|key)" value="([^"]+)"', form))
    assert hold in page and fields["party"] == "4"
    answer = client.post("/restaurants/bistro/hold/", {"slot": slot("17:00"), **fields})
    assert answer.status_code == 303 and answer.url.startswith("/restaurants/held/")


def test_times_stand_below_their_service_as_buttons_of_the_form(times, slot):
    page = times().text
    assert "Dinner" in page and "New York time" in page
    assert f'<button class="time" form="choose" name="slot" value="{slot("18:30")}">' in page


def test_others_see_a_hold_without_a_name(fragment, hold, slot):
    hold("18:00", 8)
    shown = fragment(party=6)
    assert "held, may free at" in shown and 'data-until="' in shown
    assert f'value="{slot("18:00")}"' not in shown


def test_a_full_time_is_struck_and_no_button(fragment, book, slot):
    book("18:00", 8)
    shown = fragment(party=6)
    assert "<s>18:00</s>" in shown
    assert f'value="{slot("18:00")}"' not in shown


def test_a_size_whose_tables_are_not_for_guests_online_is_told_to_call(times, fragment, tables):
    for use in ("in_house", "walk_in"):
        Table.objects.filter(name="T3").update(use=use)
        assert "Tables for 8 are booked by Bistro itself: please call." in fragment(party=8)
        assert "Tables for 8 are booked by Bistro itself" in times(party=8).text
        assert "18:00" in fragment(party=4)


def test_when_the_hold_expires_the_page_is_told_then(hold, bistro, tomorrow):
    from django.utils import timezone

    from bookings.restaurants.guests.regions import Times

    held = hold("18:00", 2)
    region = Times(slug="bistro", query={"party": "2", "date": tomorrow.isoformat()})
    region.render()
    assert region.stale_at(timezone.now()) == held.expires_at


def test_a_full_day_offers_the_next_days_and_the_waitlist(times, book, bistro, tomorrow):
    bistro.services.update(last="17:00")
    for _ in range(4):
        book("17:00", 2)
    page = times().text
    assert "Every table is taken" in page
    assert f"date={(tomorrow + timedelta(days=1)).isoformat()}" in page
    assert "Put me on the waitlist" in page


def test_a_closed_day_says_why(times, bistro, tomorrow):
    Closure.objects.create(restaurant=bistro, day=tomorrow, reason="Stocktaking.")
    page = times().text
    assert "Closed on this day." in page and "Stocktaking." in page
    assert 'form="choose"' not in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"party": "0"}, "greater than or equal to 1"),
        ({"party": "-3"}, "greater than or equal to 1"),
        ({"party": "two"}, "whole number"),
        ({"party": "9" * 60}, "less than or equal to 100"),
        ({"party": "50"}, "its largest takes 8"),
        ({"date": "2001-01-01"}, "That day has passed."),
        ({"date": "2999-01-01"}, "Tables can be booked until"),
        ({"date": "soon"}, "Choose a day."),
        ({"area": "99999"}, ""),
        ({"area": "<script>"}, ""),
    ],
)
def test_what_cannot_be_is_told_beside_the_field(times, query, words):
    page = times(**query)
    assert page.status_code == 200
    assert words in page.text
    assert "<script>" not in page.text


def test_a_larger_party_than_books_by_itself_is_asked_to_call(times, bistro):
    bistro.max_party_online = 4
    bistro.save()
    assert "Parties of more than 4 are booked by Bistro itself" in times(party=6).text


def test_no_such_restaurant(client, db):
    assert client.get("/restaurants/nowhere/").status_code == 404
    assert client.get("/live/restaurant-times/nowhere/").status_code == 404
    assert client.post("/restaurants/nowhere/hold/").status_code == 404


def test_public_parts_name_nobody(client, book, hold, bistro, tomorrow):
    book("18:00", 2, name="Ada Lovelace", phone="555 123", notes="birthday", allergies="nuts")
    for address in ("/live/restaurants/", "/live/restaurant-times/bistro/", "/live/restaurant-queue/bistro/"):
        shown = client.get(address, {"date": tomorrow.isoformat()}).text
        for personal in ("Ada", "555 123", "birthday", "nuts", "ada@", Reservation.objects.get().reference):
            assert personal not in shown


def test_the_front_page_has_a_door(client, bistro):
    assert 'href="/restaurants/"' in client.get("/").text
