"""What the links of waitlist entries open."""

from typing import Any

from bookings.events.models import WaitlistEntry
from links.models import LinkedQuerySet


def entries() -> LinkedQuerySet[Any]:
    return WaitlistEntry.objects.select_related("event__hall__airport", "type", "offer")
