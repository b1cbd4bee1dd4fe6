"""Sessions as calendar entries, each with a UID that is the same for ever, for one ticket and one session; and all that an
account has, in one feed."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from bookings.events.calendar import DOMAIN, entry_of
from bookings.events.models import EventState, Favourite, Registration, Session, SessionState, State, Ticket
from links.tokens import absolute
from post.calendars import Entry

MOST = 100  # registrations in one feed, the latest


def session_entry(ticket: Ticket, session: Session) -> Entry:
    """Its SEQUENCE grows when time, room or state change, or the ticket ends, and with nothing else."""
    event: Any = ticket.event
    is_called_off = event.state == EventState.CANCELLED
    is_over = is_called_off or ticket.cancelled_at is not None or ticket.registration.state != State.CONFIRMED
    return Entry(
        uid=f"{session.guid}-{ticket.registration.reference.lower()}-{ticket.position}@{DOMAIN}",
        sequence=session.calendar_sequence + ticket.calendar_sequence + is_called_off,
        starts=session.starts_at,
        ends=session.ends_at,
        tz=event.tz,
        summary=session.title,
        location=f"{session.room.name}, {event.hall.name}",
        description=session.subtitle,
        url=absolute(reverse("events:session", args=[event.slug, session.pk])),
        is_cancelled=is_over or session.state == SessionState.CANCELLED,
    )


def entries_of(user: Any) -> Iterator[Entry]:
    """One ticket of each registration that is, or was, confirmed, and what was chosen with it. Not those of the other
    guests: they have calendars of their own."""
    chosen = Favourite.objects.select_related("session__room").order_by("session__starts_at")
    tickets = Ticket.objects.select_related("event__hall__airport").prefetch_related(
        Prefetch("favourites", chosen, to_attr="chosen")
    )
    rows = Registration.objects.filter(user=user).exclude(confirmed_at=None).order_by("-event__starts_at")
    for registration in rows.prefetch_related(Prefetch("tickets", tickets, to_attr="all_tickets"))[:MOST]:
        all_tickets: Any = registration.all_tickets
        valid = [ticket for ticket in all_tickets if ticket.cancelled_at is None]
        for ticket in [*valid, *all_tickets][:1]:
            ticket.registration = registration
            yield entry_of(ticket)
            yield from (session_entry(ticket, favourite.session) for favourite in ticket.chosen)
