"""The people and flights of the tests.

alice travels and has an account; bob works at the flight desk, ana too; charlie has an account and nothing to do with it.
"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import User
from live.models import Publish
from tracking.flights.models import Airline, Airport, Flight, Source

ZONES = {
    "JFK": ("John F Kennedy International Airport", "New York", "US", "America/New_York"),
    "BOS": ("Logan International Airport", "Boston", "US", "America/New_York"),
    "SFO": ("San Francisco International Airport", "San Francisco", "US", "America/Los_Angeles"),
    "LHR": ("Heathrow Airport", "London", "GB", "Europe/London"),
}
AIRLINES = {"B6": "JetBlue Airways", "UA": "United Air Lines", "DL": "Delta Air Lines", "AA": "American Airlines"}


@pytest.fixture
def alice(db):
    return User.objects.create_user("alice@example.org", first_name="Alice")


@pytest.fixture
def bob(db):
    return desk_agent("bob@example.org", "Bob")


@pytest.fixture
def ana(db):
    return desk_agent("ana@example.org", "Ana")


@pytest.fixture
def charlie(db):
    return User.objects.create_user("charlie@example.org", first_name="Charlie")


def desk_agent(email, name):
    user = User.objects.create_user(email, first_name=name)
    # A flush between tests takes the group away, and brings it back by post_migrate.
    user.groups.add(Group.objects.get(name="flight desk"))
    return user


@pytest.fixture
def airports(db):
    for iata, (name, city, country, zone) in ZONES.items():
        Airport.objects.create(iata=iata, name=name, city=city, country=country, zone=zone)
    return Airport.objects.in_bulk()


@pytest.fixture
def airlines(db):
    return Airline.objects.in_bulk([Airline.objects.create(code=code, name=name).pk for code, name in AIRLINES.items()])


@pytest.fixture
def make_flight(airports, airlines):
    """``make_flight(minutes=60, airline="B6", number="1010", origin="JFK", destination="BOS", **fields)``, due then."""

    def make(minutes=60, airline="B6", number="1010", origin="JFK", destination="BOS", **fields):
        leaves = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=minutes)
        fields = {"off_block_scheduled": leaves, "on_block_scheduled": leaves + timedelta(minutes=75), **fields}
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


@pytest.fixture
def assert_published(db):
    """``with assert_published("flight-board-JFK"): …`` – these topics, among others; and ``assert_published()`` none."""
    from contextlib import contextmanager

    @contextmanager
    def expect(*topics):
        newest = Publish.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        yield
        published = set(Publish.objects.filter(pk__gt=newest).values_list("topic", flat=True))
        assert set(topics) <= published if topics else not published

    return expect
