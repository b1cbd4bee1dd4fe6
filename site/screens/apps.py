from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from live.apps import discover

STAFF = "screens"  # the group whose members set up screens and send messages to them


class ScreensConfig(AppConfig):
    name = "screens"
    verbose_name = _("screens")

    def ready(self) -> None:
        discover("contents")  # what the apps have for screens to show
        post_migrate.connect(make_staff, sender=self)


def make_staff(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Create the group of the staff who manage screens. The airport chooses its members."""
    from accounts.roles import make_group

    make_group(STAFF, "screens", ["view_screen", "add_screen", "change_screen", "delete_screen", "send_message"], using)
