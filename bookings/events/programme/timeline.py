"""The history of a session, in words for organisers."""

from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.events.models import Room
from clocks import recent
from verbs.timeline import Difference, Timeline


class SessionTimeline(Timeline):
    LABELS: ClassVar = {
        "plan": gettext_lazy("Added"),
        "move": gettext_lazy("Moved"),
        "edit": gettext_lazy("Words changed"),
        "call_off": pgettext_lazy("a session", "Cancelled"),
        "reinstate": gettext_lazy("Takes place after all"),
    }

    def label(self, change: Any) -> str:
        return str(self.LABELS.get(change.verb, change.verb))

    def difference(self, change: Any) -> Difference | None:
        return None if change.field == "state" else super().difference(change)

    def value(self, change: Any, value: Any) -> str:
        if change.field == "room" and str(value).isdecimal():
            return str(Room.objects.filter(pk=value).first() or "")
        return super().value(change, value)

    def clock(self, moment: datetime, change: Any = None) -> str:
        return recent(moment, self.instance.event.tz)
