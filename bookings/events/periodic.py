"""Jobs that the serving process runs by itself."""

from django.utils import timezone

from bookings.events import lapsing, moved
from bookings.events.models.tickets import Answer
from bookings.events.programme import notices
from bookings.events.waiters import due
from live.periodic import every


@every(1)
def serve_waitlists() -> None:
    due.serve_waitlists(timezone.now())


@every(10)
def close_waitlists() -> None:
    due.close_waitlists(timezone.now())


@every(5)
def lapse_expired_registrations() -> None:
    lapsing.lapse_expired(timezone.now())


@every(5)
def end_registrations_of_cancelled_events() -> None:
    lapsing.end_cancelled(timezone.now())


@every(3600)
def delete_due_answers() -> None:
    Answer.objects.prune(timezone.now())


@every(10)
def tell_moved_events() -> None:
    moved.tell_moved(timezone.now())


@every(10)
def tell_moved_sessions() -> None:
    notices.tell_moved_sessions(timezone.now())


@every(30)
def tell_boarding() -> None:
    notices.tell_boarding(timezone.now())
