"""Who may do what has changed: open pages that it allowed are asked about at once (live/rechecks.py)."""

from typing import Any

from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed

from accounts.models import User
from live.outbox import publish
from live.rechecks import ROLES


def publish_roles(action: str, **kwargs: Any) -> None:
    if action.startswith("post_"):
        publish(ROLES)


def publish_changes_of(through: Any) -> None:
    """Publish each change of a relation on which permissions depend, such as who works at a restaurant."""
    m2m_changed.connect(publish_roles, sender=through, dispatch_uid=f"roles-{through._meta.label}")


for relation in (User.groups.through, User.user_permissions.through, Group.permissions.through):
    publish_changes_of(relation)
