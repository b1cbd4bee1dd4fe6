"""The waitlist: parties that want a time of a day that is full."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Self
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bookings.offers import serve_due
from bookings.restaurants import mail, topics
from bookings.restaurants.models.availability import Availability
from bookings.restaurants.models.floor import Tables, Use
from bookings.restaurants.models.reservations import Reservation
from bookings.restaurants.models.slots import slot_of, slots_for
from bookings.restaurants.models.states import State
from bookings.restaurants.models.times import Time
from bookings.restaurants.models.venue import Restaurant
from bookings.waitlist import Look, Waiting, WaitingQuerySet, WaitingState
from live.outbox import publish

CLAIM = timedelta(minutes=15)  # how long an offer is held
LATE = timedelta(minutes=1)  # an offer whose message is sent later than this is held for its whole time from then on


class WaitlistQuerySet(WaitingQuerySet["WaitlistEntry"]):
    def join(
        self,
        restaurant: Restaurant,
        day: date,
        first: int,
        last: int,
        party: int,
        key: UUID | None = None,
        **guest: Any,
    ) -> "WaitlistEntry":
        """Add a party that can come between two slots of a day. The same key gives the same entry."""

        def make() -> "WaitlistEntry":
            entry = self.model(restaurant=restaurant, day=day, first=first, last=last, party=party, key=key, **guest)
            with transaction.atomic():
                restaurant.lock()
                entry.save()
                return entry.begin("join")

        return self.make_once(key, make, restaurant_id=restaurant.pk)

    def open(self, now: datetime) -> Self:
        """Those whose times have not passed, and those with an offer."""
        return self.filter(Q(state=WaitingState.WAITING, last__gte=slot_of(now)) | Q(state=WaitingState.OFFERED))

    def queues(self, owner: Restaurant, now: datetime) -> Iterator[tuple[Self, Look]]:
        """Each day has a queue of its own."""
        entries = self.open(now)
        for day in entries.order_by("day").values_list("day", flat=True).distinct():
            yield entries.filter(day=day), partial(FreeTimes, owner, day, now)


class WaitlistEntry(Waiting):
    """A party that can come between two times of a day. Its offer is a hold, which lasts for CLAIM."""

    link_view = "restaurants:waiting"

    restaurant = models.ForeignKey(Restaurant, models.CASCADE, related_name="waitlist")
    day = models.DateField(gettext_lazy("day"))
    first = models.IntegerField()  # slots: the earliest and the latest time that suit the party
    last = models.IntegerField()
    party = models.PositiveSmallIntegerField(gettext_lazy("guests"))
    offer = models.OneToOneField(Reservation, models.SET_NULL, null=True, related_name="waitlist_entry")

    objects = WaitlistQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [models.Index(fields=["restaurant", "day", "state"])]
        verbose_name = gettext_lazy("party on the waitlist")
        verbose_name_plural = gettext_lazy("waitlist")

    def lock(self) -> None:
        """Lock the restaurant first, as its reservations do: an offer takes tables."""
        self.restaurant.lock()
        super().lock()

    def topics(self) -> list[str]:
        return [topics.book(self.restaurant_id, self.day), topics.waiting(f"waitlist-{self.pk}")]

    def before_commit(self, verb: str, changes: list[Any]) -> None:
        if verb in ("join", "leave", "lapse"):
            self.restaurant.serve_waitlist_at(timezone.now())

    # What bookings.waitlist asks for

    def hold(self, found: tuple[Time, Any]) -> Reservation:
        time, tables = found
        held = Reservation(restaurant=self.restaurant, expires_at=timezone.now() + CLAIM)
        return Reservation.objects.start(held, "hold", time, self.party, tables)

    def is_offer_open(self, now: datetime) -> bool:
        return self.offer is not None and self.offer.state == State.HELD and not self.offer.is_expired(now)

    def book_offer(self) -> None:
        self.offer.confirm(self.name, self.email, self.phone)

    def release_offer(self) -> None:
        if self.offer and self.offer.state == State.HELD:
            self.offer.release(**(self.context or {}))

    def notify_offer(self) -> None:
        mail.write_offer(self)

    def prolong_offer(self) -> None:
        now = timezone.now()
        with transaction.atomic():
            self.lock()
            if self.is_offer_open(now) and self.offer.expires_at < now + CLAIM - LATE:
                self.offer.expires_at = now + CLAIM
                self.offer.save(update_fields=["expires_at"])
                publish(*self.topics(), *self.offer.topics())


class FreeTimes:
    """A day's availability, read once: finds the first free time that suits an entry, and the best tables then."""

    def __init__(self, restaurant: Restaurant, day: date, now: datetime) -> None:
        self.availability = Availability(restaurant, day, now=now)

    def __call__(self, entry: WaitlistEntry) -> tuple[Time, Tables | None] | None:
        for time in self.availability.times(entry.day, entry.party):
            if time.is_free and entry.first <= time.slot <= entry.last:
                return time, self.availability.free_tables(time.slot, slots_for(time.turn), entry.party, Use.ONLINE)
        return None


def serve_waitlists(now: datetime | None = None) -> None:
    """Serve the waitlists that are due, at all restaurants."""
    serve_due(Restaurant.objects.select_related("airport"), now)
