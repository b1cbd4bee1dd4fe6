from typing import Any

import airportsdata
from django.core.management.base import BaseCommand

from tracking.flights.models import Airline, Airport


class Command(BaseCommand):
    help = "Load or refresh the world's airports that have an IATA code, with their time zones, and name airlines."

    def handle(self, **options: Any) -> None:
        airports = [
            Airport(
                iata=iata, name=row["name"], city=row["city"] or row["name"], country=row["country"], zone=row["tz"]
            )
            for iata, row in airportsdata.load("IATA").items()
            if row["tz"]
        ]
        Airport.objects.load(airports)
        Airline.objects.name_known()
        if options["verbosity"]:
            self.stdout.write(f"{len(airports)} airports")
