from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

DESK = "flight desk"  # the group whose members may change flights


class FlightsConfig(AppConfig):
    name = "tracking.flights"
    label = "flights"

    def ready(self) -> None:
        post_migrate.connect(make_desk, sender=self)


def make_desk(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Create the group of desk agents. The airport chooses its members."""
    from accounts.roles import make_group

    make_group(DESK, "flights", ["change_flight"], using)
