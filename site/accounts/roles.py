"""Who may do what has changed: open pages that it allowed are asked about at once (live/rechecks.py)."""

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from django.db.models.signals import m2m_changed, post_delete

from accounts.models import User
from live.outbox import publish
from live.rechecks import ROLES, roles_of


def publish_roles(action: str, instance: Any, model: Any, pk_set: set[Any] | None, **kwargs: Any) -> None:
    """A change of one person's roles is told apart: open pages of a whole airport are many to ask about."""
    if not (action == "post_clear" or (action.startswith("post_") and pk_set)):
        return
    if isinstance(instance, User):
        publish(roles_of(instance.pk))
    elif model is User and pk_set:
        publish(*map(roles_of, sorted(pk_set)))
    else:  # what a group may do, or all of a group at once
        publish(ROLES)


def publish_end(**kwargs: Any) -> None:
    publish(ROLES)


def publish_changes_of(through: Any) -> None:
    """Publish each change of a relation on which permissions depend, such as who works at a restaurant."""
    m2m_changed.connect(publish_roles, sender=through, dispatch_uid=f"roles-{through._meta.label}")
    for model in {field.related_model for field in through._meta.fields if field.related_model} - {User}:
        # Rows of the relation that end with a group or restaurant send no signal. An ended user is missed by rechecks.
        post_delete.connect(publish_end, sender=model, dispatch_uid=f"roles-{model._meta.label}")


for relation in (User.groups.through, User.user_permissions.through, Group.permissions.through):
    publish_changes_of(relation)


def make_group(name: str, app: str, permissions: Collection[str], using: str) -> None:
    """A group with permissions of an app, for ``post_migrate``. Nothing is published: the outbox may not be there yet."""
    create_permissions(apps.get_app_config(app), verbosity=0, using=using)
    group, _made = Group.objects.using(using).get_or_create(name=name)
    # Without the signal of ``group.permissions.add``, which publishes.
    granted = Group.permissions.through.objects.using(using)
    for permission in Permission.objects.using(using).filter(content_type__app_label=app, codename__in=permissions):
        granted.get_or_create(group=group, permission=permission)


def people_with(permission: str) -> QuerySet[User]:
    """The active users who have a permission, such as ``screens.change_screen``."""
    app, _dot, codename = permission.partition(".")
    granted = Permission.objects.filter(content_type__app_label=app, codename=codename)
    has_it = Q(is_superuser=True) | Q(user_permissions__in=granted) | Q(groups__permissions__in=granted)
    users: QuerySet[User] = User.objects.filter(has_it, is_active=True).distinct()
    return users
