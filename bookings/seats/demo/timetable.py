"""The flights of the next days on sale: those of the demo day and the flights back, each with its aircraft and what is sold."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from bookings.seats.demo.fleet import layout_of
from bookings.seats.demo.loads import sold_seats
from bookings.seats.layouts import layout
from bookings.seats.models import Assignment, Inventory
from tracking.flights.demo.day import Day
from tracking.flights.demo.returns import returns_of
from tracking.flights.demo.rows import insert
from tracking.flights.demo.timetable import save_timetable
from tracking.flights.geo import distance
from tracking.flights.models import Flight, Phase

DAYS = 30
MILE = 1.150779  # statute miles in a nautical one


class ForSale(NamedTuple):
    """A flight that is put on sale."""

    flight: int
    airline: str
    number: str
    origin: str
    destination: str
    date: date
    tail: str


def put_on_sale(day: Day, now: datetime | None = None, days: int = DAYS) -> int:
    """Put the flights of the next days on sale, those that are not yet, and return how many. Each day is one transaction."""
    now = now or timezone.now()
    flown = [*day.departures, *returns_of(day)]
    today, number = day.date_at(now), 0
    for ahead in range(days):
        with transaction.atomic():
            save_timetable(flown, today + timedelta(days=ahead), now)
            number += sell(today, ahead, now)
    return number


def sell(today: date, ahead: int, now: datetime) -> int:
    """Put the flights on sale that depart in so many days, also those that a feed has announced; returns how many."""
    coming = Flight.objects.filter(date=today + timedelta(days=ahead), inventory=None, off_block_scheduled__gt=now)
    fields = ("pk", "airline_id", "number", "origin_id", "destination_id", "date", "tail")
    flights = [ForSale(*values) for values in coming.exclude(phase=Phase.CANCELLED).values_list(*fields)]
    layouts = {flight.flight: layout_of(flight.airline, flight.tail) for flight in flights}
    rows = ((flight.flight, layouts[flight.flight], miles(flight.origin, flight.destination), 1) for flight in flights)
    insert(Inventory, ("flight", "layout", "miles", "revision"), rows)
    keys = dict(Inventory.objects.filter(flight__date=today + timedelta(days=ahead)).values_list("flight", "pk"))
    sold = (
        (keys[flight.flight], *seat)
        for flight in flights
        for seat in sold_seats(flight, layout(layouts[flight.flight]), ahead)
    )
    insert(Assignment, ("inventory", "seat", "cabin", "rank"), sold)
    return len(flights)


@cache
def miles(origin: str, destination: str) -> int:
    """Statute miles of the great circle."""
    return round(distance(origin, destination) * MILE)
