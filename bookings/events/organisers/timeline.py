"""The histories of registrations and events, in words for organisers."""

from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.events.models import Hall
from clocks import recent
from money import Money
from verbs.timeline import Difference, Timeline


class GuestTimeline(Timeline):
    LABELS: ClassVar = {
        "hold": gettext_lazy("Held"),
        "offer": gettext_lazy("Offered from the waitlist"),
        "extend": gettext_lazy("Held longer"),
        "release": gettext_lazy("Released"),
        "book": gettext_lazy("Registered"),
        "confirm": gettext_lazy("Paid"),
        "approve": gettext_lazy("Approved"),
        "decline": gettext_lazy("Declined"),
        "lapse": gettext_lazy("Not paid in time"),
        "change": gettext_lazy("Changed"),
        "transfer": gettext_lazy("Given to another person"),
        "leave_flight": gettext_lazy("Goes on with no flight that we know"),
        "renew_link": gettext_lazy("New link"),
        "note": gettext_lazy("Note changed"),
        "swap": gettext_lazy("Another ticket type"),
        "cancel_ticket": gettext_lazy("One ticket cancelled"),
        "cancel": pgettext_lazy("a registration", "Cancelled"),
        "call_off": gettext_lazy("Cancelled by the organiser"),
    }
    SHOWN: ClassVar = ("tickets", "name", "email", "phone", "reason", "total", "staff_note")

    def label(self, change: Any) -> str:
        return str(self.LABELS.get(change.verb, change.verb.replace("_", " ").capitalize()))

    def difference(self, change: Any) -> Difference | None:
        if change.field not in self.SHOWN:
            return None
        if change.field == "tickets":
            return Difference(_("Tickets"), change.before, change.after)
        if change.field == "total" and {change.was, change.now} <= {"", "0"}:
            return None
        return super().difference(change)

    def clock(self, moment: datetime, change: Any = None) -> str:
        return recent(moment, self.instance.event.tz)

    def value(self, change: Any, value: Any) -> str:
        if change.field == "total" and value:
            return Money(int(value), self.instance.currency).format()
        return super().value(change, value)


class EventTimeline(Timeline):
    LABELS: ClassVar = {
        "set_up": gettext_lazy("Set up"),
        "copy": gettext_lazy("Set up as a copy"),
        "publish": gettext_lazy("Published"),
        "move": gettext_lazy("Moved"),
        "call_off": pgettext_lazy("an event", "Cancelled"),
        "resize": gettext_lazy("Quota changed"),
        "block": gettext_lazy("Places blocked"),
        "unblock": gettext_lazy("Places freed"),
    }

    def label(self, change: Any) -> str:
        return str(self.LABELS.get(change.verb, change.verb.replace("_", " ").capitalize()))

    def difference(self, change: Any) -> Difference | None:
        if change.field == "sizes":
            return Difference(_("Quotas"), change.before, change.after)
        if change.field == "blocked":
            return Difference(_("Blocked"), change.before, change.after)
        return None if change.field == "state" else super().difference(change)

    def value(self, change: Any, value: Any) -> str:
        if change.field == "hall" and str(value).isdecimal():
            return str(Hall.objects.filter(pk=value).first() or "")
        return super().value(change, value)

    def clock(self, moment: datetime, change: Any = None) -> str:
        return recent(moment, self.instance.tz)
