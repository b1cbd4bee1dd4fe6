"""Reports of a feed: steps that they skip, values that they withdraw, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tracking.flights.models import Flight, FlightChange, Phase, Report
from verbs.refusals import Refused

NOW = datetime(2026, 7, 10, 16, 0, tzinfo=UTC)
IDENTITY = {"airline": "B6", "number": "1010", "origin": "JFK", "date": NOW.date()}


@pytest.fixture
def report(airports, airlines, source):
    """``report(gate="B22")``: the source reports it, each time a second later. Returns the flight as it is then."""
    seconds = iter(range(10_000))

    def report(outcome="accepted", **update):
        answer = Flight.objects.report(
            source, IDENTITY, NOW - timedelta(hours=3) + timedelta(seconds=next(seconds)), update
        )
        assert answer == outcome
        return Flight.objects.get()

    with time_machine.travel(NOW, tick=False):
        report(destination="BOS", scheduled_departure=at(0), scheduled_arrival=at(75))
        yield report


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
def test_each_state_leads_to_its_phase(report, state, phase):
    assert report(state=state).phase == phase


def test_a_whole_day_in_one_report(report):
    flight = report(
        gate="B22",
        actual_departure=at(-60),
        actual_takeoff=at(-50),
        actual_landing=at(-5),
        actual_arrival=at(0),
        state="ARR",
    )
    assert (flight.phase, flight.gate, flight.on_block_actual) == (Phase.ARRIVED, "B22", at(0))


def test_an_actual_time_is_a_step_too(report):
    assert report(actual_departure=at(-10)).phase == Phase.DEPARTED
    assert report(actual_landing=at(-1)).phase == Phase.LANDED


def test_desks_open_check_in_once(report):
    assert report(desks="14–18").phase == Phase.CHECK_IN
    report(state="BRD")
    assert report(desks="14–20").phase == Phase.BOARDING


def test_a_flight_that_returns_to_its_gate(report):
    report(actual_departure=at(-10), state="DEP")
    flight = report(actual_departure=None)
    assert (flight.phase, flight.off_block_actual) == (Phase.GATE_CLOSED, None)


def test_an_earlier_state_is_refused(report):
    report(state="DEP", actual_departure=at(-10))
    with pytest.raises(Refused, match="Departed"):
        report(state="BRD")
    with pytest.raises(Refused, match="Departed"):
        report(estimated_departure=at(30))


def test_a_refused_report_changes_nothing(report):
    before = FlightChange.objects.count(), Report.objects.get().reported_at
    with pytest.raises(Refused):
        report(gate="B22", state="DEL")
    assert (FlightChange.objects.count(), Report.objects.get().reported_at) == before
    assert Flight.objects.get().gate == ""


def test_a_delay_needs_its_time(report):
    report(estimated_departure=at(40), delay_code="93", state="DEL")
    assert report(state="DEL").off_block_estimated == at(40)


def test_a_diversion_needs_its_airport(report):
    flight = report(state="DIV", diverted_to="LHR", actual_departure=at(-30))
    assert (flight.phase, flight.diverted_to_id) == (Phase.DEPARTED, "LHR")
    assert report(actual_landing=at(0), state="LND").states("arrival") == ["DIV", "LND"]


def test_codeshares_are_replaced_and_withdrawn(report):
    assert report(codeshares=["AA 7623", "DL 1"]).numbers == ["B6 1010", "AA 7623", "DL 1"]
    assert report(codeshares=["DL 1"]).numbers == ["B6 1010", "DL 1"]
    assert report(codeshares=None).numbers == ["B6 1010"]


def test_an_identity_never_changes(report):
    with pytest.raises(Refused, match="identity"):
        report(destination="SFO")
    with pytest.raises(Refused, match="local day"):
        report(scheduled_departure=at(24 * 60))
    assert report(scheduled_departure=at(30)).off_block_scheduled == at(30)


def test_a_repeated_report_is_no_change(report):
    revision = report(gate="B22", state="BRD").revision
    assert report(gate="B22", state="BRD").revision == revision


@pytest.mark.parametrize(
    ("state", "phase"),
    [("GCL", Phase.FINAL_CALL), ("GTD", Phase.GATE_CLOSED), ("FIB", Phase.FIRST_BAG)],
)
def test_a_state_implies_the_one_before_it(report, state, phase):
    assert report(state=state).phase == phase


@pytest.mark.parametrize(("state", "refused"), [("GCL", "final call"), ("GTD", "gate can't be closed")])
def test_steps_at_the_gate_are_refused_after_departure(report, state, refused):
    report(state="DEP")
    with pytest.raises(Refused, match=refused):
        report(state=state)
    assert Flight.objects.get().phase == Phase.DEPARTED


def test_a_final_call_is_not_followed_by_boarding(report):
    report(state="GCL")
    with pytest.raises(Refused, match="boarding can't begin"):
        report(state="BRD")
    assert report(state="GTD").phase == Phase.GATE_CLOSED


@pytest.mark.parametrize(
    ("time", "phase"),
    [("actual_takeoff", Phase.AIRBORNE), ("actual_landing", Phase.LANDED), ("actual_arrival", Phase.ARRIVED)],
)
def test_an_actual_time_implies_the_departure(report, time, phase):
    assert report(**{time: at(-5)}).phase == phase


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
def test_a_diversion_may_be_reported_with_its_end(report, so_far, ends, phase):
    if so_far:
        report(state=so_far)
    flight = report(diverted_to="LHR", **ends)
    assert (flight.phase, flight.diverted_to_id) == (phase, "LHR")


@pytest.mark.parametrize("ends", [{}, {"state": "ARR"}, {"actual_arrival": at(0)}, {"state": "DIV"}])
def test_a_landed_flight_cannot_divert(report, ends):
    report(state="LND")
    with pytest.raises(Refused, match="can't be diverted"):
        report(diverted_to="LHR", **ends)
    flight = Flight.objects.get()
    assert (flight.phase, flight.diverted_to) == (Phase.LANDED, None)


def test_the_diversion_may_be_repeated_after_landing(report):
    report(state="LND", diverted_to="LHR")
    assert report(state="ARR", diverted_to="LHR").phase == Phase.ARRIVED
    assert report(state="DIV").phase == Phase.ARRIVED


def test_a_diversion_does_not_imply_a_departure(report):
    with pytest.raises(Refused, match="can't be diverted"):
        report(diverted_to="LHR")
    assert report(state="DIV", diverted_to="LHR").phase == Phase.DEPARTED


def test_a_flight_back_at_the_gate_can_depart_again(report):
    report(state="DIV", diverted_to="LHR", actual_departure=at(-60), actual_takeoff=at(-50))
    flight = report(actual_departure=None, gate="B9", estimated_departure=at(45))
    assert (flight.take_off_actual, flight.diverted_to, flight.gate) == (None, None, "B9")
    assert report(actual_departure=at(0)).phase == Phase.DEPARTED


def test_a_departure_without_a_time_is_no_return(report):
    report(state="DIV", diverted_to="LHR", actual_departure=None)
    flight = report(state="EXP", actual_departure=None)
    assert (flight.phase, flight.diverted_to_id) == (Phase.EXPECTED, "LHR")


def test_a_state_reinstates_a_flight_as_the_desk_does(report):
    report(desks="14–18")
    report(state="CNX", delay_code="71")
    with pytest.raises(Refused, match="gate can't be changed"):
        report(gate="B9")
    flight = report(state="SCH", gate="B9")
    assert (flight.phase, flight.delay_code, flight.gate) == (Phase.CHECK_IN, "", "B9")


def test_a_repeated_codeshare_is_one(report):
    assert report(codeshares=["AA 7623", "AA 7623"]).numbers == ["B6 1010", "AA 7623"]
