"""What organisers do with an event and its places."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.events.models.capacity import Capacity
from bookings.events.models.places import Place
from bookings.events.models.quotas import Quota, TicketType
from bookings.events.models.refusals import Unfit
from bookings.events.models.states import Use
from verbs.models import Tracked, verb

LARGEST = 1_000_000  # places of a quota


SERVING = ("resize", "unblock", "move", "call_off")  # after these the waitlist is served


class EventState(models.TextChoices):
    DRAFT = "draft", gettext_lazy("Draft")
    PUBLISHED = "published", gettext_lazy("Published")
    CANCELLED = "cancelled", pgettext_lazy("an event", "Cancelled")


class EventVerbs(Tracked):
    """``capacity``: its places under the lock, while a verb runs."""

    LEGAL: ClassVar = {
        "publish": (EventState.DRAFT,),
        "call_off": (EventState.PUBLISHED,),
        "move": (EventState.DRAFT, EventState.PUBLISHED),
    }

    state: str
    reason: str
    hall: Any
    starts_at: datetime
    ends_at: datetime
    moved_from: datetime | None
    quotas: Any
    places: Any
    waitlist: Any
    registrations: Any
    capacity: Any = None  # of the verb that runs; None for a row that has just been made

    class Meta:
        abstract = True

    def lock(self) -> None:
        """Lock its quotas first, in the order of their keys, then its row."""
        self.capacity = Capacity.locked(self, timezone.now())
        super().lock()

    @verb
    def publish(self) -> None:
        """Let everybody see it."""
        self.state = EventState.PUBLISHED

    @verb
    def move(self, starts_at: datetime, ends_at: datetime, hall: Any = None) -> None:
        """To another time, or another hall. Attendees are told by their page, their calendar and by mail.

        Who has registered agreed to the former time: they may cancel until it begins, whatever their deadline was.
        """
        if ends_at <= starts_at:
            raise Unfit(_("It would end before it begins."))
        if (starts_at, ends_at, hall or self.hall) != (self.starts_at, self.ends_at, self.hall):
            self.registrations.exclude(cancel_until=None).update(cancel_until=starts_at)
        if starts_at != self.starts_at:
            self.moved_from = self.starts_at
        self.starts_at, self.ends_at, self.hall = starts_at, ends_at, hall or self.hall

    @verb
    def call_off(self, reason: str) -> None:
        """Nobody can register from now on. A job ends the registrations one after the other, and gives back what was paid."""
        self.state, self.reason = EventState.CANCELLED, reason

    @verb
    def resize(self, quota: Quota, size: int) -> None:
        """Another size of a quota. More places go to those who wait first. Below what is used is allowed, and shown."""
        if not 0 <= size <= LARGEST:
            raise Unfit(_("Write a number of places from 0 to %(most)s.") % {"most": LARGEST})
        if quota.pk not in self.capacity.quotas:
            raise Unfit(_("This event has no such quota."))
        self.capacity.resize(quota.pk, size)

    @verb
    def block(self, type_: TicketType, count: int, reason: str = "") -> None:
        """Take places out of the sale. Raises Full where fewer are free."""
        if count < 1:
            raise Unfit(_("Choose how many places you want."))
        self.capacity.check({type_.pk: count})
        self.capacity.take({type_.pk: count}, Use.BLOCKED, reason=reason)

    @verb
    def unblock(self, places: Iterable[Place]) -> None:
        keys = [place.pk for place in places]
        self.capacity.free_places(self.places.filter(pk__in=keys, use=Use.BLOCKED))

    def snapshot(self) -> dict[str, str]:
        """With the sizes of its quotas, and what is blocked."""
        sizes = ", ".join(f"{quota.name} {quota.size}" for quota in Quota.objects.filter(event=self.pk).order_by("pk"))
        blocked = Place.objects.filter(event=self.pk, use=Use.BLOCKED).order_by("type", "reason")
        counts = blocked.values_list("type__name", "reason").annotate(models.Count("pk"))
        words = ", ".join(f"{count} {name} {reason}".strip() for name, reason, count in counts)
        return {**super().snapshot(), "sizes": sizes, "blocked": words}

    def before_commit(self, verb: str, changes: list[Any]) -> None:
        """What is free now goes to those who wait, in the same transaction."""
        if self.capacity is not None and (verb in SERVING or self.capacity.freed):
            self.serve_with(self.capacity)

    def serve_with(self, capacity: Capacity) -> int:
        """Offer what is free to those who wait, under a lock that somebody has. Returns how many offers were made."""
        made: int = self.waitlist.serve(capacity)
        return made
