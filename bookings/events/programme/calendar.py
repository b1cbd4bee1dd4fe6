"""Sessions as calendar entries, each with a UID that is the same for ever, for one ticket and one session."""

from typing import Any

from django.urls import reverse

from bookings.events.calendar import DOMAIN
from bookings.events.models import Session, SessionState, Ticket
from links.tokens import absolute
from post.calendars import Entry


def session_entry(ticket: Ticket, session: Session) -> Entry:
    """Its SEQUENCE grows when time, room or state change, and with nothing else."""
    event: Any = ticket.event
    return Entry(
        uid=f"{session.guid}-{ticket.registration.reference.lower()}-{ticket.position}@{DOMAIN}",
        sequence=session.calendar_sequence,
        starts=session.starts_at,
        ends=session.ends_at,
        tz=event.tz,
        summary=session.title,
        location=f"{session.room.name}, {event.hall.name}",
        description=session.subtitle,
        url=absolute(reverse("events:session", args=[event.slug, session.pk])),
        is_cancelled=session.state == SessionState.CANCELLED,
    )
