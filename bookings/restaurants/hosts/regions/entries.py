"""The live parts of the panels: the state and the history of one reservation, queue entry or waitlist entry."""

from datetime import datetime
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property

from bookings.restaurants import topics
from bookings.restaurants.hosts.queue import queue_status, waitlist_row
from bookings.restaurants.hosts.regions.book import works_at
from bookings.restaurants.hosts.status import due_back, status_of
from bookings.restaurants.hosts.tables import table_names
from bookings.restaurants.hosts.timeline import QueueTimeline, ReservationTimeline, StaffTimeline, WaitlistTimeline
from bookings.restaurants.models import QueueEntry, Reservation, WaitlistEntry
from clocks import clock, day_words, next_minute
from live.regions import Region
from verbs.models import Tracked


class EntryRegion(Region):
    """A region of one row of the book, for the staff of its restaurant. ``slug`` is the restaurant's."""

    slug: str
    model: ClassVar[type[Tracked]]
    look_up: ClassVar = ("pk",)  # what its path captures of the row

    def allows(self, user: Any) -> bool:
        return works_at(user, self.slug)

    @cached_property
    def entry(self) -> Any:
        rows = self.model._default_manager.select_related("restaurant__airport")
        return get_object_or_404(
            rows, restaurant__slug=self.slug, **{name: self.captured[name] for name in self.look_up}
        )


class ReservationEntry(EntryRegion):
    model, look_up = Reservation, ("reference",)

    def topics(self) -> list[str]:
        return [topics.reservation(self.entry.pk)]


class QueueEntryRegion(EntryRegion):
    model = QueueEntry

    def topics(self) -> list[str]:
        return [topics.waiting(f"queue-{self.entry.pk}")]


class WaitlistEntryRegion(EntryRegion):
    model = WaitlistEntry

    def topics(self) -> list[str]:
        return [topics.waiting(f"waitlist-{self.entry.pk}")]


class ReservationState(ReservationEntry):
    path = "booking/<slug:slug>/<slug:reference>/"
    template = "restaurants/hosts/_reservation_state.html"

    def context(self) -> dict[str, Any]:
        now = timezone.now()
        return {
            "reservation": self.entry,
            "status": status_of(self.entry, now),
            "due_back": due_back(self.entry, now),
            "time": self.entry.clock(self.entry.starts_at),
            "tables": table_names(self.entry.tables.all()),
        }

    def stale_at(self, now: datetime) -> datetime:
        return next_minute(now)


class QueueEntryState(QueueEntryRegion):
    path = "queue-entry/<slug:slug>/<int:pk>/"
    template = "restaurants/hosts/_queue_entry_state.html"

    def context(self) -> dict[str, Any]:
        return {
            "entry": self.entry,
            "status": queue_status(self.entry, timezone.now()),
            "joined": clock(self.entry.joined_at, self.entry.restaurant.tz),
        }

    def stale_at(self, now: datetime) -> datetime | None:
        return next_minute(now) if self.entry.state in QueueEntry.WAITS else None


class WaitlistEntryState(WaitlistEntryRegion):
    path = "waitlist-entry/<slug:slug>/<int:pk>/"
    template = "restaurants/hosts/_waitlist_entry_state.html"

    def context(self) -> dict[str, Any]:
        return {"entry": self.entry, "row": waitlist_row(self.entry), "day": day_words(self.entry.day)}


class History(EntryRegion):
    """What was done with it, by whom and when."""

    template = "restaurants/hosts/_history.html"
    timeline: ClassVar[type[StaffTimeline]]

    def context(self) -> dict[str, Any]:
        return {"steps": self.timeline(self.entry).steps()}


class ReservationHistory(History, ReservationEntry):
    path = "booking/<slug:slug>/<slug:reference>/history/"
    timeline = ReservationTimeline


class QueueEntryHistory(History, QueueEntryRegion):
    path = "queue-entry/<slug:slug>/<int:pk>/history/"
    timeline = QueueTimeline


class WaitlistEntryHistory(History, WaitlistEntryRegion):
    path = "waitlist-entry/<slug:slug>/<int:pk>/history/"
    timeline = WaitlistTimeline
