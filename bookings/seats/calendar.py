"""The flights of a booking as calendar entries. Imports no model, so that the models can write mail with them."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from links.tokens import absolute
from post.calendars import Entry

DOMAIN = "airside.seats"  # makes the UID unique in the world; it stays when the site moves to another name
SHORT = timedelta(hours=1)  # of a flight whose arrival nobody knows


def entries_of(booking: Any, segments: Any, was: int = 0) -> list[Entry]:
    """An event for each flight, on the clocks of its two airports, by what is expected now.

    The UID stays when the booking goes on other flights. ``was``: how many flights it had before; those that it has no
    more are cancelled.
    """
    entries = [entry_of(booking, segment) for segment in segments]
    gone = [
        Entry(
            uid=uid_of(booking, position),
            sequence=booking.sequence,
            starts=entries[-1].starts,
            ends=entries[-1].ends,
            tz=entries[-1].tz,
            end_tz=entries[-1].end_tz,
            summary=_("Cancelled"),
            is_cancelled=True,
        )
        for position in range(len(entries), was)
    ]
    return [*entries, *gone]


def entry_of(booking: Any, segment: Any) -> Entry:
    flight = segment.inventory.flight
    words = {"flight": flight.designator, "from": flight.origin, "to": flight.destination}
    return Entry(
        uid=uid_of(booking, segment.position),
        sequence=booking.sequence,
        starts=flight.best_departure,
        ends=flight.best_arrival or flight.best_departure + SHORT,
        tz=flight.origin.tz,
        end_tz=flight.destination.tz,
        summary=_("Flight %(flight)s, %(from)s to %(to)s") % words,
        location=flight.origin.name,
        description=_("Reference %(reference)s") % {"reference": booking.reference},
        url=absolute(booking.get_absolute_url()),
        is_cancelled=booking.state == "cancelled" or flight.phase == "cancelled",
    )


def uid_of(booking: Any, position: int) -> str:
    return f"{booking.reference.lower()}-{position + 1}@{DOMAIN}"
