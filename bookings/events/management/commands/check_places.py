"""``manage.py check_places``: whether the places of all events add up."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bookings.events.models import Event
from bookings.events.models.auditing import audit


class Command(BaseCommand):
    help = (
        "Compare the ledger of each event with the rows behind it. Ends with an error where something does not add up."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for event in Event.objects.order_by("pk"):
            for sentence in audit(event):
                wrong += 1
                self.stderr.write(f"{event.slug}: {sentence}")
        if wrong:
            raise CommandError(f"{wrong} things do not add up.")
        self.stdout.write("All places add up.")
