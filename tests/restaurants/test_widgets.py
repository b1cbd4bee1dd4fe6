"""What the widgets of restaurants show, and to whom a booking may be shown."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.translation import override

from bookings.restaurants.models import Closure, Reservation
from embeds.registry import WIDGETS
from live.regions import find
from tests.html import one_line

TABLES, BOOKING = WIDGETS["tables"], WIDGETS["booking"]


@pytest.fixture(autouse=True)
def _in_english():
    """Whatever language a request before has left in this thread."""
    with override("en"):
        yield


def tables(**query):
    return TABLES.region("bistro", {name: str(value) for name, value in query.items()})


def times(region):
    """The clock times that are shown, with the address of each."""
    return {row.words: row.url for row in region.rows() if row.slot}


# Free tables


def test_the_first_free_times_lead_to_the_restaurant(client, bistro, tomorrow, slot):
    region = tables(party=8, date=tomorrow)
    shown = times(region)
    assert list(shown)[:2] == ["17:00", "17:15"] and len(shown) == 12
    assert "All times of this day" in region.render().html
    assert shown["18:30"] == f"/restaurants/bistro/?party=8&date={tomorrow}&slot={slot('18:30')}"
    assert "A table for 8 at <strong>18:30</strong> is free." in one_line(client.get(shown["18:30"]).text)


def test_free_times_come_before_held_ones_and_taken_ones_are_left_out(bistro, hold, book, tomorrow):
    held = hold("18:00", 8)
    shown = times(tables(party=8, date=tomorrow))
    assert list(shown) == sorted(shown) and len(shown) == 12
    assert shown["18:00"] == "" and shown["20:00"]
    held.release()
    book("18:00", 8)
    assert list(times(tables(party=8, date=tomorrow))) == ["20:00", "20:15", "20:30", "20:45", "21:00"]


def test_it_is_asked_for_two_today_unless_otherwise(bistro):
    region = tables()
    assert "table for 2" in region.render().html and str(region.day) in region.query_of_page
    assert region.address == "embed/tables/bistro/?lang=en"
    assert find(region.address).render().html == region.render().html


def test_without_a_free_time_it_says_so_and_names_other_days(bistro, full, tomorrow):
    html = one_line(tables(party=2, date=tomorrow).render().html)
    assert "Every table is taken" in html and "The next days with a free table:" in html
    assert 'href="/restaurants/bistro/?party=2&amp;date=' in html


def test_a_closed_day_says_why(bistro, tomorrow):
    Closure.objects.create(restaurant=bistro, day=tomorrow, reason="Stocktaking.")
    html = one_line(tables(date=tomorrow).render().html)
    assert "Closed on this day." in html and "Stocktaking." in html


@pytest.mark.parametrize("query", [{"party": 50}, {"party": "x"}, {"date": "soon"}, {"date": "1999-01-01"}])
def test_what_it_can_not_be_asked_for(client, bistro, query):
    assert "No times to show" in tables(**query).render().html
    assert 'class="error"' in client.get("/embed/tables/bistro/", query).text


def test_the_choice_of_party_keeps_look_and_language(client, bistro):
    html = client.get("/embed/tables/bistro/?theme=dark&accent=%23003366&density=compact&lang=de").text
    for name, value in {"theme": "dark", "accent": "#003366", "density": "compact", "lang": "de"}.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in html
    assert 'target="_self"' in html


def test_no_restaurant(bistro):
    for ask in (lambda thing: TABLES.region(thing, {}), TABLES.url, TABLES.title):
        with pytest.raises(Http404):
            ask("nowhere")


def test_the_form_of_tables(bistro):
    form = TABLES.form({"restaurant": "bistro", "party": "4"})
    assert form.is_valid() and form.thing == "bistro"
    assert form.attributes == {"restaurant": "bistro"} and form.options == {"party": "4"}
    assert set(TABLES.form({"restaurant": "nowhere", "party": "0"}).errors) == {"restaurant", "party"}


# A booking


@pytest.fixture
def booking(alice, book):
    made = book(
        "18:30", 4, "Ada Lovelace", "ada@example.org", phone="555 0100", allergies="nuts", notes="by the window"
    )
    Reservation.objects.filter(pk=made.pk).update(user=alice)
    made.refresh_from_db()
    return made


def test_a_booking_says_where_and_when_and_names_nobody(booking):
    html = BOOKING.region(str(booking.pk), {}).render().html
    for shown in ("Bistro", "18:30", "Booked", "Table for 4"):
        assert shown in html
    for secret in ("Ada", "Lovelace", "ada@", "555", "nuts", "window", booking.reference, booking.token):
        assert secret not in html


def test_it_is_for_its_owner_alone(booking, alice, charlie, dora):
    assert BOOKING.is_private and BOOKING.may(alice, str(booking.pk))
    for other in (charlie, dora, AnonymousUser()):
        assert not BOOKING.may(other, str(booking.pk))
    booking.transfer("Grace", "grace@example.org")
    assert not BOOKING.may(alice, str(booking.pk))


@pytest.mark.parametrize("thing", ["0", "-1", "x", "", "²", "9" * 40])
def test_no_booking(booking, alice, thing):
    with pytest.raises(Http404):
        BOOKING.region(thing, {})
    assert not BOOKING.may(alice, thing)


def test_what_is_only_held_is_no_booking(hold, alice):
    held = hold("18:30")
    Reservation.objects.filter(pk=held.pk).update(user=alice)
    with pytest.raises(Http404):
        BOOKING.region(str(held.pk), {})
    assert not BOOKING.may(alice, str(held.pk))


def test_the_form_offers_ones_own_bookings(booking, alice, charlie):
    form = BOOKING.form(user=alice)
    assert [label for _value, label in form.fields["booking"].choices] == [
        str(form.fields["booking"].label_from_instance(booking))
    ]
    form = BOOKING.form({"booking": str(booking.pk)}, user=alice)
    assert form.is_valid() and form.thing == str(booking.pk)
    assert not BOOKING.form({"booking": str(booking.pk)}, user=charlie).is_valid()
    assert not BOOKING.form({"booking": str(booking.pk)}).is_valid()


def test_its_page_is_that_of_all_ones_bookings_and_gives_no_key_away(booking):
    assert BOOKING.url(str(booking.pk)) == "/restaurants/mine/"
