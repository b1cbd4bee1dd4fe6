"""The flights back of the demo day, which are made up: when they leave, and how they are late."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from tests.flights.test_replay import DAY, MINUTE, TODAY, at, departure, feed
from tracking.flights.demo.day import Day, check_times
from tracking.flights.demo.replay import Playback
from tracking.flights.demo.returns import Return, returns_of
from tracking.flights.geo import zone_of
from tracking.flights.models import Airport, Flight, Phase

FILE = settings.BASE / "tracking/flights/demo/data/nyc-flights-2013-07-10.csv"
NOON = datetime(2013, 7, 10, 16, 0, tzinfo=UTC)  # in New York


@pytest.fixture(scope="module")
def day():
    return Day.read(FILE)


@pytest.fixture(scope="module")
def returns(day):
    return returns_of(day)


def back(**fields):
    return Return(departure(fields.pop("scheduled", NOON), **fields), "1011").on(TODAY)


def test_each_flight_has_one_back_with_a_number_of_its_own(day, returns):
    assert len(returns) == len(day.departures)
    numbers = {(one.out.carrier, one.number) for one in returns}
    assert len(numbers) == len(returns)
    assert numbers.isdisjoint((one.carrier, one.number) for one in day.departures)


@given(st.dates(date(2025, 1, 1), date(2028, 1, 1)), st.integers(0, 1003))
def test_on_any_date_it_leaves_by_day_and_on_that_date(returns, on, index):
    flight = returns[index].on(on)
    check_times(flight)
    local = flight.scheduled_departure.astimezone(zone_of(flight.origin))
    assert flight.date == local.date() == on
    assert time(5, 30) <= local.time() <= time(23, 30)
    out = returns[index].out
    assert (flight.origin, flight.destination, flight.tail) == (out.destination, out.origin, out.tail)


def test_the_aircraft_is_there_before_it_leaves(day, returns):
    came = {(out.carrier, out.number): out.on(TODAY).scheduled_arrival for out in day.departures}
    for one in returns:
        flight = one.on(TODAY)
        arrived = came[one.out.carrier, one.out.number]
        assert arrived + 45 * MINUTE <= flight.scheduled_departure or arrived - flight.scheduled_departure > -DAY / 2


def test_it_is_late_if_the_aircraft_comes_late():
    flight = back(late=180)
    came = departure(NOON, late=180).on(TODAY).actual_arrival
    assert flight.actual_departure >= came + 35 * MINUTE
    assert flight.actual_departure - flight.scheduled_departure > 60 * MINUTE


def test_it_is_on_time_if_the_aircraft_is():
    assert abs(back().actual_departure - back().scheduled_departure) <= 10 * MINUTE


@pytest.mark.parametrize("outcome", ["cancelled", "departed"])
def test_it_is_cancelled_if_the_aircraft_never_comes(outcome):
    assert back(outcome=outcome).outcome == "cancelled"


def test_after_a_night_another_aircraft_flies():
    late = NOON.replace(hour=2) + DAY  # 22:00 in New York
    flight = back(scheduled=late, outcome="cancelled", planned=120)
    assert flight.outcome == "landed"
    assert time(5, 30) <= flight.scheduled_departure.astimezone(zone_of("BOS")).time() <= time(7)


def test_it_is_faster_with_the_wind():
    west = back(destination="SFO", planned=360)
    assert timedelta(minutes=300) < west.scheduled_arrival - west.scheduled_departure < timedelta(minutes=330)


def test_a_feed_that_plays_them_is_accepted(db, source, day):
    call_command("airports", verbosity=0)
    small = Day(day.departures[::90])
    over = at(12, day=TODAY + DAY)
    with time_machine.travel(over, tick=False):
        feed(source, Playback(small, over, TODAY, further=returns_of(small)).due(over))
    assert Flight.objects.count() == 2 * len(small.departures)
    home = Flight.objects.filter(destination__in=["JFK", "LGA", "EWR"])
    assert home.count() == len(small.departures)
    assert set(home.values_list("phase", flat=True)) == {Phase.ARRIVED, Phase.CANCELLED}
    assert home.filter(arrival_terminal="").count() == 0
    assert Airport.objects.filter(arriving__in=home).exists()
