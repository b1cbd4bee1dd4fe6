"""Flights for sale: ten days ahead, so that one may pay later and cancel for nothing."""

from uuid import uuid4

import pytest
from django.db.models import F

from bookings.seats.fares.quote import Party
from bookings.seats.models import Booking, Inventory
from bookings.seats.models.customer_verbs import Passenger
from bookings.seats.models.fares import Tariff, load_defaults

TEN_DAYS = 10 * 24 * 60


@pytest.fixture
def fares(db):
    """The rules that an installation begins with."""
    load_defaults()


@pytest.fixture
def make_inventory(make_flight, fares):
    """``make_inventory(layout="e190", miles=187, minutes=…, number="1010", **flight)``: a flight for sale."""

    def make(layout="e190", miles=187, minutes=TEN_DAYS, **flight):
        return Inventory.objects.create(flight=make_flight(minutes=minutes, **flight), layout=layout, miles=miles)

    return make


@pytest.fixture
def inventory(make_inventory):
    return make_inventory()


@pytest.fixture
def hold_seats(inventory):
    """``hold_seats(adults=2, children=1)`` as a customer's browser does; ``on=[inventory, …]`` for other flights."""

    def make(adults=1, children=0, infants_seated=0, infants_lap=0, on=None, family="standard", **options):
        party = Party(adults, children, infants_seated, infants_lap)
        keys = [flight.pk for flight in on or [inventory]]
        options = {"key": uuid4(), **options}
        return Booking.objects.hold(keys, "economy", family, party, **options)

    return make


@pytest.fixture
def book_flight(hold_seats):
    """``book_flight("Ada Lovelace", "Mia Lovelace", children=1)``: held and booked for these people, not paid."""

    def make(*names, later=False, email="ada@example.org", user=None, **options):
        names = names or ("Ada Lovelace",)
        others = sum(options.get(kind, 0) for kind in ("children", "infants_seated", "infants_lap"))
        booking = hold_seats(adults=len(names) - others, user=user, **options)
        passengers = [Passenger(*name.rsplit(" ", 1)) if " " in name else Passenger("", name) for name in names]
        return booking.book(passengers, email, user=user, accepted=booking.total, later=later)

    return make


@pytest.fixture
def fly(book_flight):
    """The same, and paid."""
    return lambda *names, **options: book_flight(*names, **options).confirm()


@pytest.fixture
def dearer(fares):
    """``dearer()``: all fares cost twice as much for each mile from now on."""
    return lambda: Tariff.objects.update(per_mile=F("per_mile") * 2)
