"""Jobs that the serving process runs by itself."""

from django.utils import timezone

from live.periodic import every
from tracking.orders import flights, late


@every(2)
def follow_flights_of_orders() -> None:
    flights.follow_flights(timezone.now())


@every(5)
def follow_late_orders() -> None:
    late.follow_late(timezone.now())
