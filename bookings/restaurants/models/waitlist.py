"""The waitlist of a day: parties that want a time that is full."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.restaurants import topics
from bookings.restaurants.guests import mail
from bookings.restaurants.models.availability import Availability, Time
from bookings.restaurants.models.floor import Use
from bookings.restaurants.models.refusals import IllegalMove
from bookings.restaurants.models.reservations import Reservation
from bookings.restaurants.models.slots import slot_of, slots_for
from bookings.restaurants.models.states import State
from bookings.restaurants.models.venue import Restaurant
from bookings.waitlist import Waiting, WaitingQuerySet, WaitingState, serve

CLAIM = timedelta(minutes=15)  # how long an offer is held


class WaitlistQuerySet(WaitingQuerySet["WaitlistEntry"]):
    def join(
        self, restaurant, day, first: int, last: int, party: int, key: UUID | None = None, **guest: Any
    ) -> "WaitlistEntry":
        """A party that would come between two slots of a day. The same key gives the same entry."""

        def make() -> "WaitlistEntry":
            entry = self.model(restaurant=restaurant, day=day, first=first, last=last, party=party, key=key, **guest)
            with transaction.atomic():
                entry.save()
                return entry.begin("join")

        return self.make_once(key, make, restaurant_id=restaurant.pk)

    def open(self, now: datetime):
        """Those that wait for a time that has not passed, and those with an offer."""
        return self.filter(Q(state=WaitingState.WAITING, last__gte=slot_of(now)) | Q(state=WaitingState.OFFERED))


class WaitlistEntry(Waiting):
    """A party that would come between two times of a day. Its offer is a hold, which lasts for CLAIM.

    A party that lets its offer pass gets no other one.
    """

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

    def claim(self) -> Reservation:
        """Book the offer. Claimed twice, it is the same reservation."""
        with transaction.atomic():
            self.lock()
            if self.offer is None or self.state not in (WaitingState.OFFERED, WaitingState.BOOKED):
                raise IllegalMove(_("This offer has expired."))
            if self.state == WaitingState.OFFERED:
                self.offer.confirm(self.name, self.email, self.phone)
                self.refresh_from_db()
        return self.offer

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

    def hold(self, found: tuple[Time, Any], now: datetime) -> Reservation:
        time, tables = found
        held = Reservation(restaurant=self.restaurant, expires_at=now + CLAIM)
        return Reservation.objects.start(held, "hold", time, self.party, tables)

    def is_offer_open(self, now: datetime) -> bool:
        return self.offer is not None and self.offer.state == State.HELD and not self.offer.is_expired(now)

    def release_offer(self) -> None:
        if self.offer and self.offer.state == State.HELD:
            self.offer.release(**(self.context or {}))

    def notify_offer(self) -> None:
        transaction.on_commit(lambda: mail.tell_offer(self), robust=True)


class FreeTimes:
    """Finds the first free time that suits a waiting party, and its best tables: ``(Time, tables)``, or None.

    A day is read once and used for all who wait for it, until something of it is offered.
    """

    def __init__(self, restaurant: Restaurant, now: datetime) -> None:
        self.restaurant, self.now = restaurant, now
        self.days: dict[Any, Availability] = {}

    def __call__(self, entry: WaitlistEntry, fresh: bool) -> tuple[Time, Any] | None:
        if fresh or entry.day not in self.days:
            self.days[entry.day] = Availability(self.restaurant, entry.day, now=self.now)
        found = self.first_free(self.days[entry.day], entry)
        if fresh:
            del self.days[entry.day]  # what was found is about to be held
        return found

    def first_free(self, availability: Availability, entry: WaitlistEntry) -> tuple[Time, Any] | None:
        for time in availability.times(entry.day, entry.party):
            if time.is_free and entry.first <= time.slot <= entry.last:
                count = slots_for(time.turn)
                return time, availability.free_tables(time.slot, count, entry.party, channel=Use.ONLINE)
        return None


def serve_due(now: datetime | None = None) -> None:
    """Serve the waitlists on which something may have changed, at all restaurants."""
    now = now or timezone.now()
    for restaurant in Restaurant.objects.filter(waitlist_due_at__lte=now).select_related("airport"):
        restaurant.waitlist_served(now)  # first: what changes from here on makes it due again
        serve(restaurant.waitlist.open(now), FreeTimes(restaurant, now), now)
