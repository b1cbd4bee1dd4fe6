"""Jobs that the serving process runs by itself."""

from django.utils import timezone

from bookings.seats.models import deadlines, following
from live.periodic import every


@every(5)
def follow_flights() -> None:
    following.follow_flights(timezone.now())


@every(5)
def lapse_unpaid() -> None:
    deadlines.lapse_unpaid(timezone.now())
