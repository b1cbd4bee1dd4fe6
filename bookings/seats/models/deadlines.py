"""Finds the bookings whose deadline to pay has passed, and tells their passengers once."""

from contextlib import suppress
from datetime import datetime

from bookings.seats.models.bookings import Booking
from bookings.seats.models.refusals import Refused
from bookings.seats.models.states import MADE

ROUND = 100


def lapse_unpaid(now: datetime) -> int:
    """Returns how many lapsed. One that fails does not keep the others from it: it is raised at the end, and tried again."""
    lapsed, faults = 0, []
    unpaid = Booking.objects.filter(state__in=MADE, lapsed_at=None).expired(now).order_by("expires_at", "pk")
    for booking in unpaid[:ROUND]:
        try:
            with suppress(Refused):  # it was paid at this moment, or another process was first
                booking.lapse()
                lapsed += 1
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise ExceptionGroup("bookings did not lapse", faults)
    return lapsed
