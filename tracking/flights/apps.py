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
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    create_permissions(sender, verbosity=0, using=using)
    group, _made = Group.objects.using(using).get_or_create(name=DESK)
    # Without the signal of ``group.permissions.add``, which publishes: the outbox may not be there yet.
    granted = Group.permissions.through.objects.using(using)
    for permission in Permission.objects.using(using).filter(
        content_type__app_label="flights", codename="change_flight"
    ):
        granted.get_or_create(group=group, permission=permission)
