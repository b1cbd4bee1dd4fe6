"""The restaurants: ``bistro`` at JFK, where dora and dave work; ``diner`` beside it, where erik does."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.restaurants.models import Reservation, Restaurant
from bookings.restaurants.models.slots import slot_of


@pytest.fixture
def bistro(airports, dora, dave):
    """Two tables for two (T1, T2), two for four (T3, T4) that join for eight, and one for walk-ins (W1).

    Dinner from 17:00 to 22:00, the last guests at 21:00, each day; two stay 90 minutes, more stay two hours.
    """
    bistro = Restaurant.objects.create(slug="bistro", name="Bistro", airport=airports["JFK"], where="Terminal 5")
    bistro.staff.add(dora, dave)
    room = bistro.areas.create(name="Room")
    for number, most in enumerate((2, 2, 4, 4), 1):
        room.tables.create(name=f"T{number}", max_covers=most, min_covers=1 if most == 2 else 2, x=20 * number, y=10)
    room.tables.create(name="W1", max_covers=2, use="walk_in", x=10, y=40)
    join = bistro.joins.create(min_covers=5, max_covers=8)
    join.tables.set(room.tables.filter(name__in=("T3", "T4")))
    dinner = bistro.services.create(
        name="Dinner", begins=time(17), last=time(21), ends=time(22), pace_online=20, pace=30
    )
    dinner.turns.create(party=2, minutes=90)
    dinner.turns.create(party=100, minutes=120)
    return bistro


@pytest.fixture
def diner(airports, erik):
    diner = Restaurant.objects.create(slug="diner", name="Diner", airport=airports["JFK"], where="Terminal 4")
    diner.staff.add(erik)
    room = diner.areas.create(name="Counter")
    room.tables.create(name="C1", max_covers=2)
    service = diner.services.create(name="All day", begins=time(7), last=time(20), ends=time(21))
    service.turns.create(party=100, minutes=60)
    return diner


@pytest.fixture
def tomorrow(bistro):
    return bistro.today() + timedelta(days=1)


@pytest.fixture
def slot(bistro, tomorrow):
    """``slot("18:30")``: that quarter of tomorrow at the bistro; ``slot("00:30", day)`` of another day."""
    return lambda clock, day=tomorrow: slot_of(datetime.combine(day, time.fromisoformat(clock), bistro.tz))


@pytest.fixture
def hold(bistro, slot):
    """``hold("18:30", party=2)`` as a guest's browser does."""
    return lambda clock, party=2, **options: Reservation.objects.hold(bistro, slot(clock), party, uuid4(), **options)


@pytest.fixture
def book(hold):
    """``book("18:30", party=2, name="Ada")``: held and confirmed."""

    def make(clock, party=2, name="Ada Lovelace", email="ada@example.org", **guest):
        return hold(clock, party).confirm(name, email, **guest)

    return make


@pytest.fixture
def full(bistro, slot):
    """No table is free tomorrow: two parties of two and two of four, by telephone, stay from 17:00, or now, for five hours."""
    bistro.services.get().turns.update(minutes=300)
    bistro.services.update(pace=100)
    parties = ((2, "Regular 1"), (2, "Regular 2"), (4, "Regular 3"), (4, "Regular 4"))
    begins = max(slot("17:00"), slot_of(timezone.now()))
    return [Reservation.objects.book(bistro, begins, party, name=name) for party, name in parties]


@pytest.fixture
def tables(bistro):
    """``tables("T1", "T2")``."""
    named = {table.name: table for area in bistro.areas.all() for table in area.tables.all()}
    return lambda *names: [named[name] for name in names]


@pytest.fixture
def host(client, dora, bistro):
    """Dora's browser."""
    client.force_login(dora)
    return client


@pytest.fixture
def key(tables):
    """``key("T1", "T2")``: the tables as forms name them."""
    return lambda *names: "-".join(str(table.pk) for table in tables(*names))
