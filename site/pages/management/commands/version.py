from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from version import VERSION


class Command(BaseCommand):
    help = "Print the version of Airside, and the release that its pages compare themselves with."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"Airside {VERSION} ({settings.RELEASE})")
