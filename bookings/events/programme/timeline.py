"""The history of a session, in words for organisers."""

from datetime import datetime
from textwrap import shorten
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from bookings.events.models import Room
from clocks import recent
from verbs.timeline import Difference, Timeline

SHOWN = 160  # characters of a long text


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
        if change.field == "state":
            return None
        found = super().difference(change)
        if found and found.before == found.after:  # they differ in what is not shown of them
            return found._replace(before="", after=pgettext("a long text", "changed"))
        return found

    def value(self, change: Any, value: Any) -> str:
        if change.field == "room" and str(value).isdecimal():
            return str(Room.objects.filter(pk=value).first() or "")
        if change.field == "speakers":
            return ", ".join(str(value).splitlines())
        return shorten(value, SHOWN, placeholder="…") if isinstance(value, str) else super().value(change, value)

    def clock(self, moment: datetime, change: Any = None) -> str:
        return recent(moment, self.instance.event.tz)
