"""Jobs that the serving process runs by itself."""

from django.utils import timezone

from bookings.restaurants.models import QueueEntry, waitlist
from live.periodic import every


@every(1)
def serve_waitlists() -> None:
    waitlist.serve_waitlists()


@every(600)
def prune_the_queue() -> None:
    QueueEntry.objects.prune(timezone.now())
