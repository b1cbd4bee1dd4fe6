"""Follows the flights that are for sale, and writes to the passengers of those that are not as they were told.

A flight is looked at once it has been quiet for a while, so that five estimates in a row make one mail; a cancellation is
told at once. What was told is kept with each booking, so that a process that dies, or two at once, tell nobody twice.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, F, Max, Min, OuterRef, QuerySet

from bookings.seats.models.bookings import Booking
from bookings.seats.models.inventory import Inventory
from bookings.seats.models.states import MADE
from bookings.seats.models.travellers import Segment
from tracking.flights.models.codes import Phase

QUIET = timedelta(minutes=3)
LONGEST_WAIT = timedelta(minutes=10)  # of news of a flight that is never quiet
LOOKS_BACK = timedelta(days=2)


def follow_flights(now: datetime) -> int:
    """Write to those whose flights have changed. Returns how many bookings were told."""
    told, faults = 0, []
    for inventory in changed(now):
        if inventory.flight.phase != Phase.CANCELLED and not is_quiet(inventory, now):
            continue
        failed: list[Exception] = []
        for booking in bookings_on(inventory):
            try:
                told += booking.tell(now)
            except Exception as fault:  # the others must hear of it; it is raised below, and tried again
                failed.append(fault)
        if not failed:
            Inventory.objects.filter(pk=inventory.pk).update(followed=inventory.flight.revision)
        faults += failed
    if faults:
        raise ExceptionGroup("passengers were not told", faults)
    return told


def changed(now: datetime) -> QuerySet[Inventory]:
    """The flights with passengers that have changed since they were looked at."""
    booked = Segment.objects.filter(inventory=OuterRef("pk"), booking__state__in=MADE)
    found = Inventory.objects.filter(
        Exists(booked), flight__best_departure__gte=now - LOOKS_BACK, flight__revision__gt=F("followed")
    )
    return found.select_related("flight").order_by("pk")


def is_quiet(inventory: Inventory, now: datetime) -> bool:
    """Whether the last change is a while ago, or the first one that nobody was told of very long."""
    changes = inventory.flight.changes.filter(revision__gt=inventory.followed)
    at = changes.aggregate(first=Min("at"), last=Max("at"))
    return at["last"] is None or now - at["last"] >= QUIET or now - at["first"] >= LONGEST_WAIT


def bookings_on(inventory: Inventory) -> QuerySet[Booking]:
    return Booking.objects.filter(segments__inventory=inventory, state__in=MADE).order_by("pk")
