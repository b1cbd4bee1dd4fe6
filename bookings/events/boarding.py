"""The flight that somebody goes on with after an event."""

from datetime import datetime
from typing import Any

from tracking.flights.boarding import gate_and_boarding
from tracking.flights.models import Phase


def boarding_of(registration: Any) -> datetime | None:
    """When its flight boards; None without one, or once it is cancelled or has left."""
    flight = registration.flight
    if flight is None or flight.phase == Phase.CANCELLED:
        return None
    boarding = gate_and_boarding(flight)
    return None if boarding.is_over else boarding.starts_at
