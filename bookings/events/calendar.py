"""Tickets as calendar entries. Imports no model, so that the models can write mail with them."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from links.tokens import absolute
from post.calendars import Entry

DOMAIN = "airside.events"  # makes the UID unique in the world; it stays when the site moves to another name


def entry_of(ticket: Any) -> Entry:
    """The event in the calendar of who has the ticket. Its UID is the ticket's for ever; a transfer makes nothing else of it."""
    registration, event = ticket.registration, ticket.event
    hall = event.hall
    is_off = event.state == "cancelled" or ticket.is_cancelled or registration.state != "confirmed"
    return Entry(
        uid=f"{registration.reference.lower()}-{ticket.position}@{DOMAIN}",
        sequence=sequence_of(ticket),
        starts=event.starts_at,
        ends=event.ends_at,
        tz=event.tz,
        summary=event.title,
        location=f"{hall.name}, {hall.where}, {hall.airport.name}",
        description=_("Ticket of %(name)s, registration %(reference)s")
        % {"name": ticket.name, "reference": registration.reference},
        url=absolute(ticket.get_absolute_url()),
        is_cancelled=is_off,
    )


def sequence_of(ticket: Any) -> int:
    """It grows when time, place, status or holder change, and with nothing else."""
    moves = ticket.event.changes.filter(field__in=("starts_at", "ends_at", "hall", "state")).exclude(before="")
    return int(moves.values("revision").distinct().count()) + int(ticket.calendar_sequence)


def entry_for(ticket: Any, email: str, name: str) -> Entry:
    """The same as an invitation to somebody, for a mail."""
    return replace(entry_of(ticket), attendee=(name, email))


def entry_of_former_holder(ticket: Any, email: str, name: str) -> Entry:
    """A ticket that was transferred, cancelled in the calendar of who had it; without the new holder's link.

    The transfer has raised the SEQUENCE. So a holder who gets the ticket back later gets a newer entry than this one (RFC 5546, 2.1.4).
    """
    found = entry_of(ticket)
    return replace(found, url="", is_cancelled=True, attendee=(name, email))
