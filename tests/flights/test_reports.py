"""A feed's word on a flight: steps it skips, things it withdraws, and what it may not say."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tracking.flights.models import Flight, FlightChange, Phase, Refused, Report

NOW = datetime(2026, 7, 10, 16, 0, tzinfo=UTC)
IDENTITY = {"airline": "B6", "number": "1010", "origin": "JFK", "date": NOW.date()}


@pytest.fixture
def say(airports, airlines, source):
    """``say(gate="B22")``: the source says so, each time a second later; the flight as it is then."""
    seconds = iter(range(10_000))

    def say(outcome="accepted", **update):
        said = Flight.objects.report(
            source, IDENTITY, NOW - timedelta(hours=3) + timedelta(seconds=next(seconds)), update
        )
        assert said == outcome
        return Flight.objects.get()

    with time_machine.travel(NOW, tick=False):
        say(destination="BOS", scheduled_departure=at(0), scheduled_arrival=at(75))
        yield say


def at(minutes):
    return NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("state", "phase"),
    [
        ("WIL", Phase.LOUNGE), ("GTO", Phase.GATE_OPEN), ("BRD", Phase.BOARDING), ("DEP", Phase.DEPARTED), ("AIR", Phase.AIRBORNE),
        ("EXP", Phase.EXPECTED), ("FIR", Phase.FINAL_APPROACH), ("LND", Phase.LANDED), ("ARR", Phase.ARRIVED), ("CNX", Phase.CANCELLED),
        ("SCH", Phase.SCHEDULED), ("GCH", Phase.SCHEDULED), ("TOM", Phase.SCHEDULED),
    ],
)  # fmt: skip
def test_each_state_takes_a_scheduled_flight_where_it_says(say, state, phase):
    assert say(state=state).phase == phase


def test_a_whole_day_in_one_word(say):
    flight = say(
        gate="B22",
        actual_departure=at(-60),
        actual_takeoff=at(-50),
        actual_landing=at(-5),
        actual_arrival=at(0),
        state="ARR",
    )
    assert (flight.phase, flight.gate, flight.on_block_actual) == (Phase.ARRIVED, "B22", at(0))


def test_a_time_that_happened_is_a_step_too(say):
    assert say(actual_departure=at(-10)).phase == Phase.DEPARTED
    assert say(actual_landing=at(-1)).phase == Phase.LANDED


def test_desks_open_check_in_and_not_again(say):
    assert say(desks="14–18").phase == Phase.CHECK_IN
    say(state="BRD")
    assert say(desks="14–20").phase == Phase.BOARDING


def test_a_flight_that_comes_back_to_its_gate(say):
    say(actual_departure=at(-10), state="DEP")
    flight = say(actual_departure=None)
    assert (flight.phase, flight.off_block_actual) == (Phase.GATE_CLOSED, None)


def test_a_state_back_in_the_day_is_refused(say):
    say(state="DEP", actual_departure=at(-10))
    with pytest.raises(Refused, match="Departed"):
        say(state="BRD")
    with pytest.raises(Refused, match="Departed"):
        say(estimated_departure=at(30))


def test_what_is_refused_is_not_done_in_part(say):
    before = FlightChange.objects.count(), Report.objects.get().reported_at
    with pytest.raises(Refused):
        say(gate="B22", state="DEL")
    assert (FlightChange.objects.count(), Report.objects.get().reported_at) == before
    assert Flight.objects.get().gate == ""


def test_a_delay_needs_its_time(say):
    say(estimated_departure=at(40), delay_code="93", state="DEL")
    assert say(state="DEL").off_block_estimated == at(40)


def test_a_diversion_needs_its_airport(say):
    flight = say(state="DIV", diverted_to="LHR", actual_departure=at(-30))
    assert (flight.phase, flight.diverted_to_id) == (Phase.DEPARTED, "LHR")
    assert say(actual_landing=at(0), state="LND").states("arrival") == ["DIV", "LND"]


def test_codeshares_are_replaced_and_withdrawn(say):
    assert say(codeshares=["AA 7623", "DL 1"]).numbers == ["B6 1010", "AA 7623", "DL 1"]
    assert say(codeshares=["DL 1"]).numbers == ["B6 1010", "DL 1"]
    assert say(codeshares=None).numbers == ["B6 1010"]


def test_an_identity_never_changes(say):
    with pytest.raises(Refused, match="identity"):
        say(destination="SFO")
    with pytest.raises(Refused, match="local day"):
        say(scheduled_departure=at(24 * 60))
    assert say(scheduled_departure=at(30)).off_block_scheduled == at(30)


def test_a_repeated_word_is_no_change(say):
    revision = say(gate="B22", state="BRD").revision
    assert say(gate="B22", state="BRD").revision == revision
