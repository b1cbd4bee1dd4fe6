"""The navigation entry of screens, and the page on which their staff land."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.landings import landing
from accounts.models import User
from pages.nav import Entry, entry


@landing(order=80)
def to_wall(user: User) -> str | None:
    return reverse("screens:wall") if user.has_perm("screens.view_screen") else None


@entry(order=80)
def screens(user: Any) -> Entry | None:
    if not user.has_perm("screens.view_screen"):
        return None
    views = ("wall", "new", "set-up", "act", "hours", "new-hours", "messages", "send")
    return Entry(_("Screens"), reverse("screens:wall"), {f"screens:{view}" for view in views})
