"""Finds the bookings whose deadline to pay has passed, and tells their passengers once."""

from datetime import datetime

from bookings.seats.models.bookings import Booking
from bookings.seats.models.states import MADE
from verbs.each import each

ROUND = 100


def lapse_unpaid(now: datetime) -> int:
    """Returns how many lapsed. One that fails does not keep the others from it: it is raised at the end, and tried again."""
    unpaid = Booking.objects.filter(state__in=MADE, lapsed_at=None).expired(now).order_by("expires_at", "pk")
    return each(unpaid[:ROUND], lambda booking: booking.lapse(), "bookings did not lapse")
