from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

GATE = "gate"  # the group whose members may board passengers, and nothing else


class SeatsConfig(AppConfig):
    name = "bookings.seats"
    verbose_name = _("seats")

    def ready(self) -> None:
        post_migrate.connect(make_groups, sender=self)


def make_groups(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Create the group of gate agents. The airport chooses its members."""
    from accounts.roles import make_group

    make_group(GATE, "seats", ["board_coupon"], using)
