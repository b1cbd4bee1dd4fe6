"""The board that the bench watches: the 331 departures of JFK on the demo day, all within the next hours."""

import csv
import itertools
import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from live.outbox import publish
from tracking.flights import topics
from tracking.flights.models import Airline, Airport, Flight
from tracking.flights.travellers.regions import DeparturesBoard

DAY = settings.BASE / "tracking" / "flights" / "demo" / "data" / "nyc-flights-2013-07-10.csv"
WITHIN = timedelta(hours=4)
turns, gates = itertools.count(), itertools.count()


def fill():
    with DAY.open() as file:
        day = [row for row in csv.DictReader(file) if row["origin"] == "JFK"]
    if Flight.objects.exists():
        return  # another process of the same site was here first
    airports = {row[end] for row in day for end in ("origin", "destination")}
    Airport.objects.bulk_create(
        (Airport(iata=iata, name=iata, city=iata, country="US", zone="America/New_York") for iata in airports),
        ignore_conflicts=True,
    )
    airlines = {row["carrier"]: row["airline"] for row in day}
    Airline.objects.bulk_create(
        (Airline(code=code, name=name) for code, name in airlines.items()), ignore_conflicts=True
    )
    now = timezone.now()
    Flight.objects.bulk_create(
        Flight(
            airline_id=row["carrier"],
            number=row["number"],
            origin_id="JFK",
            destination_id=row["destination"],
            date=now.date(),
            off_block_scheduled=now + timedelta(minutes=30) + WITHIN * place / len(day),
            terminal="5",
            gate=f"B{place % 60 + 1}",
            tail=row["tail"],
        )
        for place, row in enumerate(day)
    )


def region():
    return DeparturesBoard(iata="JFK")


def change(tell=lambda flight: None):
    """Delay the next flight by a few minutes more or less; what the bench has to know of it."""
    turn = next(turns)
    flights = Flight.objects.filter(origin="JFK").order_by("pk")
    round_number, place = divmod(turn, flights.count())
    flight = flights[place]
    changed = {"row": f"{DeparturesBoard.row_prefix}{flight.pk}"}
    with transaction.atomic():
        transaction.on_commit(lambda: changed.update(moment()))  # before what the verb does on commit
        flight.delay(flight.off_block_scheduled + timedelta(minutes=20 + round_number % 40))
    tell(flight)
    return changed


def change_many(how_many):
    """Another gate for the next so many flights, in one transaction."""
    pks = list(Flight.objects.filter(origin="JFK").order_by("pk").values_list("pk", flat=True))
    chosen = [pks[next(turns) % len(pks)] for _ in range(how_many)]
    with transaction.atomic():
        Flight.objects.filter(pk__in=chosen).update(gate=f"C{next(gates) % 97}")
        publish(topics.board("JFK"))
    return {"rows": how_many}


def moment():
    """Now, on the clock that all processes share and on the wall's; and the CPU that this process has used till now."""
    return {"committed": time.monotonic(), "at": time.time(), "cpu": time.process_time()}
