"""The timetable of the days to come, saved before the feed announces it: flights are sold weeks ahead."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from tracking.flights.demo.day import Departure
from tracking.flights.demo.invented import timetable
from tracking.flights.demo.replay import Flown
from tracking.flights.models import Airline, Codeshare, Flight
from tracking.flights.models.names import name_of


def save_timetable(flown: Iterable[Flown], day: date, after: datetime) -> list[Flight]:
    """Save the flights of a day that depart after a moment, and return them. Those that are there stay, and are left out.

    A flight that was saved before, by this or by a feed, is known by its identity. They have no history yet.
    """
    there = set(Flight.objects.filter(date=day).values_list("airline_id", "number", "origin_id", "date"))
    departures = [each.on(day) for each in flown]
    return save(
        [
            departure
            for departure in departures
            if departure.scheduled_departure > after and tuple(departure.identity.values()) not in there
        ]
    )


def save(departures: Sequence[Departure]) -> list[Flight]:
    updates = [timetable(departure)[1] for departure in departures]
    names = {departure.carrier: departure.airline for departure in departures}
    save_airlines(names | {number.split()[0]: "" for update in updates for number in update.get("codeshares", ())})
    pairs = list(zip(departures, updates, strict=True))
    flights = Flight.objects.bulk_create(flight_of(*pair) for pair in pairs)
    Codeshare.objects.bulk_create(
        Codeshare(flight=flight, airline_id=number.split()[0], number=number.split()[1])
        for flight, update in zip(flights, updates, strict=True)
        for number in update.get("codeshares", ())
    )
    return flights


def save_airlines(names: dict[str, str]) -> None:
    airlines = (Airline(code=code, name=name_of(code, name)) for code, name in names.items())
    Airline.objects.bulk_create(airlines, ignore_conflicts=True)


def flight_of(departure: Departure, update: dict[str, Any]) -> Flight:
    return Flight(
        airline_id=departure.carrier,
        number=departure.number,
        origin_id=departure.origin,
        destination_id=departure.destination,
        date=departure.date,
        off_block_scheduled=departure.scheduled_departure,
        on_block_scheduled=departure.scheduled_arrival,
        terminal=update["terminal"],
        arrival_terminal=update.get("arrival_terminal", ""),
        tail=departure.tail,
    )
