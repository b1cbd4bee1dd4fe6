"""One's own programme: the sessions that somebody has chosen, what overlaps, and what the flight leaves no time for."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.events import topics
from bookings.events.boarding import boarding_of
from bookings.events.models import Favourite, Session, SessionState, Ticket
from bookings.events.programme.days import shown_day
from bookings.events.programme.rows import SessionRow, row_of
from clocks import clock, day_words
from live.outbox import publish


class OwnRow(NamedTuple):
    row: SessionRow
    warning: str


class OwnDay(NamedTuple):
    words: str
    rows: list[OwnRow]


def choose(ticket: Ticket, session: Session) -> None:
    """Chosen twice, it is chosen once."""
    with transaction.atomic():
        Favourite.objects.get_or_create(ticket=ticket, session=session)
        publish(topics.own_programme(ticket.pk))


def leave(ticket: Ticket, session: Session) -> None:
    with transaction.atomic():
        Favourite.objects.filter(ticket=ticket, session=session).delete()
        ticket.moved_notices.filter(session=session).delete()
        publish(topics.own_programme(ticket.pk))


def chosen(ticket: Ticket) -> list[Session]:
    return list(Session.objects.filter(favourites__ticket=ticket).in_order())


def days_of(ticket: Ticket, now: datetime) -> list[OwnDay]:
    sessions = chosen(ticket)
    boarding = boarding_of(ticket.registration)
    found: dict[Any, list[OwnRow]] = {}
    for session in sessions:
        others = [other for other in sessions if other.pk != session.pk and overlap(session, other)]
        warning = warning_of(ticket, session, others, boarding)
        day = shown_day(ticket.event, session.starts_at)
        found.setdefault(day, []).append(OwnRow(row_of(session, ticket.event, now), warning))
    return [OwnDay(day_words(day), rows) for day, rows in sorted(found.items())]


def overlap(one: Session, other: Session) -> bool:
    is_on = one.state == other.state == SessionState.PLANNED
    return is_on and one.starts_at < other.ends_at and other.starts_at < one.ends_at


def warning_of(ticket: Ticket, session: Session, others: list[Session], boarding: datetime | None) -> str:
    """The flight first: nobody wants to miss that."""
    if session.state == SessionState.CANCELLED:
        return ""
    if boarding is not None and boarding <= session.starts_at:
        return _("Boarding starts at %(time)s, before this begins.") % {"time": clock(boarding, ticket.event.tz)}
    if boarding is not None and boarding < session.ends_at:
        return _("Boarding starts at %(time)s, before this ends.") % {"time": clock(boarding, ticket.event.tz)}
    if others:
        return _("At the same time: %(title)s") % {"title": others[0].title}
    return ""
