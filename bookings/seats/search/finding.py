"""The results of a search: found, priced, filtered and in order."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bookings.seats.models.connections import ConnectionTimes
from bookings.seats.search import timetable
from bookings.seats.search.forms import DURATION, HOURS, PRICE, Asked
from bookings.seats.search.itineraries import Itinerary
from bookings.seats.search.offers import Fare, Offers

MOST = 40  # results of a page
CANDIDATES = 300  # of which the prices are asked, by schedule: between two airports of the demo there are a hundred


Fares = Mapping[str, Mapping[str, Fare]]  # by itinerary and family


class Results(NamedTuple):
    itineraries: Sequence[Itinerary]
    fares: Fares | None  # None: not asked for yet
    airlines: Sequence[str]  # of all that was found, before it was filtered
    is_cut: bool  # whether there are more
    is_filtered: bool  # whether filters have left out some


def search(asked: Asked, offers: Offers, now: datetime) -> Results:
    """What is sold now. Flights without a seat for this party are left out."""
    found = timetable.search(asked.origin, asked.destination, asked.day, asked.day, now, ConnectionTimes.read())
    found = found[:CANDIDATES]
    airlines = sorted({leg.airline for itinerary in found for leg in itinerary.legs})
    wanted = [itinerary for itinerary in found if is_wanted(itinerary, asked)]
    fares = offers.of(wanted)
    fit = [itinerary for itinerary in wanted if fits(fares[itinerary.id], asked.max_price)]
    in_order = sorted(fit, key=lambda each: order_of(each, fares[each.id], asked.order))
    return Results(in_order[:MOST], fares, airlines, len(fit) > MOST, len(fit) < len(found))


def is_wanted(itinerary: Itinerary, asked: Asked) -> bool:
    """Whether it passes the filters that need no price."""
    if asked.stops and str(itinerary.stops) != asked.stops:
        return False
    if asked.airlines and not all(leg.airline in asked.airlines for leg in itinerary.legs):
        return False
    if not asked.departs:
        return True
    begins, ends = HOURS[asked.departs]
    return begins <= itinerary.departs.astimezone(itinerary.origin.tz).hour < ends


def fits(fares: Mapping[str, Fare], max_price: int | None) -> bool:
    """Whether there is a seat, at this price at most."""
    return any(max_price is None or fare.total.units <= max_price for fare in fares.values())


def order_of(itinerary: Itinerary, fares: Mapping[str, Fare], order: str) -> tuple[object, ...]:
    by_schedule = itinerary.stops, itinerary.departs, itinerary.arrives, itinerary.id
    if order == PRICE:
        return min(fare.total.amount for fare in fares.values()), *by_schedule
    if order == DURATION:
        return itinerary.duration, *by_schedule
    return by_schedule
