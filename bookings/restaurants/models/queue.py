"""The queue: parties at the door that wait for a table now."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.restaurants import topics
from bookings.restaurants.models.floor import Table
from bookings.restaurants.models.reservations import Reservation
from bookings.restaurants.models.venue import Restaurant
from links.models import Linked, LinkedQuerySet
from once import Once, OnceQuerySet
from verbs.models import Tracked, verb


class QueueState(models.TextChoices):
    WAITING = "waiting", gettext_lazy("Waiting")
    CALLED = "called", gettext_lazy("Called")
    SEATED = "seated", gettext_lazy("Seated")
    LEFT = "left", pgettext_lazy("a party", "Left")


WAITS = (QueueState.WAITING, QueueState.CALLED)

# Why a verb is illegal in each state.
ALREADY = {
    QueueState.WAITING: gettext_lazy("You can’t do this: %(name)s is still waiting."),
    QueueState.CALLED: gettext_lazy("You can’t do this: %(name)s has been called already."),
    QueueState.SEATED: gettext_lazy("You can’t do this: %(name)s is already seated."),
    QueueState.LEFT: gettext_lazy("You can’t do this: %(name)s has left the queue."),
}


class QueueQuerySet(OnceQuerySet["QueueEntry"], LinkedQuerySet["QueueEntry"]):
    def waiting(self) -> Self:
        """Those that wait or have been called, first come first."""
        return self.filter(state__in=WAITS).order_by("joined_at", "pk")

    def join(
        self,
        restaurant: Restaurant,
        party: int,
        name: str,
        minutes: int,
        key: UUID | None = None,
        by: Any = None,
        **fields: Any,
    ) -> "QueueEntry":
        """Add a party, with a quoted wait in minutes. The same key gives the same entry."""

        def make() -> "QueueEntry":
            until = timezone.now() + timedelta(minutes=minutes)
            entry = self.model(restaurant=restaurant, party=party, name=name, quoted_until=until, key=key, **fields)
            with transaction.atomic():
                entry.save()
                return entry.begin("join", by=by)

        return self.make_once(key, make, restaurant_id=restaurant.pk)


class QueueEntry(Once, Linked, Tracked):
    """A party in the queue for a table now."""

    State = QueueState
    WAITS = WAITS
    LEGAL: ClassVar = {"call": (QueueState.WAITING,), "seat": WAITS, "leave": WAITS}
    link_view = "restaurants:waiting"
    TRACKED: ClassVar = ("state", "quoted_until", "notes")

    restaurant = models.ForeignKey(Restaurant, models.CASCADE, related_name="queue")
    party = models.PositiveSmallIntegerField(gettext_lazy("guests"))
    name = models.CharField(gettext_lazy("name"), max_length=80)
    phone = models.CharField(gettext_lazy("phone"), max_length=30, blank=True)
    notes = models.CharField(gettext_lazy("notes"), max_length=200, blank=True)
    state = models.CharField(gettext_lazy("state"), max_length=7, choices=QueueState, default=QueueState.WAITING)
    joined_at = models.DateTimeField(default=timezone.now)
    quoted_until = models.DateTimeField(gettext_lazy("quoted wait until"))
    called_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reservation = models.OneToOneField(Reservation, models.SET_NULL, null=True, related_name="queue_entry")

    objects = QueueQuerySet.as_manager()

    class Meta:
        ordering = ["joined_at", "pk"]
        indexes = [models.Index(fields=["restaurant", "state"])]
        verbose_name = gettext_lazy("party in the queue")
        verbose_name_plural = gettext_lazy("queue")

    def __str__(self) -> str:
        return self.name

    @verb
    def call(self) -> None:
        """Its table is ready."""
        self.state, self.called_at = QueueState.CALLED, timezone.now()

    @verb
    def leave(self) -> None:
        """The party waits no longer."""
        self.state, self.ended_at = QueueState.LEFT, timezone.now()

    @verb
    def seat(self, tables: Iterable[Table]) -> None:
        """Seat it at these tables now; its ``reservation`` is that of a walk-in."""
        walk_in = Reservation.objects.walk_in
        self.reservation = walk_in(self.restaurant, self.party, tables, name=self.name, **self.context)
        self.state, self.ended_at = QueueState.SEATED, timezone.now()

    def lock(self) -> None:
        """Lock the restaurant first, as its reservations do: seating takes tables."""
        self.restaurant.lock()
        super().lock()

    def topics(self) -> list[str]:
        return [topics.queue(self.restaurant_id), topics.waiting(f"queue-{self.pk}")]

    def refusal(self, verb: str, state: str) -> str:
        return ALREADY[QueueState(state)] % {"name": self.name}
