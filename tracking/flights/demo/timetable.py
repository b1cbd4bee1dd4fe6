"""The timetable of the days to come, saved before the feed announces it: flights are sold weeks ahead."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from tracking.flights.demo.day import Departure
from tracking.flights.demo.invented import timetable
from tracking.flights.demo.replay import Flown
from tracking.flights.demo.rows import insert
from tracking.flights.models import Airline, Codeshare, Flight
from tracking.flights.models.names import name_of

FIELDS = (
    *("airline", "number", "origin", "date", "destination", "off_block_scheduled", "on_block_scheduled"),
    *("terminal", "arrival_terminal", "tail"),
)
IDENTITY = ("airline_id", "number", "origin_id", "date")


def save_timetable(flown: Iterable[Flown], day: date, after: datetime) -> None:
    """Save the flights of a day that depart after a moment. Those that are there stay as they are.

    A flight that was saved before, by this or by a feed, is known by its identity. They have no history yet.
    """
    there = set(Flight.objects.filter(date=day).values_list(*IDENTITY))
    new = {}
    for each in flown:
        departure = each.on(day)
        identity = tuple(departure.identity.values())
        if departure.scheduled_departure > after and identity not in there:
            new[identity] = departure, timetable(departure)[1]
    save_airlines(new.values())
    insert(Flight, FIELDS, (row_of(departure, update) for departure, update in new.values()))
    save_codeshares(day, {identity: update.get("codeshares", ()) for identity, (_flight, update) in new.items()})


def row_of(departure: Departure, update: dict[str, Any]) -> tuple[Any, ...]:
    times = departure.scheduled_departure, departure.scheduled_arrival
    identity = departure.carrier, departure.number, departure.origin, departure.date
    terminals = update["terminal"], update.get("arrival_terminal", "")
    return (*identity, departure.destination, *times, *terminals, departure.tail)


def save_airlines(new: Iterable[tuple[Departure, dict[str, Any]]]) -> None:
    """The airlines of the flights and of their codeshares, those that are not there."""
    names: dict[str, str] = {}
    for departure, update in new:
        names |= {number.split()[0]: "" for number in update.get("codeshares", ()) if number.split()[0] not in names}
        names[departure.carrier] = departure.airline
    airlines = (Airline(code=code, name=name_of(code, name)) for code, name in names.items())
    Airline.objects.bulk_create(airlines, ignore_conflicts=True)


def save_codeshares(day: date, numbers: dict[tuple[Any, ...], Sequence[str]]) -> None:
    """``numbers``: identity of a flight → its further numbers."""
    flights = Flight.objects.filter(date=day).values_list("pk", *IDENTITY)
    rows = [(pk, *number.split()) for pk, *identity in flights for number in numbers.get(tuple(identity), ())]
    insert(Codeshare, ("flight", "airline", "number"), rows)
