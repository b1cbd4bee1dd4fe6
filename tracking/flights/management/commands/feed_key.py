from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracking.flights.models import Source


class Command(BaseCommand):
    help = "Make a source of flight updates, and print its key alone. For an existing source: a new key, and the old one ends."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--revoke", action="store_true", help="End the source's key instead.")

    def handle(self, name: str, revoke: bool, **options: Any) -> None:
        longest = Source._meta.get_field("name").max_length
        if not 1 <= len(name) <= longest:
            raise CommandError(f"A source's name has 1 to {longest} characters.")
        if not revoke:
            _source, key = Source.objects.issue(name)
            self.stdout.write(key)
            return
        source = Source.objects.filter(name=name).first()
        if source is None:
            raise CommandError(f"There is no source “{name}”.")
        source.revoke()
