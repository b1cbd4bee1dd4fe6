"""Airports, airlines and flights; a source that reports them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.clock import on_real_time
from tracking.flights.models import Airline, Airport, Flight, Source

NEW_YORK = "America/New_York"
ZONES = {
    "JFK": ("John F Kennedy International Airport", "New York", "US", NEW_YORK),
    "BOS": ("Logan International Airport", "Boston", "US", NEW_YORK),
    "SFO": ("San Francisco International Airport", "San Francisco", "US", "America/Los_Angeles"),
    "LHR": ("Heathrow Airport", "London", "GB", "Europe/London"),
}
AIRLINES = {"B6": "JetBlue Airways", "UA": "United Air Lines", "DL": "Delta Air Lines", "AA": "American Airlines"}


@pytest.fixture
def airports(request, db):
    """In New York it is afternoon (tests/clock.py). Where a server takes part, it has another zone for that."""
    for iata, (name, city, country, zone) in ZONES.items():
        if zone == NEW_YORK and on_real_time(request.node):
            zone = zone_in_the_afternoon()
        Airport.objects.create(iata=iata, name=name, city=city, country=country, zone=zone)
    return Airport.objects.in_bulk()


def zone_in_the_afternoon():
    """One in which it is between 14:00 and 15:00."""
    return f"Etc/GMT{timezone.now().hour - 14:+d}"  # POSIX signs: GMT-14 is fourteen hours ahead


@pytest.fixture
def airlines(db):
    return Airline.objects.in_bulk([Airline.objects.create(code=code, name=name).pk for code, name in AIRLINES.items()])


@pytest.fixture
def make_flight(airports, airlines):
    """``make_flight(minutes=60, airline="B6", number="1010", origin="JFK", destination="BOS", **fields)``, due then, heard of now."""

    def make(minutes=60, airline="B6", number="1010", origin="JFK", destination="BOS", **fields):
        leaves = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=minutes)
        times = {"off_block_scheduled": leaves, "on_block_scheduled": leaves + timedelta(minutes=75)}
        fields = {**times, "heard_at": timezone.now(), **fields}
        return Flight.objects.create(
            airline_id=airline,
            number=number,
            origin_id=origin,
            destination_id=destination,
            date=timezone.localdate(fields["off_block_scheduled"], airports[origin].tz),
            **fields,
        )

    return make


@pytest.fixture
def flight(make_flight):
    return make_flight()


@pytest.fixture
def source(db):
    source, source.key = Source.objects.issue("tower")
    return source
