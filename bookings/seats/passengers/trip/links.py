"""What the links of passengers open."""

from typing import Any

from bookings.seats.models import Booking, State
from links.models import LinkedQuerySet


def all_bookings() -> LinkedQuerySet[Any]:
    """Holds as well: one and the same link leads from the hold to the booking."""
    return Booking.objects.all()


def trips() -> LinkedQuerySet[Any]:
    """Bookings that were made, cancelled ones too."""
    return Booking.objects.exclude(state=State.HELD).exclude(booked_at=None)
