"""What the links of guests open: a booking, a place on the waitlist or in the queue, a calendar feed."""

from typing import Any

from bookings.restaurants.models import QueueEntry, Reservation, WaitlistEntry
from links import tokens
from links.models import LinkedQuerySet

FEED = "restaurants.feed"  # the kind of link to the calendar of all bookings of a user


def bookings() -> LinkedQuerySet[Any]:
    return Reservation.objects.select_related("restaurant__airport", "service")


def waiting(token: str) -> LinkedQuerySet[Any]:
    """The entries of the waitlist or of the queue, whichever the token is for: both have the same address."""
    is_waitlist = tokens.read(token, WaitlistEntry.link_kind()) is not None
    model = WaitlistEntry if is_waitlist else QueueEntry
    return model.objects.select_related("restaurant__airport")
