"""The flights of the next days on sale: those of the demo day and the flights back, each with its aircraft and what is sold."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from bookings.seats.demo.fleet import layout_of
from bookings.seats.demo.loads import save_sold
from bookings.seats.models import Inventory
from tracking.flights.demo.day import Day
from tracking.flights.demo.returns import returns_of
from tracking.flights.demo.timetable import save_timetable
from tracking.flights.geo import distance
from tracking.flights.models import Flight, Phase

DAYS = 30
MILE = 1.150779  # statute miles in a nautical one


def put_on_sale(day: Day, now: datetime | None = None, days: int = DAYS) -> int:
    """Put the flights of the next days on sale, those that are not yet, and return how many. Each day is one transaction."""
    now = now or timezone.now()
    flown = [*day.departures, *returns_of(day)]
    today, number = day.date_at(now), 0
    for ahead in range(days):
        with transaction.atomic():
            date = today + timedelta(days=ahead)
            announced = Flight.objects.filter(date=date, inventory=None, off_block_scheduled__gt=now)
            flights = list(announced.exclude(phase=Phase.CANCELLED))
            flights += save_timetable(flown, date, now)
            number += len(sell(flights, ahead))
    return number


def sell(flights: list[Flight], ahead: int) -> list[Inventory]:
    """Put flights on sale that depart in so many days."""
    inventories = Inventory.objects.bulk_create(
        Inventory(flight=flight, layout=layout_of(flight.airline_id, flight.tail), miles=miles(flight), revision=1)
        for flight in flights
    )
    save_sold(inventories, ahead)
    return inventories


def miles(flight: Flight) -> int:
    """Statute miles of the great circle."""
    return round(distance(flight.origin_id, flight.destination_id) * MILE)
