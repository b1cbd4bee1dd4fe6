"""Flights of tomorrow, and searches for them."""

from datetime import UTC, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from bookings.seats.search.regions import FlightUpdates
from bookings.seats.search.shown import keep_list

TOMORROW = "2026-11-19"  # tests/clock.py


@pytest.fixture(autouse=True)
def no_search_before():
    cache.clear()


@pytest.fixture
def sell(airports, make_inventory):
    """``sell("JFK", "BOS", hours=1, lasts=75)``: a flight for sale, tomorrow at 14:00 and an hour on New York's clock."""
    numbers = iter(range(100, 1000))

    def make(origin="JFK", destination="BOS", hours=0, lasts=75, minutes=0, **fields):
        two = timezone.localtime(timezone=airports["JFK"].tz).replace(hour=14, minute=0, second=0, microsecond=0)
        at = two.astimezone(UTC) + timedelta(days=1, hours=hours, minutes=minutes)
        times = {"off_block_scheduled": at, "on_block_scheduled": at + timedelta(minutes=lasts)}
        return make_inventory(origin=origin, destination=destination, number=str(next(numbers)), **{**times, **fields})

    return make


def region(**query):
    return FlightUpdates({"to": "BOS", "day": TOMORROW, **query})


def rows(**query):
    return list(region(**query).rows())


def opened(**query):
    """The region of a page that somebody has opened now."""
    found = region(**query)
    seen = keep_list([itinerary.id for itinerary in found.results.itineraries])
    return region(**query, seen=seen)


def ids(*inventories):
    return "-".join(str(inventory.pk) for inventory in inventories)


def full_but(seats, inventory):
    """Block all seats of economy but so many."""
    inventory.block(sorted(inventory.free("economy"))[seats:])
