from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracking.orders.models import Shop, TillKey


class Command(BaseCommand):
    help = "Make a key for a shop's own till, and print it alone. For a till that has one: a new key, and the old one ends."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("shop", help="The shop's address, such as grill.")
        parser.add_argument("name")
        parser.add_argument("--revoke", action="store_true", help="End the till's key instead.")

    def handle(self, shop: str, name: str, revoke: bool, **options: Any) -> None:
        found = Shop.objects.filter(slug=shop).first()
        if found is None:
            raise CommandError(f"There is no shop “{shop}”.")
        longest = TillKey._meta.get_field("name").max_length
        if not 1 <= len(name) <= longest:
            raise CommandError(f"A till's name has 1 to {longest} characters.")
        if not revoke:
            _till, key = TillKey.objects.issue(found, name)
            self.stdout.write(key)
            return
        till = found.till_keys.filter(name=name).first()
        if till is None:
            raise CommandError(f"{found} has no till “{name}”.")
        till.revoke()
