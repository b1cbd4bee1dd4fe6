"""When a flight boards, as far as orders and events have to know it."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from tracking.flights.models.codes import AT_GATE, Phase

BOARDS = timedelta(minutes=30)  # before the departure, as it is expected
CLOSES = timedelta(minutes=15)

BOARDING = (Phase.BOARDING, Phase.FINAL_CALL)


class Boarding(NamedTuple):
    """``is_called``: passengers board now. ``is_over``: nobody can be met at the gate any more."""

    gate: str
    starts_at: datetime
    closes_at: datetime
    is_called: bool
    is_over: bool


def gate_and_boarding(flight: Any) -> Boarding:
    """Where a Flight boards and when: announced for no flight, so it is reckoned from the departure as it is expected."""
    leaves_at = flight.best_departure
    is_over = flight.phase not in AT_GATE or flight.phase == Phase.GATE_CLOSED
    return Boarding(flight.gate, leaves_at - BOARDS, leaves_at - CLOSES, flight.phase in BOARDING, is_over)
