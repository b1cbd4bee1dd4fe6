"""Which flights a board lists at a moment, and when time next changes that."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import examples
from tracking.flights.models import Airport, Codeshare, Flight, Phase
from tracking.flights.travellers.regions import ArrivalsBoard, DeparturesBoard

NOON = datetime(2026, 7, 10, 16, 0, tzinfo=UTC)  # noon in New York


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def listed(side="departures", airport="JFK", at=NOON, **filters):
    return [flight.number for flight in getattr(Flight.objects, side)(airport, now=at, **filters)]


def later(minutes):
    return NOON + timedelta(minutes=minutes)


def test_the_best_known_time_decides(make_flight):
    late = make_flight(minutes=-120, number="1")
    make_flight(minutes=60, number="2")
    far = make_flight(minutes=7 * 60, number="3")
    assert listed() == ["1", "2"], "late without an estimate: it has not left"
    late.delay(later(6 * 60 + 1))
    assert listed() == ["1", "2"], "very late: its schedule has come"
    Flight.objects.filter(pk=far.pk).update(off_block_estimated=later(5 * 60))
    assert listed() == ["1", "2", "3"], "early"
    assert listed(hours=1) == ["1", "2"]


def test_a_flight_that_is_seven_hours_late_stands_on_its_board(make_flight):
    flight = make_flight(minutes=40, number="1")
    flight.delay(later(40 + 7 * 60))
    assert listed() == listed("arrivals", "BOS") == ["1"]
    assert listed(at=later(40 + 7 * 60 + 30)) == ["1"], "until it has left"


def test_a_cancelled_flight_is_shown_whatever_it_was_expected_at(make_flight):
    flight = make_flight(minutes=40, number="1")
    flight.delay(later(40 + 8 * 60))
    flight.cancel()
    assert listed() == listed("arrivals", "BOS") == ["1"]
    assert listed(at=later(99)) == ["1"]
    assert listed(at=later(100)) == []
    assert listed("arrivals", "BOS", at=later(175)) == []


@pytest.mark.parametrize(("side", "airport", "scheduled"), [("departure", "JFK", 400), ("arrival", "BOS", 475)])
def test_a_board_changes_at_the_second_when_a_schedule_enters_its_window(make_flight, side, airport, scheduled):
    make_flight(minutes=400, number="1").delay(later(400 + 900))
    entry = later(scheduled - 360)
    assert Flight.objects.next_change_at(side, airport, now=NOON) == entry
    assert listed(f"{side}s", airport, at=entry - timedelta(seconds=1)) == []
    assert listed(f"{side}s", airport, at=entry) == ["1"]


def test_a_departed_flight_stays_a_quarter_of_an_hour(make_flight):
    make_flight(minutes=-10, number="1").depart(NOON)
    assert listed(at=later(14)) == ["1"]
    assert listed(at=later(15)) == []


def test_an_arrived_flight_stays_half_an_hour(make_flight):
    flight = make_flight(minutes=-90, number="1", origin="BOS", destination="JFK")
    flight.depart(later(-85))
    flight.land(later(-10))
    assert listed("arrivals", at=later(20)) == ["1"]
    flight.arrive(NOON)
    assert listed("arrivals", at=later(29)) == ["1"]
    assert listed("arrivals", at=later(30)) == []


def test_a_cancelled_flight_stays_an_hour_after_its_schedule(make_flight):
    make_flight(minutes=30, number="1").cancel()
    assert listed(at=later(89)) == ["1"]
    assert listed(at=later(90)) == []


def test_a_diverted_flight_is_on_three_boards(make_flight):
    flight = make_flight(minutes=-30, number="1", destination="SFO", on_block_scheduled=later(120))
    flight.depart(NOON)
    flight.divert(Airport.objects.get(pk="LHR"))
    assert listed() == listed("arrivals", "SFO") == listed("arrivals", "LHR") == ["1"]


def test_rows_are_sorted_by_schedule_also_when_late(make_flight):
    make_flight(minutes=40, number="2")
    make_flight(minutes=20, number="1").delay(later(200))
    assert listed() == ["1", "2"]


@pytest.mark.parametrize(
    "text",
    [
        "B6 1010",
        "b61010",
        "1010",
        "B6 01010",
        "AA7623",
        "aa 7623",
        "7623",
        "bos",
        "Bost",
        "logan",
        "jetblue",
        "B6",
        "AA",
    ],
)
def test_a_search_finds_a_flight_by_number_airline_or_airport(make_flight, text):
    flight = make_flight(number="1010")
    Codeshare.objects.create(flight=flight, airline_id="AA", number="7623")
    make_flight(number="9", airline="UA", destination="SFO")
    assert listed(text=text) == ["1010"]


@pytest.mark.parametrize("text", ["Höfn", "höfn", "hornafjörðu"])
def test_names_beyond_ascii_are_found(make_flight, text):
    iceland = Airport.objects.create(
        iata="HFN", name="Hornafjörðu Airport", city="Höfn", country="IS", zone="Atlantic/Reykjavik"
    )
    make_flight(number="1010", destination=iceland.iata)
    assert listed(text=text) == ["1010"]


@pytest.mark.parametrize("text", ["1011", "UA 1010", "%", "_", "x' OR 1=1 --", "\\", "7624"])
def test_other_texts_find_nothing(make_flight, text):
    Codeshare.objects.create(flight=make_flight(number="1010"), airline_id="AA", number="7623")
    assert listed(text=text) == []


def test_an_arrival_without_a_schedule_is_sorted_by_its_best_known_time(make_flight):
    for number, minutes in (("1", 10), ("3", 30)):
        make_flight(number=number, minutes=-60, on_block_scheduled=later(minutes))
    make_flight(number="2", minutes=-60, on_block_scheduled=None, landing_estimated=later(20))
    assert listed("arrivals", "BOS") == ["1", "2", "3"]


def test_terminals_and_airlines_filter(make_flight):
    make_flight(number="1", terminal="5")
    Codeshare.objects.create(flight=make_flight(number="2", airline="UA", terminal="7"), airline_id="AA", number="1")
    assert listed(terminal="5") == ["1"]
    assert listed(airline="UA") == listed(airline="AA") == ["2"]


def test_disruptions_are_late_cancelled_and_diverted_flights(make_flight):
    make_flight(minutes=30, number="1")
    make_flight(minutes=30, number="2").delay(later(44))
    make_flight(minutes=30, number="3").delay(later(45))
    make_flight(minutes=30, number="4").cancel()
    away = make_flight(minutes=-30, number="5")
    away.depart(NOON)
    away.divert(Airport.objects.get(pk="LHR"))
    gone = make_flight(minutes=-30, number="6")
    gone.delay(later(60))
    gone.depart(NOON)
    assert {flight.number for flight in Flight.objects.disrupted(now=NOON)} == {"3", "4", "5"}
    assert not Flight.objects.disrupted(now=later(24 * 60)).exists()


@pytest.mark.parametrize("actual", [{}, {"off_block_actual": NOON}])
def test_a_flight_that_left_late_is_no_disruption(make_flight, actual):
    flight = make_flight(minutes=-90)
    flight.delay(later(-10))
    assert flight in Flight.objects.disrupted(now=NOON)
    Flight.objects.filter(pk=flight.pk).update(phase=Phase.DEPARTED, **actual)
    assert not Flight.objects.disrupted(now=NOON).exists()


def test_a_diverted_flight_is_a_disruption_until_three_hours_after_its_best_arrival(make_flight):
    flight = make_flight(minutes=-30)
    flight.depart(NOON)
    flight.divert(Airport.objects.get(pk="LHR"), estimated=later(60))
    for arrival in (60, 90):
        Flight.objects.filter(pk=flight.pk).update(on_block_estimated=later(arrival))
        assert Flight.objects.disrupted(now=later(arrival + 179)).exists()
        assert not Flight.objects.disrupted(now=later(arrival + 180)).exists()


def test_a_diverted_flight_without_an_arrival_time_is_a_disruption_for_half_a_day(make_flight):
    flight = make_flight(minutes=-30, on_block_scheduled=None)
    flight.depart(NOON)
    flight.divert(Airport.objects.get(pk="LHR"))
    assert Flight.objects.disrupted(now=later(12 * 60 - 1)).exists()
    assert not Flight.objects.disrupted(now=later(12 * 60)).exists()


def test_a_diverted_flight_that_has_arrived_leaves_both_boards(make_flight):
    flight = make_flight(minutes=-90, number="1", destination="SFO")
    flight.depart(later(-85))
    flight.divert(Airport.objects.get(pk="LHR"))
    flight.arrive(NOON)
    for airport in ("SFO", "LHR"):
        assert listed("arrivals", airport, at=later(29)) == ["1"]
        assert listed("arrivals", airport, at=later(30)) == []
        assert Flight.objects.next_change_at("arrival", airport, now=NOON) == later(30)


def test_a_flight_diverted_again_leaves_the_board_of_the_first_airport(make_flight, assert_published):
    flight = make_flight(minutes=-30, number="1")
    flight.depart(NOON)
    flight.divert(Airport.objects.get(pk="LHR"))
    with assert_published("flight-board-LHR", "flight-board-SFO"):
        flight.divert(Airport.objects.get(pk="SFO"))
    assert listed("arrivals", "LHR") == []
    assert listed("arrivals", "SFO") == ["1"]


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(-400, 600),
            st.sampled_from([None, 5, 60, 700]),
            st.sampled_from([None, -1, -14, -100]),
            st.sampled_from(["", "", "departed", "cancelled", "arrived"]),
        ),
        max_size=6,
    )
)
def test_nothing_changes_before_stale_at(make_flight, flights):
    """Until the ``stale_at`` of a board its rows stay the same, so one timer is enough."""
    Flight.objects.all().delete()
    for number, (minutes, late, heard, end) in enumerate(flights, 1):
        times = late and {
            "off_block_estimated": later(minutes + late),
            "on_block_estimated": later(minutes + late + 75),
        }
        heard_at = None if heard is None else later(heard)
        flight = make_flight(minutes=minutes, number=str(number), heard_at=heard_at, **(times or {}))
        left = min(later(minutes), NOON)
        if end == "cancelled":
            Flight.objects.filter(pk=flight.pk).update(phase=Phase.CANCELLED)
        elif end:
            Flight.objects.filter(pk=flight.pk).update(
                phase=end, off_block_actual=left, on_block_actual=left if end == "arrived" else None
            )
    for side, airport in (("departure", "JFK"), ("arrival", "BOS")):
        change_at = Flight.objects.next_change_at(side, airport, now=NOON)
        assert NOON < change_at <= NOON + timedelta(days=1)
        now = rows(side, airport, NOON)
        step = (change_at - NOON) / 7
        for part in range(1, 7):
            assert rows(side, airport, NOON + step * part) == now
        assert rows(side, airport, change_at - timedelta(seconds=1)) == now


def rows(side, airport, at):
    """The rows of a board at a moment, with all that they say."""
    region = (DeparturesBoard if side == "departure" else ArrivalsBoard)(iata=airport)
    with time_machine.travel(at, tick=False):
        return region.rows()
