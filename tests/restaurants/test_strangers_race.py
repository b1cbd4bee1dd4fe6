"""Two requests at the bound at one moment: one of them passes. And the same with the guards taken out."""

from functools import partial
from itertools import count
from uuid import uuid4

import pytest

from bookings.restaurants.models import (
    Known,
    QueueEntry,
    Refused,
    Reservation,
    Restaurant,
    TooMany,
    WaitlistEntry,
    queue,
    waitlist,
)
from bookings.restaurants.models.making import ReservationQuerySet
from bookings.restaurants.models.presence import door_code
from strangers import Asker
from tests.races import all_at_once, faults

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 6


@pytest.fixture
def holds(bistro, slot, settings):
    """Six browsers of one address that want different times, of which one may be held."""
    settings.HOLDS_PER_ADDRESS = 1
    bistro.services.get().turns.update(minutes=15)
    slots = [slot(f"{hour}:{minute}") for hour in (17, 18) for minute in ("00", "15", "30")]
    restaurant = lambda: Restaurant.objects.get(pk=bistro.pk)  # noqa: E731
    return [
        lambda at=at: Reservation.objects.hold(restaurant(), at, 2, uuid4(), asker=Asker("address", f"browser {at}"))
        for at in slots
    ]


def test_of_many_holds_of_one_address_at_the_bound_one_is_made(holds):
    ends = all_at_once(*holds)
    assert len(faults(ends, TooMany)) == MANY - 1, ends
    assert Reservation.objects.count() == 1


def test_without_the_count_under_the_lock_all_are_made(holds, monkeypatch):
    monkeypatch.setattr(ReservationQuerySet, "check_holds", lambda *_: None)
    assert not faults(all_at_once(*holds))
    assert Reservation.objects.count() == MANY


def test_of_many_holds_of_one_browser_at_once_one_is_left(bistro, slot, settings):
    settings.HOLDS_PER_ADDRESS = 100
    asker = Asker("address", "browser")
    hold = lambda at: Reservation.objects.hold(Restaurant.objects.get(), slot(at), 2, uuid4(), asker=asker)  # noqa: E731
    ends = all_at_once(*[partial(hold, at) for at in ("17:00", "18:00", "19:00", "20:00")])
    assert not faults(ends), ends
    assert Reservation.objects.holding().count() == 1


# Wishes


@pytest.fixture
def wishes(bistro, full, slot, tomorrow):
    """One person, who writes the address in two ways and asks for different tables."""

    def wish(number):
        email = "Ada@example.org" if number % 2 else "ada@EXAMPLE.org"
        restaurant = Restaurant.objects.get(pk=bistro.pk)
        times = (slot("18:00"), slot("19:00"))
        return WaitlistEntry.objects.join(restaurant, tomorrow, *times, 1 + number % 4, name="Ada", email=email)

    return [partial(wish, number) for number in range(MANY)]


def test_one_person_who_asks_many_times_at_once_has_one_wish(wishes):
    ends = all_at_once(*wishes)
    assert len(faults(ends, Known)) == MANY - 1, ends
    assert WaitlistEntry.objects.count() == 1


def test_the_constraint_alone_is_enough(wishes, monkeypatch):
    """Nobody looks whether there is a wish already, and the database lets one in."""
    monkeypatch.setattr(WaitlistEntry, "check_may_join", lambda self: None)
    ends = all_at_once(*wishes)
    assert len(faults(ends, Known)) == MANY - 1, ends
    assert WaitlistEntry.objects.count() == 1


def test_without_look_and_constraint_there_would_be_many(wishes, monkeypatch):
    monkeypatch.setattr(WaitlistEntry, "check_may_join", lambda self: None)
    numbers = count()
    monkeypatch.setattr(waitlist, "contact_of", lambda email: f"{email} {next(numbers)}")
    assert not faults(all_at_once(*wishes), Refused)
    assert WaitlistEntry.objects.count() == MANY


# The queue


@pytest.fixture
def parties(bistro, slot, settings, monkeypatch):
    settings.QUEUE_PER_ADDRESS = 1
    monkeypatch.setattr(Restaurant, "is_open", lambda self, now=None: True)

    def join(number):
        asker = Asker("address", f"browser {number}")
        restaurant = Restaurant.objects.get(pk=bistro.pk)
        return QueueEntry.objects.join_from_phone(restaurant, 2, "Cal", 5, code=door_code(restaurant), asker=asker)

    return [partial(join, number) for number in range(MANY)]


def test_of_many_parties_of_one_address_at_the_bound_one_joins(parties):
    ends = all_at_once(*parties)
    assert len(faults(ends, TooMany)) == MANY - 1, ends
    assert QueueEntry.objects.count() == 1


def test_without_the_bound_all_join(parties, monkeypatch):
    monkeypatch.setattr(queue, "check_bound", lambda *_: None)
    assert not faults(all_at_once(*parties))
    assert QueueEntry.objects.count() == MANY
