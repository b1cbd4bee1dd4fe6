"""Programmes that ship with the demo, as frab writes them, and their import on other days. What they say is made up."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bookings.events.models import Event
from bookings.events.programme import frab
from clocks import DAY, MINUTE

FOLDER = Path(__file__).parent


def take_in(event: Event, name: str, by: Any = None) -> None:
    """Import the programme of this name into an event. Its first session begins as the event does."""
    document = frab.read((FOLDER / f"{name}.xml").read_bytes())
    frab.take(event, moved(document, event.starts_at.astimezone(event.tz)), by=by)


def moved(document: Mapping[str, Any], to: datetime) -> dict[str, Any]:
    """The document with its first session at this moment. Each day begins at the same local time as the first, and its
    sessions keep their distances."""
    schedule = document["schedule"]
    conference = schedule["conference"]
    first = min(moment_of(session) for session in sessions_of(conference))
    days = [moved_day(day, first, to) for day in conference["days"]]
    limits = {"start": days[0]["date"], "end": days[-1]["date"]}
    return {**document, "schedule": {**schedule, "conference": {**conference, **limits, "days": days}}}


def moved_day(day: Mapping[str, Any], first: datetime, to: datetime) -> dict[str, Any]:
    begins = datetime.combine(date.fromisoformat(day["date"]), first.timetz())
    local = to + (begins.date() - first.date())  # on the clock of its zone
    rooms = {
        room: [moved_session(session, local, moment_of(session) - begins) for session in sessions]
        for room, sessions in day["rooms"].items()
    }
    limits = {"day_start": local.isoformat(), "day_end": (local + DAY - MINUTE).isoformat()}
    return {**day, **limits, "date": local.date().isoformat(), "rooms": rooms}


def moved_session(session: Mapping[str, Any], day: datetime, after: timedelta) -> dict[str, Any]:
    at = (day.astimezone(UTC) + after).astimezone(day.tzinfo)
    return {**session, "date": at.isoformat(), "start": at.strftime("%H:%M")}


def sessions_of(conference: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for day in conference["days"]:
        for sessions in day["rooms"].values():
            yield from sessions


def moment_of(session: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(session["date"])
