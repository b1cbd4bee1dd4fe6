"""A party that waits, on the waitlist or in the queue; and how long the queue takes, for everybody."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.functional import cached_property

from bookings.restaurants import topics
from bookings.restaurants.guests import links
from bookings.restaurants.guests.addresses import restaurant_or_404
from bookings.restaurants.models import QueueEntry, Restaurant, WaitlistEntry, forecast
from bookings.restaurants.models.slots import moment_of
from clocks import DAY, clock, day_words, next_minute
from links.regions import LinkRegion
from live.regions import ListRegion

LONGEST_QUOTE = 180  # minutes: a longer wait is another evening, and its length is a guess


class Waiting(LinkRegion):
    """A party's own entry: on the waitlist for a time, or in the queue at the door."""

    path = "waiting/<str:token>/"

    def things(self) -> Any:
        return links.waiting(self.token)

    @property
    def is_on_waitlist(self) -> bool:
        return isinstance(self.thing, WaitlistEntry)

    @property
    def template(self) -> str:
        name = "waitlist" if self.is_on_waitlist else "queue"
        return f"restaurants/guests/_{name}_entry.html"

    def topics(self) -> list[str]:
        entry: Any = self.thing
        if self.is_on_waitlist:
            return [topics.waiting(f"waitlist-{entry.pk}"), topics.book(entry.restaurant_id, entry.day)]
        return [topics.waiting(f"queue-{entry.pk}"), topics.queue(entry.restaurant_id)]

    def context(self) -> dict[str, Any]:
        entry: Any = self.thing
        details = self.of_waitlist(entry) if self.is_on_waitlist else self.of_queue(entry)
        return {"waiting": entry, "restaurant": entry.restaurant, **details}

    def of_waitlist(self, entry: WaitlistEntry) -> dict[str, Any]:
        tz = entry.restaurant.tz
        offer = entry.offer if entry.state == WaitlistEntry.State.OFFERED else None
        return {
            "day": day_words(entry.day),
            "first": clock(moment_of(entry.first), tz),
            "last": clock(moment_of(entry.last), tz),
            "position": waitlist_position(entry) if entry.state == WaitlistEntry.State.WAITING else 0,
            "offer": offer if offer and not offer.is_expired() else None,
            "offer_clock": offer and clock(offer.starts_at, tz),
            "offer_until": offer and clock(offer.expires_at, tz),
        }

    def of_queue(self, entry: QueueEntry) -> dict[str, Any]:
        now, tz = timezone.now(), entry.restaurant.tz
        ready_at = forecast.ready_at(entry, now) if entry.state == QueueEntry.State.WAITING else None
        return {
            "position": forecast.position(entry),
            "quoted_clock": clock(entry.quoted_until, tz),
            "is_over": now > entry.quoted_until,
            "at_once": ready_at is not None and ready_at <= now,
            "ready_clock": clock(ready_at, tz),
        }

    def stale_at(self, now: datetime) -> datetime | None:
        """When the offer expires; each minute for a party in the queue."""
        entry: Any = self.thing
        if not self.is_on_waitlist:
            return next_minute(now) if entry.state in QueueEntry.WAITS else None
        offer = entry.offer
        return offer.expires_at if offer and offer.expires_at and offer.expires_at > now else None


def waitlist_position(entry: WaitlistEntry) -> int:
    """Its position among those who wait for the same day, from 1."""
    waiting = WaitlistEntry.objects.filter(
        restaurant=entry.restaurant_id, day=entry.day, state=WaitlistEntry.State.WAITING
    )
    return waiting.filter(made_at__lt=entry.made_at).count() + 1


class QuoteRow(NamedTuple):
    """How long a party of this size waits."""

    id: str
    slug: str
    party: int
    hours: int
    minutes: int
    is_too_long: bool


class Queue(ListRegion):
    """How many parties are in the queue, and how long one waits for a table now, by its size. Public."""

    path, public, row_prefix = "restaurant-queue/<slug:slug>/", True, "quote-"
    template, row_template = "restaurants/guests/_queue.html", "restaurants/guests/_quote.html"
    SIZES = (1, 2, 3, 4, 6, 8)
    slug: str

    @cached_property
    def restaurant(self) -> Restaurant:
        return restaurant_or_404(self.slug)

    def topics(self) -> list[str]:
        key, today = self.restaurant.pk, self.restaurant.today()
        return [topics.queue(key), topics.setup(key), topics.book(key, today), topics.book(key, today + DAY)]

    def context(self) -> dict[str, Any]:
        waiting = QueueEntry.objects.filter(restaurant=self.restaurant, state__in=QueueEntry.WAITS).count()
        return {"restaurant": self.restaurant, "waiting": waiting, "is_open": self.restaurant.is_open()}

    def rows(self) -> Iterator[QuoteRow]:
        if not self.restaurant.is_open():
            return
        for party, minutes in forecast.quotes(self.restaurant, self.SIZES).items():
            if minutes is not None:
                yield QuoteRow(str(party), self.slug, party, *divmod(minutes, 60), minutes > LONGEST_QUOTE)

    def stale_at(self, now: datetime) -> datetime:
        return next_minute(now)
