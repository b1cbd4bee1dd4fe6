"""The histories of flights for sale, bookings and tickets, in words for staff."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.seats.layouts import LAYOUTS
from bookings.seats.models import Coupon, Inventory
from clocks import recent
from verbs.forms import Words
from verbs.timeline import Difference, Timeline

SEATS = ("assignments", "segments")  # the fields that have seats


class DeskTimeline(Timeline):
    """Shows times on the clock of the airport."""

    LABELS: ClassVar[Mapping[str, Words]] = {}
    HIDDEN: ClassVar = ("link_version",)

    @property
    def inventory(self) -> Inventory:
        found: Inventory = self.instance
        return found

    def label(self, change: Any) -> str:
        return str(self.LABELS.get(change.verb, change.verb.replace("_", " ").capitalize()))

    def difference(self, change: Any) -> Difference | None:
        if change.field in self.HIDDEN:
            return None
        if change.field in SEATS:
            return Difference(_("Seats"), change.before, change.after)
        if change.field == "flights":
            return Difference(_("Flights"), change.before, change.after)
        return super().difference(change)

    def clock(self, moment: datetime, change: Any = None) -> str:
        return recent(moment, self.inventory.flight.origin.tz)


class InventoryTimeline(DeskTimeline):
    LABELS: ClassVar = {
        "block": pgettext_lazy("seats", "Blocked"),
        "unblock": pgettext_lazy("seats", "Unblocked"),
        "stop_sale": gettext_lazy("Sale stopped"),
        "resume_sale": gettext_lazy("Sale resumed"),
        "change_aircraft": gettext_lazy("Change of aircraft"),
    }
    HIDDEN: ClassVar = ("is_on_sale",)  # the verb says it

    def difference(self, change: Any) -> Difference | None:
        found = super().difference(change)
        if found and change.field == "assignments":
            return found._replace(label=_("Blocked seats"))
        return found

    def value(self, change: Any, value: Any) -> str:
        if change.field == "layout" and value in LAYOUTS:
            return str(LAYOUTS[value])
        return super().value(change, value)


class TravellerTimeline(DeskTimeline):
    """The history of a ticket, and of its booking from when it was booked, in one list."""

    instance: Coupon

    LABELS: ClassVar = {
        "hold": gettext_lazy("Held"),
        "book": gettext_lazy("Booked"),
        "confirm": gettext_lazy("Paid"),
        "renew": gettext_lazy("Held"),
        "choose": gettext_lazy("Seat changed"),
        "move": gettext_lazy("Seat changed"),
        "swap": gettext_lazy("Seats swapped"),
        "change_aircraft": gettext_lazy("Change of aircraft"),
        "reaccommodate": gettext_lazy("Rebooked by staff"),
        "rebook": gettext_lazy("Rebooked"),
        "change": gettext_lazy("Flights changed"),
        "settle_change": gettext_lazy("Difference paid"),
        "lapse": gettext_lazy("Not paid in time"),
        "give_back_unused": gettext_lazy("Paid back what was not flown"),
        "cancel": pgettext_lazy("a flight booking", "Cancelled"),
        "check_in": gettext_lazy("Checked in"),
        "undo_check_in": gettext_lazy("Check-in undone"),
        "board": gettext_lazy("Boarded"),
        "undo_boarding": gettext_lazy("Boarding undone"),
        "offload": gettext_lazy("Taken off the flight"),
    }
    HIDDEN: ClassVar = (
        "link_version",
        "expires_at",
        "state",
        "status",
        "travellers",
        "total",
        "kept",
        "charged",
        "lapsed_at",
    )

    @property
    def inventory(self) -> Inventory:
        found: Inventory = self.instance.segment.inventory
        return found

    def changes(self) -> list[Any]:
        booking = self.instance.segment.booking
        found = [*booking.changes.select_related("by"), *self.instance.changes.select_related("by")]
        return sorted(found, key=lambda change: (change.at, change.pk))
