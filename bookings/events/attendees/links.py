"""What the links of attendees open."""

from typing import Any

from bookings.events.models import Registration, Ticket
from links.models import LinkedQuerySet

FEED = "events.feed"  # the kind of link to the calendar of all registrations of a user


def registrations() -> LinkedQuerySet[Any]:
    """Holds and offers as well: one and the same link leads from the hold to the registration."""
    return Registration.objects.select_related("event__hall__airport", "voucher", "flight__airline")


def made() -> LinkedQuerySet[Any]:
    """Those whose form was sent."""
    return registrations().exclude(booked_at=None)


def tickets() -> LinkedQuerySet[Any]:
    """Tickets of registrations that are, or were, confirmed."""
    return Ticket.objects.exclude(registration__confirmed_at=None).select_related(
        "registration", "event__hall__airport", "type"
    )
