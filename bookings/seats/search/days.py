"""The lowest price of each day around a search, and the nearest day that has seats."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.core.cache import cache

from bookings.seats.models import Inventory
from bookings.seats.search import timetable
from bookings.seats.search.finding import CANDIDATES, fits, is_wanted
from bookings.seats.search.forms import Asked, query_of
from bookings.seats.search.itineraries import Itinerary
from bookings.seats.search.offers import Offers
from clocks import DAY, day_begins, today
from money import Money

AROUND = 3  # days before and after
STALE = 60  # seconds that the prices of other days may be old


class DayPrice(NamedTuple):
    day: date
    lowest: Money | None  # for the whole party; None: no seats
    has_passed: bool = False


def strip(asked: Asked, offers: Offers, now: datetime) -> list[DayPrice]:
    """The lowest price of the day asked for and of three days before and after it, under the same filters."""
    query = {**query_of(asked), "day": asked.day.isoformat(), "order": ""}
    key = "flight-search-days-" + "-".join(f"{name}.{value}" for name, value in sorted(query.items()))
    found: list[DayPrice] | None = cache.get(key)
    if found is None:
        found = read(asked, offers, now)
        cache.set(key, found, STALE)
    return found


def read(asked: Asked, offers: Offers, now: datetime) -> list[DayPrice]:
    here = today(asked.origin.tz, now)
    days = [asked.day + DAY * number for number in range(-AROUND, AROUND + 1)]
    open_days = [day for day in days if day >= here]
    lowest = lowest_prices(asked, open_days, offers, now) if open_days else {}
    return [DayPrice(day, lowest.get(day), day < here) for day in days]


def lowest_prices(asked: Asked, days: list[date], offers: Offers, now: datetime) -> dict[date, Money]:
    by_day: dict[date, list[Itinerary]] = defaultdict(list)
    for itinerary in timetable.search(asked.origin, asked.destination, days[0], days[-1], now):
        day = itinerary.legs[0].day
        if is_wanted(itinerary, asked) and len(by_day[day]) < CANDIDATES:
            by_day[day].append(itinerary)
    fares = offers.of([itinerary for itineraries in by_day.values() for itinerary in itineraries])
    found = {}
    for day, itineraries in by_day.items():
        of_day = [fares[each.id] for each in itineraries if fits(fares[each.id], asked.max_price)]
        if totals := [fare.total for each in of_day for fare in each.values()]:
            found[day] = min(totals, key=lambda total: total.amount)
    return found


def nearest(days: Iterable[DayPrice], asked: Asked, now: datetime) -> date | None:
    """The nearest day with seats, of the strip; else the next one after it on which a direct flight is for sale."""
    with_seats = [each.day for each in days if each.lowest is not None]
    if with_seats:
        return min(with_seats, key=lambda day: (abs((day - asked.day).days), day))
    later = Inventory.objects.filter(
        flight__origin=asked.origin.iata,
        flight__destination=asked.destination.iata,
        flight__off_block_scheduled__gte=day_begins(asked.day + DAY * (AROUND + 1), asked.origin.tz),
        is_on_sale=True,
    )
    departs = (
        later.order_by("flight__off_block_scheduled").values_list("flight__off_block_scheduled", flat=True).first()
    )
    return departs and today(asked.origin.tz, departs)
