"""Which flights, and which connections of two, lead from one airport to another on a day.

The day is the local one of the first departure. Direct flights come first, then connections, each by schedule. What is
sold is decided by the schedule; what is known of today's delays only marks a connection as no longer possible.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bookings.seats.models.connections import ConnectionTimes, Side
from bookings.seats.models.holding import LONGEST_WAIT, SALE_ENDS, SELLABLE
from tracking.flights.models.codes import AT_GATE, Phase

ONWARD = 3  # flights onward that are offered for each first flight and airport, the earliest ones


class Place(NamedTuple):
    """An airport of an itinerary."""

    iata: str
    city: str
    country: str
    zone: str

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class FlightForSale(NamedTuple):
    """A flight with its inventory. Times are UTC; ``expects_…`` are the best known ones."""

    inventory: int
    pk: int
    airline: str
    number: str
    origin: Place
    destination: Place
    departs: datetime
    arrives: datetime
    expects_departure: datetime
    expects_arrival: datetime
    phase: str = Phase.SCHEDULED
    terminal: str = ""
    arrival_terminal: str = ""
    is_diverted: bool = False
    layout: str = ""
    miles: int = 0
    is_on_sale: bool = True

    @property
    def designator(self) -> str:
        return f"{self.airline} {self.number}"

    @property
    def day(self) -> date:
        return self.departs.astimezone(self.origin.tz).date()

    @property
    def is_domestic(self) -> bool:
        return self.origin.country == self.destination.country

    @property
    def is_cancelled(self) -> bool:
        return self.phase == Phase.CANCELLED

    @property
    def has_left(self) -> bool:
        return self.phase not in AT_GATE and not self.is_cancelled

    @property
    def sale_closes(self) -> datetime:
        return self.departs - SALE_ENDS

    def is_sold(self, now: datetime) -> bool:
        """Whether it can be bought: not cancelled, not gone, and not about to leave."""
        return self.is_on_sale and self.phase in SELLABLE and now <= self.sale_closes


class Itinerary(NamedTuple):
    """One flight, or two with a change between them."""

    legs: tuple[FlightForSale, ...]
    needed: timedelta = timedelta()  # the minimum connection time

    @property
    def id(self) -> str:
        """By its flights, whatever other numbers they have: a codeshare is one flight."""
        return "-".join(str(leg.inventory) for leg in self.legs)

    @property
    def origin(self) -> Place:
        return self.legs[0].origin

    @property
    def destination(self) -> Place:
        return self.legs[-1].destination

    @property
    def departs(self) -> datetime:
        return self.legs[0].departs

    @property
    def arrives(self) -> datetime:
        return self.legs[-1].arrives

    @property
    def duration(self) -> timedelta:
        return self.arrives - self.departs

    @property
    def stops(self) -> int:
        return len(self.legs) - 1

    @property
    def days_later(self) -> int:
        """The local day of the arrival less that of the departure: 1, 2, or -1 across the date line."""
        return days_between(self.departs, self.origin.tz, self.arrives, self.destination.tz)

    @property
    def wait(self) -> timedelta:
        """Between its flights, by schedule."""
        return self.legs[-1].departs - self.legs[0].arrives if self.stops else timedelta()

    @property
    def is_cancelled(self) -> bool:
        return any(leg.is_cancelled for leg in self.legs)

    @property
    def is_missed(self) -> bool:
        """Whether the connection is no longer possible, by what is expected of its flights now."""
        if not self.stops:
            return False
        first, onward = self.legs
        is_too_short = onward.expects_departure - first.expects_arrival < self.needed
        return first.is_diverted or onward.has_left or is_too_short

    @property
    def sale_closes(self) -> datetime:
        return min(leg.sale_closes for leg in self.legs)

    def is_sold(self, now: datetime) -> bool:
        return all(leg.is_sold(now) for leg in self.legs) and not self.is_missed


def days_between(departs: datetime, there: ZoneInfo, arrives: datetime, here: ZoneInfo) -> int:
    return (arrives.astimezone(here).date() - departs.astimezone(there).date()).days


def direct(flights: Iterable[FlightForSale], destination: str) -> Iterator[Itinerary]:
    for flight in flights:
        if flight.destination.iata == destination:
            yield Itinerary((flight,))


def connections(
    out: Iterable[FlightForSale], onward: Iterable[FlightForSale], times: ConnectionTimes
) -> Iterator[Itinerary]:
    """All of two flights with a change at one airport: the minimum connection time at least, six hours at most.

    ``out`` leave the origin, ``onward`` reach the destination. None goes back through the origin, or past the destination.
    """
    leaving: dict[str, list[FlightForSale]] = defaultdict(list)
    for flight in sorted(onward, key=by_departure):
        leaving[flight.origin.iata].append(flight)
    departures = {iata: [flight.departs for flight in flights] for iata, flights in leaving.items()}
    for first in out:
        at = first.destination.iata
        found = 0
        for then in leaving[at][bisect_left(departures.get(at, []), first.arrives) :]:
            if then.departs - first.arrives > LONGEST_WAIT or found == ONWARD:
                break
            needed = times.needed(at, arriving(first), departing(then))
            if then.departs - first.arrives >= needed and not goes_back(first, then):
                found += 1
                yield Itinerary((first, then), needed)


def by_departure(flight: FlightForSale) -> tuple[datetime, str, str]:
    return flight.departs, flight.airline, flight.number


def goes_back(first: FlightForSale, then: FlightForSale) -> bool:
    """Whether two flights lead through the origin again, or through the destination on the way."""
    return first.destination.iata == then.destination.iata or then.destination.iata == first.origin.iata


def arriving(flight: FlightForSale) -> Side:
    return Side.of(flight.airline, flight.arrival_terminal, flight.origin, flight.destination)


def departing(flight: FlightForSale) -> Side:
    return Side.of(flight.airline, flight.terminal, flight.origin, flight.destination)
