from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from clocks import recent
from pages.nav import home_zone
from verbs.timeline import Timeline

VERBS = {
    "set_up": _("Set up"),
    "pair": _("Paired"),
    "revoke": _("Key revoked"),
    "reload": _("Reloaded"),
    "change": _("Changed"),
    "show": _("Shows"),
    "stop_showing": _("Shows no more"),
}


class ScreenTimeline(Timeline):
    """By the airport's clock."""

    def __init__(self, instance: Any) -> None:
        super().__init__(instance)
        self.zone = home_zone()

    def label(self, change: Any) -> str:
        return str(VERBS.get(change.verb, change.verb))

    def difference(self, change: Any) -> Any:
        """Of the set-up and of a reload the verb says it all."""
        return None if change.verb in ("set_up", "reload", "pair", "revoke") else super().difference(change)

    def clock(self, moment: datetime, change: Any = None) -> str:
        return recent(moment, self.zone)
