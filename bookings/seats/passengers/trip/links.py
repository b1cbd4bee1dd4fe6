"""What the links of passengers open."""

from typing import Any

from bookings.seats.models import Booking, State
from links.models import LinkedQuerySet


def trips() -> LinkedQuerySet[Any]:
    """Bookings that were made, cancelled ones too. A hold has a page of its own."""
    return Booking.objects.exclude(state=State.HELD).exclude(booked_at=None)
