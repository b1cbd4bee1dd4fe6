"""The public states: several at once, and different on the two sides of a flight."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tracking.flights.models import Airport, Phase, public_states

NOON = datetime(2026, 7, 10, 16, 0, tzinfo=UTC)  # in New York


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def test_a_late_flight_with_a_new_gate_has_both_states(flight):
    flight.assign_gate("B7")
    flight.assign_gate("B22")
    flight.delay(flight.off_block_scheduled + timedelta(minutes=15))
    assert flight.states() == ["DEL", "GCH"]
    flight.board()
    assert flight.states() == ["DEL", "BRD", "GCH"]
    flight.depart()
    assert flight.states() == ["DEP"]
    assert flight.states("arrival") == ["DEL", "AIR"]


def test_fourteen_minutes_are_no_delay(flight):
    flight.delay(flight.off_block_scheduled + timedelta(minutes=14))
    assert flight.states() == ["SCH"]


def test_diverted_comes_with_the_other_states(flight):
    flight.depart()
    flight.divert(Airport.objects.get(pk="LHR"))
    assert flight.states("arrival")[0] == "DIV"
    assert flight.states() == ["DIV", "DEP"]


@pytest.mark.parametrize("side", ["departure", "arrival"])
@pytest.mark.parametrize("phase", Phase)
def test_there_is_always_a_state_and_cancelled_is_the_only_one(side, phase):
    codes = public_states(side, phase, delay=60, gate_changed=True, diverted=True, tomorrow=True)
    assert codes
    assert codes == ["CNX"] or "CNX" not in codes


def test_tomorrow_is_by_the_airports_own_clock(make_flight):
    """At 23:30 in New York a flight at 00:30 is tomorrow's, while it is that day in London already."""
    with time_machine.travel(datetime(2026, 7, 11, 3, 30, tzinfo=UTC), tick=False):
        flight = make_flight(minutes=60, destination="LHR", on_block_scheduled=datetime(2026, 7, 11, 11, 0, tzinfo=UTC))
        assert flight.date == date(2026, 7, 11)
        assert flight.states() == ["TOM"]
        assert flight.states("arrival") == ["SCH"]


def test_the_day_is_right_on_the_night_the_clocks_change(make_flight):
    """1 November 2026: New York's day has 25 hours; 00:30 that day is tomorrow for the evening before."""
    with time_machine.travel(datetime(2026, 11, 1, 3, 0, tzinfo=UTC), tick=False):  # 23:00 on 31 October
        flight = make_flight(minutes=150)  # 00:30 EST is 05:30 UTC
        assert flight.date == date(2026, 11, 1)
        assert flight.states() == ["TOM"]
    with time_machine.travel(datetime(2026, 11, 1, 4, 30, tzinfo=UTC), tick=False):
        assert flight.states() == ["SCH"]
