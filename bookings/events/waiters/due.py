"""What time does to waitlists: offers and gatherings end, expired holds are offered, and waitlists close with the sale."""

import time
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from bookings.events.models import Capacity, Event, EventState, Place, WaitlistEntry
from bookings.events.models.queueing import AGAIN
from bookings.waitlist import OPEN, WaitingState
from verbs.each import each

REST = 0.1  # seconds: SQLite lets those who wait for the lock look that often
AT_ONCE = 50  # entries of closed waitlists that one round ends


def serve_waitlists(now: datetime) -> int:
    """Serve the waitlists for which time has freed something, and each of them once in AGAIN. Returns of how many events."""
    places = Place.objects.filter(event=OuterRef("pk")).expired(now)
    entries = WaitlistEntry.objects.filter(event=OuterRef("pk"))
    gathered = entries.filter(state=WaitingState.WAITING, gathers_until__lte=now)
    is_due = Q(waitlist_due_at=None) | Q(waitlist_due_at__lte=now) | Exists(places) | Exists(gathered)
    events = Event.objects.filter(is_due, Exists(entries.filter(state__in=OPEN))).select_related("hall__airport")
    return each(events.order_by("pk"), lambda event: serve_waitlist(event, now), "waitlists could not be served")


def serve_waitlist(event: Event, now: datetime) -> int:
    """Some offers in each transaction, until all are made. Others have the lock between two of them."""
    made = 0
    while True:
        with transaction.atomic():
            capacity = Capacity.locked(event, now)
            made += event.serve_with(capacity)
            if not capacity.owed:
                event.this_row().update(waitlist_due_at=now + AGAIN)
                return made
        time.sleep(REST)


def close_waitlists(now: datetime) -> int:
    """End the entries of events that are cancelled, or whose sale is over, some in each round. Returns how many."""
    is_over = Q(event__starts_at__lte=now) | Q(event__sale_until__lte=now) | Q(event__state=EventState.CANCELLED)
    entries = WaitlistEntry.objects.filter(is_over, state__in=OPEN).select_related("event__hall__airport")
    return each(entries.order_by("pk")[:AT_ONCE], lambda entry: entry.close(), "a waitlist could not be closed")
