"""A session as pages show it."""

from datetime import date, datetime
from typing import Any, NamedTuple

from bookings.events.models import Event, Session, SessionState
from bookings.events.programme.days import shown_day
from clocks import clock, day_words


class SessionRow(NamedTuple):
    id: int
    slug: str  # of the event
    begins: str
    ends: str
    begins_at: str  # on the venue's clock, with its offset, for the clock of the reader (static/js/events/own-times.js)
    minutes: int
    title: str
    subtitle: str
    room: str
    speakers: str
    track: str
    kind: str
    language: str
    is_cancelled: bool
    is_moved: bool
    is_on: bool
    is_over: bool
    has_text: bool


class Day(NamedTuple):
    day: date
    words: str
    rows: list[SessionRow]


def row_of(session: Session, event: Event, now: datetime) -> SessionRow:
    is_cancelled = session.state == SessionState.CANCELLED
    return SessionRow(
        session.pk,
        event.slug,
        clock(session.starts_at, event.tz),
        clock(session.ends_at, event.tz),
        session.starts_at.astimezone(event.tz).isoformat(timespec="minutes"),
        session.minutes,
        session.title,
        session.subtitle,
        session.room.name,
        ", ".join(map(str, session.speakers)),
        session.track,
        session.kind,
        session.language,
        is_cancelled,
        session.calendar_sequence > 0 and not is_cancelled,
        not is_cancelled and session.starts_at <= now < session.ends_at,
        session.ends_at <= now,
        bool(session.abstract or session.description),
    )


def days(event: Event, sessions: Any, now: datetime) -> list[Day]:
    """The sessions by the days of the programme: what begins after midnight belongs to the day before."""
    found: dict[date, list[SessionRow]] = {}
    for session in sessions:
        found.setdefault(shown_day(event, session.starts_at), []).append(row_of(session, event, now))
    return [Day(day, day_words(day), rows) for day, rows in sorted(found.items())]


def next_change(sessions: Any, now: datetime) -> datetime | None:
    """When the next session begins or ends."""
    moments = [moment for session in sessions for moment in (session.starts_at, session.ends_at) if moment > now]
    return min(moments, default=None)
