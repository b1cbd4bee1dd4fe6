"""The histories of reservations, queue entries and waitlist entries, in words for the restaurant's staff."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.restaurants.models import QueueEntry, Reservation, Use, WaitlistEntry
from clocks import short_when
from verbs.forms import Words
from verbs.timeline import Difference, Timeline


class StaffTimeline(Timeline):
    """Shows times on the restaurant's clock. The first verb of a row is told without details: the panel shows them."""

    LABELS: ClassVar[Mapping[str, Words]] = {}  # verb → what was done
    HIDDEN: ClassVar = ("state", "link_version")  # fields whose changes the verb says already

    @property
    def tz(self) -> tzinfo:
        return self.instance.restaurant.tz

    @property
    def day(self) -> date:
        """The day whose times are shown without a date."""
        return self.instance.day

    def label(self, change: Any) -> str:
        return str(self.LABELS.get(change.verb, change.verb))

    def difference(self, change: Any) -> Difference | None:
        return None if change.revision == 1 or change.field in self.HIDDEN else super().difference(change)

    def clock(self, moment: datetime, change: Any = None) -> str:
        return short_when(moment, self.tz, self.day)


class ReservationTimeline(StaffTimeline):
    instance: Reservation

    LABELS: ClassVar = {
        "hold": gettext_lazy("Held"),
        "book": gettext_lazy("Booked"),
        "confirm": gettext_lazy("Booked"),
        "release": gettext_lazy("Released"),
        "change": gettext_lazy("Changed"),
        "transfer": gettext_lazy("Transferred"),
        "cancel": pgettext_lazy("a reservation", "Cancelled"),
        "arrive": pgettext_lazy("a party", "Arrived"),
        "seat": gettext_lazy("Seated"),
        "move": gettext_lazy("Moved"),
        "join": gettext_lazy("Tables joined"),
        "split": pgettext_lazy("a reservation", "Split"),
        "extend": gettext_lazy("Extended"),
        "progress": gettext_lazy("Course"),
        "finish": gettext_lazy("Finished"),
        "no_show": gettext_lazy("No-show"),
        "undo": gettext_lazy("Undone"),
        "contest_no_show": gettext_lazy("No-show contested"),
        "annotate": gettext_lazy("Details changed"),
    }
    GUESTS: ClassVar = ("hold", "confirm", "release", "change", "cancel", "transfer", "contest_no_show")

    def by(self, change: Any) -> str:
        is_guest = change.verb in self.GUESTS and self.instance.channel == Use.ONLINE
        return super().by(change) or (_("the guest") if is_guest else "")


class QueueTimeline(StaffTimeline):
    instance: QueueEntry

    LABELS: ClassVar = {
        "join": gettext_lazy("Joined the queue"),
        "confirm": gettext_lazy("Address confirmed"),
        "call": gettext_lazy("Called"),
        "seat": gettext_lazy("Seated"),
        "leave": pgettext_lazy("a party", "Left"),
    }

    @property
    def day(self) -> date:
        return self.instance.joined_at.astimezone(self.tz).date()


class WaitlistTimeline(StaffTimeline):
    instance: WaitlistEntry

    LABELS: ClassVar = {
        "join": gettext_lazy("Joined the waitlist"),
        "make_offer": gettext_lazy("Offered a table"),
        "settle": gettext_lazy("Booked"),
        "supersede": gettext_lazy("Booked something else"),
        "lapse": gettext_lazy("Offer expired"),
        "leave": gettext_lazy("Left the waitlist"),
    }
