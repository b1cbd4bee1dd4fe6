"""Itineraries: durations from the zones of the day, legal connections, what is sold and what is not."""

from datetime import datetime, timedelta

import pytest

from bookings.seats.models import ConnectionTime
from bookings.seats.models.connections import ConnectionTimes
from bookings.seats.search.itineraries import FlightForSale, Itinerary, Place, connections, direct
from tracking.flights.models.codes import Phase

PLACES = {
    "FRA": ("Frankfurt", "DE", "Europe/Berlin"),
    "LAX": ("Los Angeles", "US", "America/Los_Angeles"),
    "JFK": ("New York", "US", "America/New_York"),
    "LGA": ("New York", "US", "America/New_York"),
    "BOS": ("Boston", "US", "America/New_York"),
    "ORD": ("Chicago", "US", "America/Chicago"),
    "LHR": ("London", "GB", "Europe/London"),
    "DFW": ("Dallas", "US", "America/Chicago"),
    "BDA": ("Hamilton", "BM", "Atlantic/Bermuda"),
    "JHM": ("Kapalua", "US", "Pacific/Honolulu"),
    "HNL": ("Honolulu", "US", "Pacific/Honolulu"),
    "AKL": ("Auckland", "NZ", "Pacific/Auckland"),
    "PHX": ("Phoenix", "US", "America/Phoenix"),
}
PLACES = {iata: Place(iata, *rest) for iata, rest in PLACES.items()}
DAY = "2026-11-20"


def at(iata, words, day=DAY):
    """A moment on the clock of an airport: "10:40", or "2026-04-16 10:40"."""
    return datetime.fromisoformat(words if "-" in words else f"{day} {words}").replace(tzinfo=PLACES[iata].tz)


def flight(origin, departs, destination, arrives, pk=1, **fields):
    departs, arrives = at(origin, departs), at(destination, arrives)
    fields = {"expects_departure": departs, "expects_arrival": arrives, **fields}
    return FlightForSale(pk, pk, "B6", str(pk), PLACES[origin], PLACES[destination], departs, arrives, **fields)


def found(out, onward, times=None):
    return list(connections(out, onward, times or ConnectionTimes()))


# Durations and days (the numbers are those of public bug reports)


@pytest.mark.parametrize(
    ("origin", "departs", "destination", "arrives", "hours", "minutes", "days_later"),
    [
        ("FRA", "2026-04-16 10:40", "LAX", "2026-04-16 13:10", 11, 30, 0),
        ("JFK", "2026-03-28 21:00", "LHR", "2026-03-29 09:00", 7, 0, 1),  # the clocks of London change that night
        ("JFK", "2013-07-10 16:53", "ORD", "2013-07-10 18:19", 2, 26, 0),  # Eastern to Central
        ("FRA", "1995-10-21 12:20", "DFW", "1995-10-21 17:20", 11, 0, 0),
        ("LGA", "2013-08-10 11:25", "BDA", "2013-08-10 14:52", 2, 27, 0),
        ("JHM", "2026-11-20 10:00", "HNL", "2026-11-20 10:32", 0, 32, 0),
        ("AKL", "2026-11-25 23:55", "HNL", "2026-11-25 10:00", 9, 5, 0),  # across the date line, and the same day
        ("AKL", "2026-11-25 00:30", "HNL", "2026-11-24 10:35", 9, 5, -1),
        ("LAX", "2026-11-25 22:30", "AKL", "2026-11-27 08:30", 13, 0, 2),
        ("PHX", "2026-07-10 12:00", "JFK", "2026-07-10 19:55", 4, 55, 0),  # no summer time in Arizona
        ("JFK", "2013-07-10 23:00", "BOS", "2013-07-11 00:00", 1, 0, 1),  # "24:00" is midnight of the next day
    ],
)
def test_durations_go_by_the_zones_of_the_day(origin, departs, destination, arrives, hours, minutes, days_later):
    itinerary = Itinerary((flight(origin, departs, destination, arrives),))
    assert itinerary.duration == timedelta(hours=hours, minutes=minutes)
    assert itinerary.days_later == days_later


def test_the_day_of_a_flight_is_that_of_its_origin():
    assert flight("JFK", "23:30", "LHR", "2026-11-21 11:00").day.isoformat() == DAY


# Connections


def test_a_connection_has_its_minimum_time_and_not_a_minute_less():
    out = [flight("BOS", "09:00", "JFK", "10:00")]
    legal = flight("JFK", "10:45", "LAX", "14:00", pk=2)
    too_soon = flight("JFK", "10:44", "LAX", "13:59", pk=3)
    assert [itinerary.id for itinerary in found(out, [too_soon, legal])] == ["1-2"]


@pytest.mark.parametrize(("departs", "is_found"), [("16:00", True), ("16:01", False)])
def test_nobody_waits_for_more_than_six_hours(departs, is_found):
    out, onward = [flight("BOS", "09:00", "JFK", "10:00")], [flight("JFK", departs, "LAX", "20:00", pk=2)]
    assert bool(found(out, onward)) == is_found


def test_who_arrives_from_abroad_needs_longer():
    out = [flight("LHR", "09:00", "JFK", "12:00")]
    onward = [flight("JFK", f"13:{minute}", "LAX", "17:00", pk=minute) for minute in (29, 30)]
    assert [itinerary.id for itinerary in found(out, onward)] == ["1-30"]


def test_terminals_count(airports):
    ConnectionTime.objects.set(80, airport=airports["JFK"], from_terminal="5", to_terminal="4")
    out = [flight("BOS", "09:00", "JFK", "10:00", arrival_terminal="5")]
    onward = [
        flight("JFK", "11:00", "LAX", "14:00", pk=4, terminal="4"),
        flight("JFK", "11:00", "LAX", "14:00", pk=5, terminal="5"),
    ]
    assert [itinerary.id for itinerary in found(out, onward, ConnectionTimes.read())] == ["1-5"]


def test_two_airports_of_one_city_are_no_connection():
    assert not found([flight("BOS", "09:00", "LGA", "10:00")], [flight("JFK", "12:00", "LAX", "15:00", pk=2)])


def test_nothing_leads_back_through_the_origin_or_on_from_the_destination():
    round_about = [flight("BOS", "09:00", "JFK", "10:00")], [flight("JFK", "12:00", "BOS", "13:00", pk=2)]
    past = [flight("BOS", "09:00", "LAX", "12:00")], [flight("LAX", "14:00", "LAX", "15:00", pk=2)]
    assert not found(*round_about) and not found(*past)


def test_a_wait_may_pass_midnight():
    out = [flight("BOS", "21:30", "JFK", "22:30")]
    onward = [flight("JFK", "2026-11-21 01:00", "LAX", "2026-11-21 04:20", pk=2)]
    (itinerary,) = found(out, onward)
    assert itinerary.wait == timedelta(hours=2, minutes=30)
    assert itinerary.duration == timedelta(hours=9, minutes=50)
    assert itinerary.days_later == 1


def test_only_the_earliest_flights_onward_are_offered():
    out = [flight("BOS", "09:00", "JFK", "10:00")]
    onward = [flight("JFK", f"{hour}:30", "LAX", "20:00", pk=hour) for hour in (15, 14, 13, 12, 11)]
    assert [itinerary.id for itinerary in found(out, onward)] == ["1-11", "1-12", "1-13"]


def test_direct_ones_are_those_to_the_destination():
    flights = [flight("BOS", "09:00", "JFK", "10:00"), flight("BOS", "09:00", "LAX", "12:00", pk=2)]
    assert [itinerary.id for itinerary in direct(flights, "LAX")] == ["2"]


# What is sold


NOW = at("BOS", "08:00")


@pytest.mark.parametrize(
    ("fields", "is_sold"),
    [
        ({}, True),
        ({"phase": Phase.CHECK_IN}, True),
        ({"phase": Phase.BOARDING}, False),
        ({"is_on_sale": False}, False),
        ({"phase": Phase.CANCELLED}, False),
        ({"phase": Phase.DEPARTED}, False),
        ({"phase": Phase.ARRIVED}, False),
    ],
)
def test_cancelled_and_departed_flights_are_not_sold(fields, is_sold):
    assert flight("BOS", "09:00", "JFK", "10:00", **fields).is_sold(NOW) == is_sold


def test_the_sale_closes_before_the_departure():
    leaves = flight("BOS", "09:00", "JFK", "10:00")
    assert leaves.is_sold(at("BOS", "08:15"))
    assert not leaves.is_sold(at("BOS", "08:16"))


def connection(**late):
    first = flight("BOS", "09:00", "JFK", "10:00")
    onward = flight("JFK", "11:00", "LAX", "14:00", pk=2)
    (itinerary,) = found([first], [onward])
    first = first._replace(expects_arrival=first.arrives + timedelta(minutes=late.get("first", 0)))
    onward = onward._replace(expects_departure=onward.departs + timedelta(minutes=late.get("onward", 0)))
    return Itinerary((first, onward), itinerary.needed)


@pytest.mark.parametrize(
    ("late", "is_missed"),
    [({}, False), ({"first": 15}, False), ({"first": 16}, True), ({"first": 40, "onward": 30}, False)],
)
def test_a_connection_is_missed_by_what_is_expected_now(late, is_missed):
    itinerary = connection(**late)
    assert itinerary.is_missed == is_missed
    assert itinerary.is_sold(NOW) == (not is_missed)


def test_a_diversion_or_a_flight_that_has_left_ends_a_connection():
    first, onward = connection().legs
    assert Itinerary((first._replace(is_diverted=True), onward)).is_missed
    assert Itinerary((first, onward._replace(phase=Phase.DEPARTED))).is_missed
