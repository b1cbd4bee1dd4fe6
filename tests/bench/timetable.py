"""Thirty days of a thousand flights for sale, in the database of the process that imports this: half leave New York, half return.

Every connection leads through JFK, LGA or EWR. Of each flight ten seats are taken.
"""

import csv
import itertools
import random
import time
from datetime import timedelta
from functools import cache as cache_once

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.seats import topics
from bookings.seats.layouts import layout
from bookings.seats.models import Assignment, Inventory
from bookings.seats.models.fares import load_defaults
from bookings.seats.search.regions import FlightUpdates
from bookings.seats.search.shown import keep_list
from bookings.seats.search.views import search
from clocks import day_begins
from live import metrics
from live.outbox import publish
from tests.bench.board import moment
from tracking.flights.models import Airline, Airport, Flight

DAY = settings.BASE / "tracking" / "flights" / "demo" / "data" / "nyc-flights-2013-07-10.csv"
DAYS, A_DAY = 30, 500  # flights in each direction
LAYOUT, TAKEN = "737-800", 10
HOURS = timedelta(hours=3)
SEARCHES, AT_ONCE = 200, 10  # the second: searches for each time that the bench asks
chance = random.Random(12)
turns = itertools.count()


def fill():
    if Inventory.objects.exists():
        return  # another process of the same site was here first
    load_defaults()
    with DAY.open() as file:
        day = list(itertools.islice(csv.DictReader(file), A_DAY))
    airports = {row[end] for row in day for end in ("origin", "destination")}
    Airport.objects.bulk_create(
        (Airport(iata=iata, name=iata, city=iata, country="US", zone="America/New_York") for iata in airports),
        ignore_conflicts=True,
    )
    airlines = {row["carrier"]: row["airline"] for row in day}
    Airline.objects.bulk_create((Airline(pk=code, name=name) for code, name in airlines.items()), ignore_conflicts=True)
    Flight.objects.all().delete()
    for number in range(DAYS):
        fill_day(timezone.localdate() + timedelta(days=number + 1), day)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def fill_day(date, day):
    begins = day_begins(date, Airport.objects.get(pk="JFK").tz)
    flights = []
    for place, row in enumerate(day):
        leaves = begins + timedelta(hours=6) + timedelta(hours=15) * place / len(day)
        back = begins + timedelta(hours=5) + timedelta(hours=15) * ((place * 7) % len(day)) / len(day)
        flights.append(flight(row["carrier"], f"{place}", row["origin"], row["destination"], leaves, date))
        flights.append(flight(row["carrier"], f"{place}R", row["destination"], row["origin"], back, date))
    Flight.objects.bulk_create(flights)
    inventories = [Inventory(flight=each, layout=LAYOUT, miles=300 + each.pk % 2000) for each in flights]
    Inventory.objects.bulk_create(inventories)
    seats = [seat.code for seat in layout(LAYOUT).in_cabin("economy")][:TAKEN]
    Assignment.objects.bulk_create(
        (Assignment(inventory=each, seat=seat, cabin="economy") for each in inventories for seat in seats),
        batch_size=5000,
    )


def flight(carrier, number, origin, destination, leaves, date):
    return Flight(
        airline_id=carrier,
        number=number,
        origin_id=origin,
        destination_id=destination,
        date=date,
        off_block_scheduled=leaves,
        on_block_scheduled=leaves + HOURS,
    )


def wanted():
    """Searches: from New York, and between two others through it. Airports are asked for as often as they have flights."""
    away = list(Flight.objects.filter(origin="JFK").values_list("destination", flat=True)[:2000])
    for number in range(SEARCHES):
        origin = "JFK" if number % 2 else chance.choice(away)
        destination = chance.choice([iata for iata in away if iata != origin])
        day = timezone.localdate() + timedelta(days=chance.randint(4, DAYS - 4))
        yield {"from": origin, "to": destination, "day": day.isoformat(), "adults": str(chance.randint(1, 4))}


@cache_once
def all_wanted():
    return iter(list(wanted()))


def measure():
    """Milliseconds of the next searches: of their results, found, priced and rendered; and of the page with its strip of days."""
    results, cpu, pages, found = [], [], [], []
    request = RequestFactory().get
    for query in itertools.islice(all_wanted(), AT_ONCE):
        began, worked = time.perf_counter(), time.thread_time()
        snapshot = FlightUpdates(query).render()
        results.append((time.perf_counter() - began) * 1000)
        cpu.append((time.thread_time() - worked) * 1000)
        found.append(len(snapshot.rows))
        began = time.perf_counter()
        search(as_anybody(request("/fly/", query)))
        pages.append((time.perf_counter() - began) * 1000)
    with CaptureQueriesContext(connection) as asked:
        FlightUpdates(query).render()
    return {"results": results, "cpu": cpu, "pages": pages, "found": found, "queries": len(asked)}


@cache_once
def watched():
    """A search from JFK to where it flies most often, as an open page watches it."""
    counted = Flight.objects.filter(origin="JFK").order_by().values_list("destination").annotate(flights=Count("pk"))
    destination = max(counted, key=lambda row: (row[1], row[0]))[0]
    query = {"from": "JFK", "to": destination, "day": (timezone.localdate() + timedelta(days=9)).isoformat()}
    found = FlightUpdates(query).results.itineraries
    return FlightUpdates({**query, "seen": keep_list([itinerary.id for itinerary in found])})


def address():
    region = watched()
    return {"address": f"/ws/{region.address}&v={region.render().version}"}


def change():
    """Another price for the next flight of the search that is watched: it becomes some miles longer or shorter."""
    found = watched().results.itineraries
    turn = next(turns)
    leg = found[turn % len(found)].legs[0]
    changed = {"row": f"{FlightUpdates.row_prefix}{found[turn % len(found)].id}"}
    with transaction.atomic():
        transaction.on_commit(lambda: changed.update(moment()))
        Inventory.objects.filter(pk=leg.inventory).update(miles=leg.miles + 10 * (1 + turn % 37))
        publish(topics.market(leg.origin.iata, leg.destination.iata, leg.day))
    return changed


def renderings():
    """How often searches were rendered for sockets."""
    samples = [sample for metric in metrics.renders.collect() for sample in metric.samples]
    return sum(
        each.value for each in samples if each.name.endswith("_count") and each.labels["region"] == "FlightUpdates"
    )


def as_anybody(request):
    """A request as the middleware would leave it."""
    from django.contrib.auth.models import AnonymousUser

    request.user, request.session, request.resolver_match = AnonymousUser(), {}, None
    return request
