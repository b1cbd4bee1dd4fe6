"""Checks of what apps have added to the frame, run by every management command."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.apps import AppConfig
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from pages import nav


@register()
def pictograms_exist(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A door that names a pictogram without a file is shown with an arrow; the check says which."""
    hint = "Name a file of templates/pictograms, or add one."
    return [
        Error(f"There is no pictogram {name!r}, which a door of the front page names.", hint=hint, id="airside.E006")
        for name in sorted(named())
        if not exists(name)
    ]


def named() -> set[str]:
    """The pictograms of all doors that can be made without a database: for a visitor, and for somebody with all rights."""
    found = set()
    for user in (AnonymousUser(), get_user_model()(is_superuser=True)):
        for _order, make in nav.door.parts:
            with suppress(ValueError):  # it asks where this user works, which nobody knows of a user who is not saved
                if door := make(user):
                    found.add(door.pictogram)
    return found


def exists(name: str) -> bool:
    try:
        get_template(f"pictograms/{name}.html")
    except TemplateDoesNotExist:
        return False
    return True
