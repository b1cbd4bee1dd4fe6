"""The receipt of a promise: when an order was expected, each time that it changed, and why."""

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from clocks import clock


class Cause(models.TextChoices):
    """Why an order is expected then. ``Promise.reasons`` fills in the words."""

    PLACED = "placed", _("Placed")
    ACCEPTED = "accepted", _("The shop has said so")
    BUSY = "busy", _("The shop is busy")
    LATE = "late", _("It takes longer than was thought")
    READY = "ready", _("It is ready")
    OUT = "out", _("It is on its way")
    RECALLED = "recalled", _("The kitchen makes something again")
    GATE = "gate", _("The gate has changed")
    BOARDING = "boarding", _("Boarding was called")
    FLIGHT = "flight", _("The flight leaves at another time")
    CHANGED = "changed", _("The order has changed")


class Promise(models.Model):
    """From ``earliest`` to ``latest`` an order is ready or at the gate. ``is_estimated``: from the shop's setting, as there
    were too few orders to know."""

    order = models.ForeignKey("orders.Order", models.CASCADE, related_name="promises")
    at = models.DateTimeField(default=timezone.now)
    earliest = models.DateTimeField()
    latest = models.DateTimeField()
    cause = models.CharField(max_length=10, choices=Cause)
    facts = models.JSONField(default=dict)
    is_estimated = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.earliest:%H:%M}–{self.latest:%H:%M} {self.cause}"

    @property
    def reasons(self) -> list[str]:
        """Sentences for the receipt, the cause first."""
        found = [self.cause_words()]
        if open_orders := self.facts.get("open"):
            text = ngettext("%(count)s order is before it.", "%(count)s orders are before it.", open_orders)
            found.append(text % {"count": open_orders})
        if busy := self.facts.get("busy"):
            found.append(gettext("The shop is busy: +%(minutes)s min.") % {"minutes": busy})
        if "leave_by" in self.facts:
            found.append(self.leave_words())
        return found

    @property
    def warning(self) -> str:
        """What its customer has to know of the flight now; "" for nothing."""
        if self.cause == Cause.BOARDING or self.facts.get("is_cancelled"):
            return self.cause_words()
        return self.leave_words() if "leave_by" in self.facts else ""

    def cause_words(self) -> str:
        facts, minutes = self.facts, self.facts.get("minutes", 0)
        if self.cause == Cause.BOARDING:
            return self.boarding_words()
        if self.cause == Cause.FLIGHT and facts.get("is_cancelled"):
            return gettext("The flight was cancelled.")
        if self.cause == Cause.FLIGHT:
            return gettext("The flight leaves at %(time)s.") % {"time": self.clock("leaves_at")}
        text = str(self.get_cause_display())
        if self.cause == Cause.GATE:
            text = gettext("The gate has changed from %(before)s to %(gate)s") % facts
        return f"{text}: +{minutes} min." if minutes > 0 else f"{text}."

    def boarding_words(self) -> str:
        words = {"time": self.clock("closes_at")}
        if self.facts["in_time"]:
            return gettext("Boarding was called: the gate closes at about %(time)s.") % words
        return gettext("Boarding was called: it can’t be there before the gate closes at about %(time)s.") % words

    def leave_words(self) -> str:
        words = {"time": self.clock("leave_by")}
        return gettext("It may be later than %(time)s, when you have to leave for your gate.") % words

    def clock(self, fact: str) -> str:
        """A moment among its facts, on the clock of the airport."""
        return clock(datetime.fromisoformat(self.facts[fact]), self.order.shop.tz)
