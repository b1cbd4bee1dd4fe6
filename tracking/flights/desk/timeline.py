from typing import Any

from tracking.flights.travellers.timeline import FlightTimeline


class DeskTimeline(FlightTimeline):
    """For desk agents: it names people too."""

    def by(self, change: Any) -> str:
        return str(change.by or change.source or "")
