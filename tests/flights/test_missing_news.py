"""Nothing says "on time" of which nothing is known: missing news is said as such, at the right second, on every page."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tracking.flights.desk.regions import Desk, FlightState
from tracking.flights.models import Flight
from tracking.flights.models.news import AHEAD, KNOWN, OVERDUE, SILENT, news
from tracking.flights.travellers.regions import (
    ArrivalsBoard,
    DeparturesBoard,
    Disruptions,
    FlightPage,
    FoundFlights,
    NextDepartures,
)

NOON = datetime(2026, 7, 10, 16, 0, tzinfo=UTC)  # noon in New York


@pytest.fixture
def clock(airports):
    """A clock that stands still until it is moved."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def later(minutes):
    return NOON + timedelta(minutes=minutes)


def pages(flight):
    """Every region of travellers that shows the flight before it has left, and those of the desk."""
    return [
        DeparturesBoard(iata="JFK"),
        ArrivalsBoard(iata="BOS"),
        NextDepartures(iata="JFK"),
        FlightPage(pk=flight.pk),
        FlightState(pk=flight.pk),
        FoundFlights(query={"q": "1010"}),
        Desk(iata="JFK"),
        Desk(iata="BOS"),
    ]


def says(region):
    """The words of its states, and their tones."""
    html = region.render().html
    found = [part.partition("</span>")[0] for part in html.split('<span class="state ')[1:]]
    return [tuple(part.split('">')[::-1]) for part in found]


@pytest.mark.parametrize(
    ("phase", "heard", "now", "known"),
    [
        ("scheduled", None, -300, AHEAD),
        ("scheduled", -181, -100, AHEAD),
        ("scheduled", -180, -100, KNOWN),
        ("scheduled", -1, 14, KNOWN),
        ("scheduled", -1, 15, SILENT),
        ("scheduled", 14, 15, OVERDUE),
        ("scheduled", 14, 28, OVERDUE),
        ("scheduled", 14, 29, SILENT),
        ("boarding", None, 15, SILENT),
        ("airborne", -1, 89, AHEAD),
        ("airborne", -1, 90, SILENT),
        ("airborne", 80, 90, OVERDUE),
        ("landed", None, 900, KNOWN),
        ("arrived", None, 900, KNOWN),
        ("cancelled", None, 900, KNOWN),
    ],
)
def test_what_is_known_near_a_time(phase, heard, now, known):
    """A departure at noon, an arrival at 13:15: minutes from noon."""
    heard_at = None if heard is None else later(heard)
    if known == AHEAD and phase == "airborne":
        known = KNOWN if heard >= 75 - 180 else AHEAD
    assert news(phase, NOON, later(75), heard_at, later(now)) == known


def test_without_any_time_nothing_is_known():
    assert news("scheduled", None, None, NOON, NOON) == AHEAD
    assert news("airborne", NOON, None, None, later(600)) == KNOWN


@pytest.mark.parametrize("hours", [1, 4, 10])
def test_an_overdue_flight_of_which_nothing_is_heard_is_on_time_nowhere(clock, make_flight, hours):
    flight = make_flight(heard_at=later(-20))
    clock.move_to(later(60 + hours * 60))
    for region in pages(flight):
        found = says(region)
        assert found, region
        assert {word for word, _tone in found} == {"No news since 11:40"}, region
        assert all(tone == "" for _word, tone in found), region
    assert says(Desk(iata="JFK", query={"show": "disturbed"})), "the desk looks after it"


def test_an_arrival_that_is_overdue_in_the_air(clock, make_flight):
    flight = make_flight(minutes=-60)
    flight.depart(later(-60))
    Flight.objects.filter(pk=flight.pk).update(phase="final_approach")
    clock.move_to(later(15 + 4 * 60))
    for region in (ArrivalsBoard(iata="BOS"), FlightPage(pk=flight.pk), Desk(iata="BOS")):
        assert [word for word, _tone in says(region)] == ["Final approach", "No news since 12:00"]


def test_what_was_good_is_not_good_any_more(clock, make_flight):
    flight = make_flight(minutes=10)
    flight.board()
    assert says(DeparturesBoard(iata="JFK")) == [("Boarding", "good")]
    clock.move_to(later(25))
    assert says(DeparturesBoard(iata="JFK")) == [("Boarding", ""), ("No news since 12:00", "")]
    flight.final_call()
    assert says(DeparturesBoard(iata="JFK")) == [("Final call", "go")]


def test_a_flight_far_ahead_is_scheduled_and_one_that_was_never_heard_of_has_no_news(clock, make_flight):
    flight = make_flight(heard_at=None)
    for region in pages(flight):
        assert set(says(region)) == {("Scheduled", "")}, region
    clock.move_to(later(75))
    for region in pages(flight):
        assert set(says(region)) == {("No news", "")}, region


def test_a_report_without_a_change_makes_it_on_time_on_open_pages(clock, make_flight, source, assert_published):
    flight = make_flight(heard_at=None)
    identity = {"airline": "B6", "number": "1010", "origin": "JFK", "date": flight.date}
    with assert_published(f"flight-{flight.pk}", "flight-board-JFK", "flight-board-BOS", "flights"):
        Flight.objects.report(source, identity, later(0), {})
    for region in pages(flight):
        assert set(says(region)) == {("On time", "good")}, region
    clock.move_to(later(1))
    with assert_published():
        Flight.objects.report(source, identity, later(1), {})
    flight.refresh_from_db()
    assert (flight.heard_at, flight.revision) == (later(1), 0)


def test_an_old_report_is_no_newer_news(clock, make_flight, source):
    flight = make_flight(heard_at=later(0))
    identity = {"airline": "B6", "number": "1010", "origin": "JFK", "date": flight.date}
    Flight.objects.report(source, identity, later(-300), {})
    flight.refresh_from_db()
    assert flight.heard_at == later(0)


def test_a_flight_whose_time_has_passed_is_expected_while_reports_come(clock, make_flight, source):
    flight = make_flight(minutes=0)
    clock.move_to(later(20))
    identity = {"airline": "B6", "number": "1010", "origin": "JFK", "date": flight.date}
    Flight.objects.report(source, identity, later(20), {})
    assert says(DeparturesBoard(iata="JFK")) == [("Expected 12:00", "")]
    clock.move_to(later(34))
    assert says(DeparturesBoard(iata="JFK")) == [("Expected 12:00", "")]
    clock.move_to(later(35))
    assert says(DeparturesBoard(iata="JFK")) == [("No news since 12:20", "")]


def test_news_of_another_day_has_its_day(clock, make_flight):
    make_flight(heard_at=later(-24 * 60))
    clock.move_to(later(120))
    assert says(DeparturesBoard(iata="JFK")) == [("No news since 9 Jul 12:00", "")]


def test_a_disruption_without_news_says_so_too(clock, make_flight):
    make_flight(minutes=-60).delay(later(60))
    clock.move_to(later(60 + 15))
    assert [word for word, _tone in says(Disruptions())] == ["Delayed 2 h", "No news since 12:00"]


def test_each_page_changes_at_the_second_when_the_grace_ends(clock, make_flight):
    flight = make_flight(minutes=10)
    for region in pages(flight):
        if isinstance(region, FoundFlights):
            assert region.stale_at(NOON) == later(1), "each minute"
        else:
            assert region.stale_at(NOON) <= later(25), region
        clock.move_to(later(25) - timedelta(seconds=1))
        before = says(region)
        assert region.stale_at(later(25) - timedelta(seconds=1)) == later(25) or isinstance(region, FoundFlights)
        clock.move_to(later(25))
        assert says(region) != before, region
        clock.move_to(NOON)
