"""``manage.py seats ledger``: whether the seats of every flight that is for sale add up."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bookings.seats.models import Inventory
from bookings.seats.models.ledgers import faults_of


class Command(BaseCommand):
    help = "Check what is sold on flights: “ledger” says of each flight what does not add up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["ledger"])

    def handle(self, *args: Any, **options: Any) -> None:
        checked, faults = 0, 0
        for inventory in Inventory.objects.select_related("flight__origin").order_by("pk").iterator():
            checked += 1
            for fault in faults_of(inventory):
                faults += 1
                self.stdout.write(f"{inventory} {inventory.day}: {fault}")
        if faults:
            raise CommandError(f"{faults} faults on {checked} flights.")
        self.stdout.write(f"{checked} flights, all of which add up.")
