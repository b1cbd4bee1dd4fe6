"""An event that was moved: its attendees see it at once on their pages, and get one mail when the organiser has been quiet."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from bookings.events import mail
from bookings.events.models import Event, EventChange, EventState, Hall, Registration
from bookings.events.models.states import MADE
from verbs.each import each

AT_ONCE = 50  # mails of one round
LOOK_BACK = timedelta(days=7)
MOVES = ("starts_at", "ends_at", "hall")


def tell_moved(now: datetime) -> int:
    """Write the mails that are due. Returns how many parties were told, or had nothing to be told."""
    told = 0
    for event in moved_events(now):
        rows = Registration.objects.filter(event=event, state__in=MADE, booked_at__lt=event.moved_at)
        due = rows.filter(Q(moved_told_at=None) | Q(moved_told_at__lt=event.moved_at)).order_by("pk")
        told += each(
            due.select_related("event__hall__airport")[:AT_ONCE],
            lambda one: tell(one, now),
            "attendees could not be told that an event was moved",
        )
    return told


def moved_events(now: datetime) -> list[Any]:
    """Coming events whose time or place has changed, and whose organisers have been quiet since. ``moved_at``: when last."""
    moves = Q(changes__field__in=MOVES, changes__at__gt=now - LOOK_BACK) & ~Q(changes__before="")
    found = Event.objects.filter(state=EventState.PUBLISHED, ends_at__gt=now).filter(moves)
    rows = found.annotate(moved_at=Max("changes__at", filter=moves)).select_related("hall__airport")
    return [event for event in rows if event.moved_at + timedelta(minutes=event.quiet_minutes) <= now]


def tell(registration: Registration, now: datetime) -> None:
    """Write to one party, unless another process does or all is as they know it."""
    last = registration.moved_told_at or registration.booked_at
    with transaction.atomic():
        mine = Registration.objects.filter(pk=registration.pk, moved_told_at=registration.moved_told_at)
        if not mine.update(moved_told_at=now):
            return
        changes = EventChange.objects.filter(event=registration.event_id, field__in=MOVES, at__gt=last).exclude(
            before=""
        )
        known: dict[str, str] = {}
        for change in changes.order_by("pk"):
            known.setdefault(change.field, change.before)
        event = registration.event
        starts = datetime.fromisoformat(known["starts_at"]) if "starts_at" in known else event.starts_at
        ends = datetime.fromisoformat(known["ends_at"]) if "ends_at" in known else event.ends_at
        hall = Hall.objects.filter(pk=known.get("hall", event.hall_id)).first()
        if (starts, ends, hall) != (event.starts_at, event.ends_at, event.hall):
            mail.write_moved(
                registration,
                starts if (starts, ends) != (event.starts_at, event.ends_at) else None,
                hall.name if hall and hall != event.hall else "",
            )
