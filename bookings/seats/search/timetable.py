"""Flights for sale from the database: one query for each side of a search, and one for the names of airports."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bookings.seats.models import Inventory
from bookings.seats.models.connections import ConnectionTimes
from bookings.seats.search.itineraries import (
    LONGEST_WAIT,
    FlightForSale,
    Itinerary,
    Place,
    arriving,
    connections,
    departing,
    direct,
)
from clocks import day_begins
from tracking.flights.models import Airport

FIELDS = (
    "pk",
    "flight_id",
    "flight__airline_id",
    "flight__number",
    "flight__origin_id",
    "flight__destination_id",
    "flight__off_block_scheduled",
    "flight__on_block_scheduled",
    "flight__best_departure",
    "flight__best_arrival",
    "flight__phase",
    "flight__terminal",
    "flight__arrival_terminal",
    "flight__diverted_to_id",
    "layout",
    "miles",
    "is_on_sale",
)
ORIGIN, DESTINATION, DIVERTED_TO = 4, 5, 13


def search(
    origin: Place, destination: Place, first: date, last: date, now: datetime, times: ConnectionTimes | None = None
) -> list[Itinerary]:
    """All itineraries whose first flight leaves on one of these days and that are sold now, the direct ones first."""
    leaves = day_begins(first, origin.tz), day_begins(last + timedelta(days=1), origin.tz) - timedelta(seconds=1)
    rows = read(flight__origin=origin.iata, flight__off_block_scheduled__range=leaves)
    hubs = {row[DESTINATION] for row in rows} - {destination.iata}
    onward: Sequence[Any] = ()
    if hubs:
        arrivals = [row[7] for row in rows]
        between = min(arrivals), max(arrivals) + LONGEST_WAIT
        onward = read(
            flight__origin__in=hubs, flight__destination=destination.iata, flight__off_block_scheduled__range=between
        )
        leads_on = {row[ORIGIN] for row in onward}
        rows = [row for row in rows if row[DESTINATION] in leads_on or row[DESTINATION] == destination.iata]
    places = places_of([*rows, *onward])
    out = [flight for flight in for_sale(rows, places) if flight.is_sold(now)]
    then = [flight for flight in for_sale(onward, places) if flight.is_sold(now)]
    with_one_stop = connections(
        [flight for flight in out if flight.destination.iata != destination.iata], then, times or ConnectionTimes.read()
    )
    return [*direct(out, destination.iata), *(found for found in with_one_stop if not found.is_missed)]


def by_ids(ids: Sequence[str], times: ConnectionTimes | None = None) -> list[Itinerary]:
    """These itineraries as they are now, in this order, whatever became of their flights. Those that are gone are left out."""
    keys = {int(key) for each in ids for key in each.split("-")}
    rows = read(pk__in=keys)
    flights = {flight.inventory: flight for flight in for_sale(rows, places_of(rows))}
    if times is None:
        times = ConnectionTimes.read() if any("-" in each for each in ids) else ConnectionTimes()
    found = []
    for each in ids:
        legs = tuple(flights[int(key)] for key in each.split("-") if int(key) in flights)
        if len(legs) == each.count("-") + 1:
            found.append(Itinerary(legs, needed(legs, times)))
    return found


def needed(legs: tuple[FlightForSale, ...], times: ConnectionTimes) -> timedelta:
    if len(legs) == 1:
        return timedelta()
    return times.needed(legs[0].destination.iata, arriving(legs[0]), departing(legs[1]))


def read(**of: Any) -> list[Any]:
    flights = Inventory.objects.filter(flight__on_block_scheduled__isnull=False, **of)
    return list(flights.order_by("flight__off_block_scheduled", "pk").values_list(*FIELDS))


def places_of(rows: Iterable[Any]) -> dict[str, Place]:
    codes = {code for row in rows for code in (row[ORIGIN], row[DESTINATION])}
    found = Airport.objects.filter(pk__in=codes).order_by().values_list("iata", "city", "country", "zone")
    return {row[0]: Place(*row) for row in found}


def for_sale(rows: Iterable[Any], places: dict[str, Place]) -> list[FlightForSale]:
    return [
        FlightForSale(
            *row[:ORIGIN],
            places[row[ORIGIN]],
            places[row[DESTINATION]],
            *row[6:DIVERTED_TO],
            row[DIVERTED_TO] is not None,
            *row[DIVERTED_TO + 1 :],
        )
        for row in rows
    ]
