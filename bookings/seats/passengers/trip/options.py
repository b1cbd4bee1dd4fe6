"""The flights that a booking can go on instead: of the same route, and with room for all who travel."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count
from django.utils.translation import gettext as _

from bookings.seats.models import Assignment, Inventory, Refused
from bookings.seats.models.connections import ConnectionTimes
from bookings.seats.models.disruption import Trouble, segments_of
from bookings.seats.search import timetable
from bookings.seats.search.itineraries import Itinerary, Place
from bookings.seats.search.offers import capacity
from bookings.seats.search.rows import LegRow, leg_row, minutes_words, stops_words
from clocks import day_words, today
from money import Money
from tracking.flights.models import Airline
from whole_numbers import key_of

SHOWN = 5  # of those free of charge
WATCHED = 30  # of those that may get room
PRICED = 12  # of those for which the fare has a price
DAYS = timedelta(days=2)  # how much later they leave at most


class Option(NamedTuple):
    """An itinerary to go on instead, as values to show."""

    ids: str  # of its inventories, with a dash between them
    day: str
    legs: tuple[LegRow, ...]
    stops: str
    duration: str
    later: str  # how much later than booked one arrives
    price: Money | None = None  # what is to be paid for it, or comes back where it is below zero
    fare: Money | None = None  # what the flights cost, without the fee for the change

    @property
    def back(self) -> Money | None:
        return -self.price if self.price and self.price.amount < 0 else None


def inventories_of(ids: str) -> list[int]:
    """The keys of an option that a form has sent; none where it is no option."""
    keys = [key_of(part) for part in ids.split("-")]
    return [key for key in keys if key is not None] if len(keys) <= 2 and None not in keys else []


def place(airport: Any) -> Place:
    return Place(airport.iata, airport.city, airport.country, airport.zone)


def candidates(booking: Any, trouble: Trouble, now: datetime) -> list[Itinerary]:
    """What leads there instead of a flight that is not as it was booked, full or not, the earliest arrival first."""
    if not trouble.may_rebook:
        return []
    segments = segments_of(booking)
    origin, target = segments[trouble.start].inventory.flight.origin, segments[-1].inventory.flight.destination
    earliest = ready_at(segments, trouble.start, now)
    first = today(origin.tz, earliest)
    last = max(first, today(origin.tz, segments[trouble.start].inventory.flight.off_block_scheduled)) + DAYS
    found = timetable.search(place(origin), place(target), first, last, now)
    former = "-".join(str(segment.inventory_id) for segment in segments[trouble.start :])
    fits = [each for each in found if each.departs >= earliest and each.id != former]
    return sorted(fits, key=lambda each: (each.arrives, each.stops, each.departs))[:WATCHED]


def free_of_charge(booking: Any, found: Sequence[Itinerary], now: datetime) -> list[Option]:
    """Of these candidates, what has room for all who travel."""
    segments = segments_of(booking)
    planned = segments[-1].arrives or segments[-1].inventory.flight.on_block_scheduled
    return options_of(with_room(found, booking, now), planned)


def ready_at(segments: Sequence[Any], start: int, now: datetime) -> datetime:
    """When passengers can leave from where they have to be rebooked: at once, or once their first flight is there."""
    if not start:
        return now
    arriving = segments[start - 1].inventory.flight
    keys = "-".join(str(segment.inventory_id) for segment in segments)
    found = timetable.by_ids([keys], ConnectionTimes.read())
    needed = found[0].needed if found else timedelta(hours=1)
    return max(now, (arriving.best_arrival or now) + needed)


def with_room(itineraries: Sequence[Itinerary], booking: Any, now: datetime) -> list[Itinerary]:
    """Those with a seat in its cabin for everybody who needs one, in one query. Its own seats count as free."""
    seats = booking.party().seats
    keys = {leg.inventory for itinerary in itineraries for leg in itinerary.legs}
    taken = Assignment.objects.current(now).filter(inventory__in=keys, cabin=booking.cabin)
    taken = taken.exclude(coupon__segment__booking=booking).order_by().values_list("inventory")
    counts = dict(taken.annotate(Count("pk")))
    return [
        itinerary
        for itinerary in itineraries
        if all(capacity(leg.layout, booking.cabin) - counts.get(leg.inventory, 0) >= seats for leg in itinerary.legs)
    ]


def for_a_price(booking: Any, day: date, now: datetime) -> list[Option]:
    """The flights of its route on a day, with what the change costs. Those where its fare is gone are left out."""
    segments = segments_of(booking)
    origin, target = segments[0].inventory.flight.origin, segments[-1].inventory.flight.destination
    former = "-".join(str(segment.inventory_id) for segment in segments)
    found = timetable.search(place(origin), place(target), day, day, now)
    found = with_room([each for each in found if each.id != former], booking, now)[:PRICED]
    fee, worth = booking.change_fee(now), booking.worth()
    priced = []
    for itinerary in found:
        price = price_on(booking, itinerary, now)
        if price is not None:
            priced.append((itinerary, price, Money(price.amount + fee - worth, price.currency)))
    planned = segments[-1].arrives or segments[-1].inventory.flight.on_block_scheduled
    options = options_of([itinerary for itinerary, _fare, _price in priced], planned)
    return [
        option._replace(price=price, fare=fare)
        for option, (_itinerary, fare, price) in zip(options, priced, strict=True)
    ]


def price_on(booking: Any, itinerary: Itinerary, now: datetime) -> Money | None:
    keys = [leg.inventory for leg in itinerary.legs]
    by_key = Inventory.objects.select_related("flight__origin", "flight__destination").in_bulk(keys)
    try:
        found: Money = booking.price_on([by_key[key] for key in keys], now).quote.total
    except Refused:
        return None
    return found


def options_of(itineraries: Sequence[Itinerary], planned: datetime | None) -> list[Option]:
    airlines = dict(Airline.objects.values_list("pk", "name"))
    return [
        Option(
            ids=each.id,
            day=day_words(each.legs[0].day),
            legs=tuple(leg_row(leg, each.legs[0], airlines) for leg in each.legs),
            stops=stops_words(each),
            duration=minutes_words(each.duration),
            later=later_words(each.arrives, planned),
        )
        for each in itineraries
    ]


def later_words(arrives: datetime, planned: datetime | None) -> str:
    if planned is None:
        return ""
    by = arrives - planned
    if abs(by) < timedelta(minutes=1):
        return _("Arrives when you booked")
    words = {"by": minutes_words(abs(by))}
    return _("Arrives %(by)s later") % words if by > timedelta() else _("Arrives %(by)s earlier") % words
