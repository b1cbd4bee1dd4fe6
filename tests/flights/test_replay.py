"""The replayed day: read from its file, moved to another date, announced on time, accepted by a server."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from hypothesis import given
from hypothesis import strategies as st

from tests.flights.days import HEADER, ROWS
from tracking.flights.demo.day import BadFile, Day, Departure
from tracking.flights.demo.replay import Playback, announcements, merged
from tracking.flights.feed.updates import take
from tracking.flights.models import Flight, Phase

FILE = settings.BASE / "tracking/flights/demo/data/nyc-flights-2013-07-10.csv"
NEW_YORK = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 21)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ACTUAL = ("actual_departure", "actual_takeoff", "actual_landing", "actual_arrival")


def at(hour, minute=0, day=TODAY):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)


@pytest.fixture(scope="module")
def day():
    return Day.read(FILE)


def departure(
    scheduled, late=0, block=90, planned=90, outcome="landed", origin="JFK", destination="BOS", number="1010"
):
    """Numbers are minutes."""
    left = scheduled + late * MINUTE
    return Departure(
        carrier="B6",
        airline="JetBlue Airways",
        number=number,
        tail="N1",
        origin=origin,
        destination=destination,
        scheduled_departure=scheduled,
        actual_departure=None if outcome == "cancelled" else left,
        scheduled_arrival=scheduled + planned * MINUTE,
        actual_arrival=left + block * MINUTE if outcome == "landed" else None,
        outcome=outcome,
    )


departures = st.builds(
    departure,
    st.datetimes(datetime(2013, 1, 1), datetime(2014, 1, 1)).map(
        lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
    ),
    late=st.integers(-120, 47 * 60),
    block=st.integers(2, 23 * 60),
    planned=st.integers(2, 23 * 60),
    outcome=st.sampled_from(["landed", "departed", "cancelled"]),
    origin=st.sampled_from(["JFK", "LHR", "SYD"]),
    destination=st.sampled_from(["BOS", "NRT", "SFO"]),
    number=st.integers(1, 9999).map(str),
)
dates = st.dates(date(2025, 1, 1), date(2028, 1, 1))


# The file


def test_the_demo_day_has_all_departures_of_new_york(day):
    assert len(day.departures) == 1004
    assert Counter(flight.outcome for flight in day.departures) == {"landed": 846, "cancelled": 121, "departed": 37}
    assert {flight.date for flight in day.departures} == {date(2013, 7, 10)}


def test_further_columns_and_leading_zeros_do_not_matter(write):
    path = write(ROWS[0].replace("1010", "0101") + ",x", header=HEADER + ",seats")
    assert [flight.number for flight in Day.read(path).departures] == ["101"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "The file has no flights."),
        ([ROWS[0].replace("JFK", "QQQ")], "Line 2: the origin “QQQ” is no airport."),
        ([ROWS[0], ROWS[1].replace("departed", "lost")], "Line 3: the outcome is “lost”"),
        ([ROWS[0].replace("2013-07-10T15:10Z", "ten past")], "Line 2: the actual_departure “ten past” is no time"),
        ([ROWS[0].replace("2013-07-10T15:10Z", "2013-07-10T15:10")], "has no zone"),
        ([ROWS[0].replace("2013-07-10T15:10Z", "")], "Line 2: a flight that has landed needs its actual_departure."),
        ([ROWS[0], ROWS[0]], "Line 3: line 2 has the same flight."),
        (
            [ROWS[0], ROWS[1].replace("07-10", "07-11")],
            "Line 3: it leaves on 2013-07-11, and the file's day is 2013-07-10",
        ),
        ([ROWS[0].replace("16:20Z", "15:00Z")], "Line 2: the actual arrival must follow"),
        (["B6,JetBlue"], "Line 2: “B6 ” is no flight number."),
    ],
)
def test_a_bad_row_is_named(write, rows, words):
    with pytest.raises(BadFile) as fault:
        Day.read(write(*rows))
    assert words in str(fault.value)


def test_missing_columns_are_named(write):
    with pytest.raises(BadFile, match="no column number and no column outcome"):
        Day.read(write(header=HEADER.replace("number,", "").replace(",outcome", "")))


# Another date


def test_the_local_time_of_departure_stays_and_the_other_times_keep_their_distance(day):
    for flight in day.departures:
        moved = flight.on(TODAY)
        before, after = flight.scheduled_departure.astimezone(NEW_YORK), moved.scheduled_departure.astimezone(NEW_YORK)
        assert (after.date(), after.time()) == (TODAY, before.time())
        assert after.utcoffset() != before.utcoffset()  # July and November
        for name in ("actual_departure", "scheduled_arrival", "actual_arrival"):
            if getattr(flight, name):
                distance = getattr(flight, name) - flight.scheduled_departure
                assert getattr(moved, name) - moved.scheduled_departure == distance


@pytest.mark.parametrize("night", [date(2026, 3, 8), date(2026, 11, 1)])
def test_a_flight_in_a_night_with_a_clock_change_leaves_on_that_date(night):
    flight = departure(datetime(2013, 7, 10, 6, 30, tzinfo=UTC), late=40)  # 02:30, which March skips
    moved = flight.on(night)
    assert moved.date == night
    assert moved.scheduled_departure.astimezone(NEW_YORK).hour == (3 if night.month == 3 else 2)
    assert moved.actual_departure - moved.scheduled_departure == 40 * MINUTE


@given(departures, dates)
def test_the_announcements_of_any_flight(flight, day):
    announced = announcements(flight, day)
    assert announced == announcements(flight, day)
    assert all(earlier.at < later.at for earlier, later in pairwise(announced))
    assert all(announced[0].identity == announcement.identity for announcement in announced)
    for announcement in announced:
        assert all(announcement.update[name] <= announcement.at for name in ACTUAL if name in announcement.update)
        if until := announcement.update.get("estimated_departure"):
            assert until > announcement.at
    moved, last = flight.on(day), {name: value for one in announced for name, value in one.update.items()}
    assert last["scheduled_departure"] == moved.scheduled_departure
    for name in ("actual_departure", "actual_arrival"):
        assert last.get(name) == getattr(moved, name)
    assert last["state"] == {"landed": "ARR", "departed": "LND", "cancelled": "CNX"}[flight.outcome]
    assert ("diverted_to" in last) == (flight.outcome == "departed")


@given(departures, dates, st.integers(-36 * 60, 72 * 60))
def test_merged_has_the_latest_value_of_each_field(flight, day, later):
    announced = announcements(flight, day)
    until = flight.on(day).scheduled_departure + later * MINUTE
    reported, summary = [one for one in announced if one.at <= until], merged(announced, until)
    assert latest(summary) == latest(reported)
    assert [one.at for one in summary[-1:]] == [one.at for one in reported[-1:]]
    assert len(summary) <= 4


def latest(announced):
    return {name: value for announcement in announced for name, value in announcement.update.items()}


@given(departures.filter(lambda flight: flight.outcome != "cancelled"))
def test_a_delay_grows_to_the_real_one(flight):
    estimates = [
        one.update["estimated_departure"] for one in announcements(flight, TODAY) if "estimated_departure" in one.update
    ]
    assert estimates == sorted(estimates)
    if estimates:
        assert estimates[-1] == flight.on(TODAY).actual_departure


# Against the clock


def test_the_past_is_merged_and_then_each_comes_at_its_time(day):
    playback = Playback(day, at(12))
    first = playback.due(at(12))
    assert abs(first[0].update["scheduled_departure"] - at(12)) < 5 * MINUTE  # the flights around now come first
    assert all(one.at <= at(12) for one in first)
    assert max(Counter(str(one.identity) for one in first).values()) <= 4
    assert playback.due(at(12)) == []
    then = playback.due(at(12, 30))
    assert then
    assert all(at(12) < one.at <= at(12, 30) for one in then)
    assert then == sorted(then, key=lambda one: one.at)


def test_started_again_it_continues(day):
    once = Playback(day, at(9))
    reported = once.due(at(9)) + once.due(at(15)) + once.due(at(21))
    again = Playback(day, at(15))
    assert states(again.due(at(15)) + again.due(at(21))) == states(reported)


def states(announced):
    known = {}
    for announcement in sorted(announced, key=lambda one: one.at):
        known.setdefault(tuple(announcement.identity.values()), {}).update(announcement.update)
    return known


def test_late_flights_of_yesterday_continue_after_midnight(day):
    announced = Playback(day, at(1)).due(at(1))
    assert {one.identity["date"] for one in announced} == {TODAY - DAY, TODAY}
    later = Playback(day, at(1))
    later.due(at(1))
    assert {one.identity["date"] for one in later.due(at(3))} == {TODAY - DAY, TODAY}


def test_the_timetable_of_tomorrow_comes_in_the_afternoon_every_day(day):
    playback = Playback(day, at(14))
    playback.due(at(14))
    assert {one.identity["date"] for one in playback.due(at(14, 59))} == {TODAY}
    assert Counter(one.identity["date"] for one in playback.due(at(15, 1)))[TODAY + DAY] == 1004
    for days in range(1, 4):
        announced = playback.due(at(15, 1, TODAY + days * DAY))
        assert Counter("destination" in one.update for one in announced)[True] == 1004
        assert {one.identity["date"] for one in announced} == {
            TODAY + offset * DAY for offset in (days - 1, days, days + 1)
        }
    assert not playback.is_over


def test_a_date_ends_with_its_last_announcement(day):
    playback = Playback(day, at(12), TODAY)
    assert {one.identity["date"] for one in playback.due(at(12))} == {TODAY}
    playback.due(at(23))
    assert not playback.is_over
    playback.due(at(12, day=TODAY + DAY))
    assert playback.is_over


def test_a_past_date_is_announced_at_once(day):
    playback = Playback(day, at(12), TODAY - 7 * DAY)
    assert not playback.is_over
    assert len({one.identity["number"] + one.identity["airline"] for one in playback.due(at(12))}) > 900
    assert playback.is_over


def test_speed_plays_the_past_faster_and_then_follows_the_clock(day):
    playback = Playback(day, at(10), speed=60)
    assert max(one.at for one in playback.due(at(10))) <= at(0)
    assert max(one.at for one in playback.due(at(10, 5))) <= at(5)
    assert at(9) < max(one.at for one in playback.due(at(10, 10))) <= at(10)
    assert at(10, 10) < max(one.at for one in playback.due(at(11))) <= at(11)


# Into the database


@pytest.fixture
def world(db):
    call_command("airports", verbosity=0)


def feed(source, announced):
    answer = take(source, [parsed(announcement.record) for announcement in announced])
    assert answer.refused == []
    return answer


def parsed(record):
    return json.loads(json.dumps(record, cls=DjangoJSONEncoder))


@pytest.fixture
def small_day(day):
    """40 of its flights, from the first to the last; all 1,004 are written to a database once, below."""
    small = Day([*day.departures[::26], day.departures[-1]])
    assert len(small.departures) == 40
    assert {flight.outcome for flight in small.departures} == {"landed", "cancelled", "departed"}
    return small


def test_the_day_is_accepted_once_also_through_a_restart(world, source, small_day):
    evening, over = at(18), at(12, day=TODAY + DAY)
    with time_machine.travel(at(6), tick=False) as clock:
        playback = Playback(small_day, at(6), TODAY)
        assert feed(source, playback.due(at(6))).ignored == 0
        clock.move_to(at(12))
        assert feed(source, playback.due(at(12))).ignored == 0
        clock.move_to(evening)
        assert feed(source, Playback(small_day, evening, TODAY).due(evening)).accepted > 20
        before = list(Flight.objects.order_by("pk").values())
        assert feed(source, Playback(small_day, evening, TODAY).due(evening)).accepted == 0
        assert list(Flight.objects.order_by("pk").values()) == before
        clock.move_to(over)
        feed(source, Playback(small_day, over, TODAY).due(over))
    assert_as_in_file(small_day)


@pytest.mark.slow
def test_an_empty_database_accepts_the_whole_day_at_once(world, source, day):
    over = at(12, day=TODAY + DAY)
    with time_machine.travel(over, tick=False):
        feed(source, Playback(day, over, TODAY).due(over))
    assert_as_in_file(day)


def assert_as_in_file(day):
    flights = {(flight.airline_id, flight.number, flight.origin_id): flight for flight in Flight.objects.all()}
    assert len(flights) == len(day.departures)
    for departure in day.departures:
        moved, flight = departure.on(TODAY), flights[departure.carrier, departure.number, departure.origin]
        assert flight.off_block_scheduled == moved.scheduled_departure
        assert flight.off_block_actual == moved.actual_departure
        assert flight.on_block_scheduled == moved.scheduled_arrival
        assert flight.on_block_actual == moved.actual_arrival
        assert (flight.phase == Phase.CANCELLED) == (departure.outcome == "cancelled")
        assert bool(flight.diverted_to_id) == (departure.outcome == "departed")


def test_a_gate_of_the_desk_survives_the_departure_that_the_feed_reports(airports, source):
    """The summary of a departed flight has its gate as well, which must not prevent the departure."""
    flight = departure(datetime(2013, 7, 10, 14, 0, tzinfo=UTC))
    announced = announcements(flight, TODAY)
    leaves = flight.on(TODAY).scheduled_departure
    with time_machine.travel(leaves - 5 * MINUTE, tick=False) as clock:
        feed(source, merged(announced, leaves - 5 * MINUTE))
        Flight.objects.get().assign_gate("99")
        clock.move_to(leaves + 5 * MINUTE)
        feed(source, merged(announced, leaves + 5 * MINUTE))
    assert (Flight.objects.get().gate, Flight.objects.get().phase) == ("99", Phase.DEPARTED)
