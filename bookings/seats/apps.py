from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

GATE = "gate"  # the group whose members may board passengers, and nothing else
DESK = "sales desk"  # the group whose members see who has which seat, and change it
FARES = "fares"  # the group whose members may change prices and taxes


class SeatsConfig(AppConfig):
    name = "bookings.seats"
    verbose_name = _("seats")

    def ready(self) -> None:
        post_migrate.connect(make_groups, sender=self)


def make_groups(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Create the groups of staff. The airport chooses their members."""
    from accounts.roles import make_group

    make_group(GATE, "seats", ["board_coupon"], using)
    make_group(DESK, "seats", ["change_inventory"], using)
    make_group(FARES, "seats", ["change_tariff"], using)
