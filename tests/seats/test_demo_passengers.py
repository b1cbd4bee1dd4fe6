"""The passengers of the demo, who search, hold, book and pay by the pages and forms that people use."""

import random

import pytest
from django.core.management import CommandError, call_command

from bookings.seats.demo import actors
from bookings.seats.models import Booking, State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def passengers(inventory, monkeypatch, server):
    """They fly from New York in ten days, one step at a time."""
    monkeypatch.setattr(actors, "CHANCE", random.Random(1))
    monkeypatch.setattr(actors, "AHEAD", actors.AHEAD * 2)
    passengers = actors.Passengers()
    passengers.url, passengers.speed, passengers.origin = server.url, 1000, "JFK"
    return passengers


def test_a_party_books_and_pays(passengers):
    passengers.book()
    booking = Booking.objects.get()
    assert booking.state == State.CONFIRMED and booking.email.endswith("@guests.example")
    for traveller in booking.travellers.all():
        assert traveller.name and traveller.ticket


def test_a_party_gives_its_seats_back(passengers):
    passengers.look()
    assert Booking.objects.get().state == State.CANCELLED


def test_where_nothing_is_sold_a_step_is_skipped(passengers, inventory):
    inventory.stop_sale()
    with pytest.raises(LookupError):
        passengers.book()
    assert not Booking.objects.exists()


def test_it_is_for_demo_mode_only(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo mode"):
        call_command("demo_passengers", "JFK")
