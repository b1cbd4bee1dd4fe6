"""What the widgets of flights show, and what they can be asked for."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils import timezone

from embeds.registry import WIDGETS
from live.regions import find
from tracking.flights import topics
from tracking.flights.models import Codeshare, Flight
from tracking.flights.travellers import widgets

BOARD, FLIGHT, FOLLOWED = (WIDGETS[name] for name in ("board", "flight", "followed"))


def board(thing="JFK/departures", **query):
    return BOARD.region(thing, query)


def numbers(region):
    return [row.number for row in region.rows()]


def card(thing):
    return FLIGHT.region(thing, {})


# A board


def test_a_board_has_the_next_flights_by_their_best_known_time(make_flight):
    late = make_flight(minutes=10, number="1")
    for number in range(2, 9):
        make_flight(minutes=10 * number, number=str(number))
    assert numbers(board()) == ["1", "2", "3", "4", "5", "6"]
    late.delay(late.off_block_scheduled + timedelta(hours=2))
    assert numbers(board()) == ["2", "3", "4", "5", "6", "7"]
    assert numbers(board(rows="8")) == ["2", "3", "4", "5", "6", "7", "8", "1"]


@pytest.mark.parametrize("rows", ["0", "21", "-1", "1.5", "many", "²", "9" * 40])
def test_a_number_of_rows_that_is_none_is_the_usual_one(make_flight, rows):
    for number in range(1, 9):
        make_flight(minutes=number, number=str(number))
    assert len(numbers(board(rows=rows))) == widgets.USUAL_ROWS


def test_what_has_left_is_gone_and_what_is_cancelled_stays(make_flight):
    make_flight(minutes=10, number="1").cancel()
    gone = make_flight(minutes=20, number="2")
    gone.depart(timezone.now())
    assert numbers(board()) == ["1"]
    assert "2" in numbers(find("departures/JFK/"))
    assert numbers(board("BOS/arrivals")) == ["1", "2"]
    gone.land(timezone.now())
    gone.arrive(timezone.now())
    assert numbers(board("BOS/arrivals")) == ["1"]


def test_what_nobody_hears_of_does_not_stay_on_top_for_hours(make_flight, time_machine):
    flight = make_flight(minutes=10, number="1")
    make_flight(minutes=300, number="2")
    leaves = board().stale_at(flight.best_departure + timedelta(minutes=59))
    assert leaves == flight.best_departure + timedelta(hours=1)
    time_machine.move_to(leaves - timedelta(seconds=1))
    assert numbers(board()) == ["1", "2"]
    time_machine.move_to(leaves)
    assert numbers(board()) == ["2"]


def test_a_board_may_be_of_a_terminal_and_says_when_it_is_empty(make_flight):
    make_flight(number="1", terminal="5")
    make_flight(number="2", terminal="7")
    assert numbers(board(terminal="5")) == ["1"]
    assert "No flight matches these filters" in board(terminal="4", rows="3").render().html
    assert "No departures" in board("SFO/departures", rows="3").render().html


@pytest.mark.parametrize("thing", ["JFK", "jfk/departures", "jfk/DEPARTURES"])
def test_departures_are_the_usual_side(flight, thing):
    assert numbers(board(thing)) == ["1010"]
    assert BOARD.url(thing) == "/flights/JFK/departures/"


@pytest.mark.parametrize("thing", ["XXX/departures", "JFK/sideways", "", "/departures", "JFK/departures/5"])
def test_no_board(flight, thing):
    for ask in (board, BOARD.url, BOARD.title):
        with pytest.raises(Http404):
            ask(thing)


def test_a_board_is_rendered_once_for_all_who_ask_alike(flight):
    assert board("jfk", rows="5").address == board("JFK/departures", rows="5").address
    assert find("embed/departures/JFK/?rows=5").render().html == board(rows="5").render().html


# A flight


@pytest.mark.parametrize("thing", ["B6-1010", "b6 1010", "B61010", " B6  1010 ", "B6-01010", "{pk}", "B6 1010/{date}"])
def test_a_flight_by_its_key_or_its_number(flight, thing):
    thing = thing.format(pk=flight.pk, date=flight.date.isoformat())
    region = card(thing)
    assert region.topics() == [topics.names(), topics.flight(flight.pk)]
    assert "B6 1010" in region.render().html
    assert find(region.address).render().html == region.render().html
    assert FLIGHT.url(thing) == f"/flights/{flight.pk}/"
    assert FLIGHT.title(thing) == "B6 1010 New York – Boston"


def test_a_flight_by_the_number_of_its_partner(flight):
    Codeshare.objects.create(flight=flight, airline_id="AA", number="7001")
    for thing in ("AA-7001", f"AA-7001/{flight.date}"):
        assert "B6 1010" in card(thing).render().html


@pytest.mark.parametrize(
    "thing",
    ["", "B6", "1010B6", "B6-1010/tomorrow", "B6-1010/2026-02-30", "9" * 19, "1/2026-11-26", "B6-1010/a/b", "-", "²"],
)
def test_no_flight(flight, thing):
    for ask in (card, FLIGHT.url, FLIGHT.title):
        with pytest.raises(Http404):
            ask(thing)


def test_without_a_day_it_is_the_flight_of_the_day(make_flight, time_machine):
    today, tomorrow = make_flight(minutes=60), make_flight(minutes=25 * 60)
    region = card("B6-1010")
    region.render()
    assert region.flight == today
    today.depart(timezone.now())
    today.land(timezone.now())
    today.arrive(timezone.now())
    time_machine.move_to(tomorrow.best_departure - timedelta(hours=2))
    region.render()
    assert region.flight == tomorrow
    assert region.topics() == [topics.names(), topics.flight(tomorrow.pk)]


def test_it_is_asked_again_each_hour_which_flight_that_is(flight):
    now = timezone.now()
    assert card("B6-1010").stale_at(now) <= now + timedelta(hours=1)
    assert card("ZZ-1").stale_at(now) <= now + timedelta(hours=1)


def test_a_number_that_is_not_known_yet_appears_once_it_is(make_flight):
    day = timezone.localdate() + timedelta(days=3)
    thing = f"B6-1010/{day}"
    region = card(thing)
    assert "Not known for" in region.render().html
    assert FLIGHT.title(thing) == "B6 1010" and FLIGHT.url(thing) == "/flights/?q=B6+1010"
    flight = make_flight(minutes=3 * 24 * 60)
    Flight.objects.filter(pk=flight.pk).update(date=day)
    assert "Boston" in region.render().html
    assert "No flight of this number" in card("ZZ-1").render().html


def test_a_key_that_no_flight_has_is_none(flight):
    with pytest.raises(Http404):
        card(str(flight.pk + 1))
    with pytest.raises(Http404):
        find(f"embed/flight/{flight.pk + 1}/").render()


def test_its_clock_is_where_it_is_awaited(flight):
    assert card(str(flight.pk)).place.iata == "JFK"
    flight.depart(timezone.now())
    assert card(str(flight.pk)).place.iata == "BOS"


# Who follows it


def test_whoever_has_an_account_may_follow_any_flight(flight, alice):
    assert FOLLOWED.is_private and FOLLOWED.may(alice, str(flight.pk))
    assert not FOLLOWED.may(AnonymousUser(), str(flight.pk))
    assert not FOLLOWED.may(alice, str(flight.pk + 1))
    assert not FOLLOWED.may(alice, "nonsense")


# The forms


def test_the_form_of_a_board(flight):
    form = BOARD.form({"airport": "jfk", "side": "arrivals", "rows": "5", "terminal": ""})
    assert form.is_valid()
    assert form.thing == "JFK/arrivals"
    assert form.attributes == {"airport": "JFK", "side": "arrivals"} and form.options == {"rows": "5"}
    wrong = BOARD.form({"airport": "XXX", "side": "up", "rows": "50"})
    assert set(wrong.errors) == {"airport", "side", "rows"}


def test_the_form_of_a_flight(flight):
    form = FLIGHT.form({"flight": "b6 1010", "date": "2026-11-26"})
    assert form.is_valid()
    assert form.thing == "B6-1010/2026-11-26"
    assert form.attributes == {"flight": "B6 1010", "date": "2026-11-26"}
    form = FLIGHT.form({"flight": str(flight.pk)})
    assert form.is_valid() and form.thing == str(flight.pk)
    assert set(FLIGHT.form({"flight": "Boston"}).errors) == {"flight"}
