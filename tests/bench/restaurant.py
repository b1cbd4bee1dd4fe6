"""A restaurant with 60 tables for the bench, in the database of the process that imports this."""

import random
import time
from datetime import time as clock
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.restaurants.models import Reservation, Restaurant, State, TableSlot
from bookings.restaurants.models.availability import Availability
from bookings.restaurants.models.slots import slots_for
from tracking.flights.models import Airport

SLUG, TABLES, DAYS = "bench", 60, 30
TURN = 90


def fill():
    """Thirty tables for two, thirty for four, and ten pairs of these joined; lunch and dinner each day."""
    place = Restaurant.objects.filter(slug=SLUG).first()
    if place:
        return place
    airport = Airport.objects.create(iata="LGA", name="LGA", city="New York", country="US", zone="America/New_York")
    place = Restaurant.objects.create(slug=SLUG, name="Bench", airport=airport, where="Gate", days_ahead=365)
    room = place.areas.create(name="Room")
    tables = [
        room.tables.create(name=f"{number}", min_covers=1, max_covers=2 if number < TABLES // 2 else 4)
        for number in range(TABLES)
    ]
    for pair in range(10):
        place.joins.create(min_covers=5, max_covers=8).tables.set(tables[-2 * pair - 2 :][:2])
    for name, begins, last, ends in (("Lunch", 11, 15, 16), ("Dinner", 17, 22, 23)):
        times = {"begins": clock(begins), "last": clock(last), "ends": clock(ends)}
        service = place.services.create(name=name, **times, pace_online=1000, pace=1000)
        service.turns.create(party=100, minutes=TURN)
    return place


def book(count):
    """So many reservations within the next thirty days, at tables that are free then. Answers how many there are."""
    place, chance = Restaurant.objects.get(slug=SLUG), random.Random(7)
    first_day = place.today() + timedelta(days=1)
    book = Availability(place, first_day, first_day + timedelta(days=DAYS - 1))
    times = [found for day in book.days() for found in book.times(day, 2)]
    made, given = [], []
    while len(made) < count:
        at, party = chance.choice(times), chance.choice([1, 2, 2, 2, 3, 4, 4, 6])
        tables = book.free_tables(at.slot, slots_for(TURN), party)
        if not tables:
            continue
        one = Reservation(restaurant=place, day=at.day, service=at.service, state=State.BOOKED, party=party)
        one.reference, one.first, one.count, one.turn = f"{len(made):06}", at.slot, slots_for(TURN), TURN
        one.starts_at, one.ends_at = at.at, at.at + timedelta(minutes=TURN)
        book.add(one, tables)
        made.append(one)
        given.append(tables)
    Reservation.objects.bulk_create(made)
    pairs = [(one, table) for one, tables in zip(made, given, strict=True) for table in tables]
    through = Reservation.tables.through
    through.objects.bulk_create(through(reservation_id=one.pk, table_id=table.pk) for one, table in pairs)
    TableSlot.objects.bulk_create(
        TableSlot(reservation_id=one.pk, table_id=table.pk, slot=slot)
        for one, table in pairs
        for slot in range(one.first, one.first + one.count)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # which a database does by itself, only not within the second
    return {"reservations": Reservation.objects.count()}


def last_tables(left):
    """One party at each table for thirty days' lunches and dinners, but for ``left`` of those for two. Answers the slots."""
    place = Restaurant.objects.get(slug=SLUG)
    place.joins.all().delete()
    for table in place.areas.get().tables.order_by("pk")[left:]:
        table.is_open = False
        table.save()
    first_day = place.today() + timedelta(days=1)
    book = Availability(place, first_day, first_day + timedelta(days=119))
    slots = []
    for day in book.days():
        for found in book.times(day, 2):
            if found.is_free and (not slots or found.slot >= slots[-1][0] + slots_for(TURN)):
                slots.append((found.slot, day.isoformat()))
    return {"slots": slots}


def slots(days=30):
    """The times of the next so many days, as ``(slot, day)``."""
    place = Restaurant.objects.get(slug=SLUG)
    first_day = place.today() + timedelta(days=1)
    book = Availability(place, first_day, first_day + timedelta(days=days - 1))
    return {"slots": [(found.slot, day.isoformat()) for day in book.days() for found in book.times(day, 2)]}


def sold():
    """What was sold: bookings, and how many have a table that another one has at the same time."""
    rows = Reservation.objects.taking().values_list("pk", "tables", "first", "count")
    owners, twice = {}, set()
    for pk, table, first, count in rows:
        for at in range(first, first + count):
            if owners.setdefault((table, at), pk) != pk:
                twice.add(pk)
    booked = Reservation.objects.filter(state=State.BOOKED).count()
    return {"booked": booked, "held": len(rows) - booked, "twice": len(twice)}


def availability(times=100):
    """A calendar of thirty days for two: milliseconds of each time it is asked, and queries."""

    def fresh():
        return Restaurant.objects.select_related("airport").get(slug=SLUG)

    def calendar(place):
        first_day = place.today() + timedelta(days=1)
        return Availability(place, first_day, first_day + timedelta(days=DAYS - 1)).calendar(2)

    place = fresh()
    with CaptureQueriesContext(connection) as queries:
        calendar(place)
    taken = []
    for _ in range(times):
        place = fresh()
        began = time.perf_counter()
        calendar(place)
        taken.append((time.perf_counter() - began) * 1000)
    return {"ms": taken, "queries": len(queries)}
