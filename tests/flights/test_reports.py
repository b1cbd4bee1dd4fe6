"""A feed's word on a flight: steps it skips, things it withdraws, and what it may not say."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tracking.flights.models import Flight, FlightChange, Phase, Report
from verbs.refusals import Refused

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


@pytest.mark.parametrize(
    ("state", "phase"),
    [("GCL", Phase.FINAL_CALL), ("GTD", Phase.GATE_CLOSED), ("FIB", Phase.FIRST_BAG)],
)
def test_a_state_takes_the_one_before_it_too(say, state, phase):
    assert say(state=state).phase == phase


@pytest.mark.parametrize(("state", "refused"), [("GCL", "final call"), ("GTD", "gate can't be closed")])
def test_what_comes_after_boarding_is_still_refused_after_departure(say, state, refused):
    say(state="DEP")
    with pytest.raises(Refused, match=refused):
        say(state=state)
    assert Flight.objects.get().phase == Phase.DEPARTED


def test_a_final_call_is_not_followed_by_boarding(say):
    say(state="GCL")
    with pytest.raises(Refused, match="boarding can't begin"):
        say(state="BRD")
    assert say(state="GTD").phase == Phase.GATE_CLOSED


@pytest.mark.parametrize(
    ("time", "phase"),
    [("actual_takeoff", Phase.AIRBORNE), ("actual_landing", Phase.LANDED), ("actual_arrival", Phase.ARRIVED)],
)
def test_a_time_takes_the_departure_before_it_too(say, time, phase):
    assert say(**{time: at(-5)}).phase == phase


@pytest.mark.parametrize("so_far", [None, "GTD", "DEP", "AIR", "FIR"])
@pytest.mark.parametrize(
    ("ends", "phase"),
    [
        ({"state": "LND"}, Phase.LANDED),
        ({"state": "ARR"}, Phase.ARRIVED),
        ({"state": "FIB"}, Phase.FIRST_BAG),
        ({"actual_landing": at(-5)}, Phase.LANDED),
        ({"actual_arrival": at(-5)}, Phase.ARRIVED),
        ({"state": "DIV", "actual_landing": at(-5)}, Phase.LANDED),
    ],
)
def test_a_diversion_may_be_told_with_its_end(say, so_far, ends, phase):
    if so_far:
        say(state=so_far)
    flight = say(diverted_to="LHR", **ends)
    assert (flight.phase, flight.diverted_to_id) == (phase, "LHR")


@pytest.mark.parametrize("ends", [{}, {"state": "ARR"}, {"actual_arrival": at(0)}, {"state": "DIV"}])
def test_a_flight_that_has_landed_is_diverted_no_more(say, ends):
    say(state="LND")
    with pytest.raises(Refused, match="can't be diverted"):
        say(diverted_to="LHR", **ends)
    flight = Flight.objects.get()
    assert (flight.phase, flight.diverted_to) == (Phase.LANDED, None)


def test_where_it_was_diverted_to_is_repeated_on_the_ground(say):
    say(state="LND", diverted_to="LHR")
    assert say(state="ARR", diverted_to="LHR").phase == Phase.ARRIVED
    assert say(state="DIV").phase == Phase.ARRIVED


def test_a_diversion_alone_departs_nothing(say):
    with pytest.raises(Refused, match="can't be diverted"):
        say(diverted_to="LHR")
    assert say(state="DIV", diverted_to="LHR").phase == Phase.DEPARTED


def test_back_at_the_gate_it_begins_anew(say):
    say(state="DIV", diverted_to="LHR", actual_departure=at(-60), actual_takeoff=at(-50))
    flight = say(actual_departure=None, gate="B9", estimated_departure=at(45))
    assert (flight.take_off_actual, flight.diverted_to, flight.gate) == (None, None, "B9")
    assert say(actual_departure=at(0)).phase == Phase.DEPARTED


def test_a_departure_at_an_unknown_time_is_no_return(say):
    say(state="DIV", diverted_to="LHR", actual_departure=None)
    flight = say(state="EXP", actual_departure=None)
    assert (flight.phase, flight.diverted_to_id) == (Phase.EXPECTED, "LHR")


def test_a_reinstated_flight_is_as_the_desk_would_have_it(say):
    say(desks="14–18")
    say(state="CNX", delay_code="71")
    with pytest.raises(Refused, match="gate can't be changed"):
        say(gate="B9")
    flight = say(state="SCH", gate="B9")
    assert (flight.phase, flight.delay_code, flight.gate) == (Phase.CHECK_IN, "", "B9")


def test_a_further_number_said_twice_is_one(say):
    assert say(codeshares=["AA 7623", "AA 7623"]).numbers == ["B6 1010", "AA 7623"]
