"""What embeds add to the frame of the site."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from pages.nav import Entry, entry


@entry(order=90)
def embeds(user: Any) -> Entry | None:
    """For staff. Others come from what they own, such as their booking."""
    if not user.has_perm("embeds.view_embed"):
        return None
    return Entry(_("Widgets"), reverse("embeds:own"), {"embeds:own", "embeds:new", "embeds:embed"})
