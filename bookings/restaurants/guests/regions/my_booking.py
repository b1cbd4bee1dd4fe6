"""The live parts of pages that are somebody's own, behind a signed link; and the queue, in public numbers."""

from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.functional import cached_property

from bookings.restaurants import topics
from bookings.restaurants.guests import links
from bookings.restaurants.guests.forms import is_open
from bookings.restaurants.guests.regions.search import restaurant_of
from bookings.restaurants.models import QueueEntry, Reservation, State, WaitlistEntry, forecast
from bookings.restaurants.models.slots import moment_of
from bookings.restaurants.models.states import TAKING
from clocks import DAY, clock, day_words, next_minute, when
from links.regions import LinkRegion
from live.regions import ListRegion, Region

LONGEST_TOLD = 180  # minutes: nobody waits longer at a door, and the evening is another one by then


class Booked(LinkRegion):
    """A guest's own booking."""

    path = "reservation/<str:token>/"
    template = "restaurants/guests/_booked.html"

    def things(self):
        return links.bookings()

    def topics(self):
        reservation = self.thing
        return [topics.reservation(reservation.pk), topics.setup(reservation.restaurant_id)]

    def context(self):
        reservation, now = self.thing, timezone.now()
        restaurant = reservation.restaurant
        kept_until = reservation.starts_at + timedelta(minutes=restaurant.grace)
        return {
            "reservation": reservation,
            "restaurant": restaurant,
            "day": day_words(reservation.starts_at.astimezone(restaurant.tz)),
            "clock": clock(reservation.starts_at, restaurant.tz),
            "until": clock(reservation.ends_at, restaurant.tz),
            "may_change": reservation.may_change(now),
            "change_until": when(reservation.cancel_until, restaurant.tz, reservation.day),
            "is_late": reservation.state == State.BOOKED and now > reservation.starts_at,
            "kept_until": clock(kept_until, restaurant.tz),
        }

    def stale_at(self, now):
        moments = (self.thing.cancel_until, self.thing.starts_at)
        after = [moment for moment in moments if moment and moment > now]
        return min(after, default=None) if self.thing.is_expected else None


class Mine(Region):
    """All bookings of somebody who has an account, those to come first."""

    path = "my-reservations/<int:user>/"
    template = "restaurants/guests/_mine.html"
    MOST = 100

    def allows(self, user):
        return user.is_authenticated and user.pk == self.user

    def topics(self):
        return [topics.guest(self.user)]

    def reservations(self):
        return Reservation.objects.filter(user=self.user).made_by_guests()

    def context(self):
        now = timezone.now()
        found = self.reservations().select_related("restaurant__airport").order_by("-first")[: self.MOST]
        rows = [(one, one.get_absolute_url(), when(one.starts_at, one.tz)) for one in found]
        ahead = [row for row in rows if row[0].state in TAKING and row[0].ends_at > now]
        return {"ahead": ahead[::-1], "past": [row for row in rows if row not in ahead]}

    def stale_at(self, now):
        """When the next of them is over."""
        ahead = self.reservations().filter(state__in=TAKING, ends_at__gt=now).order_by("ends_at")
        return ahead.values_list("ends_at", flat=True).first()


class Waiting(LinkRegion):
    """A party's own place: on the waitlist for a time, or in the queue at the door."""

    path = "waiting/<str:token>/"

    def things(self):
        return links.waiting(self.token)

    @property
    def template(self):
        return (
            "restaurants/guests/_waitlist_entry.html"
            if isinstance(self.thing, WaitlistEntry)
            else "restaurants/guests/_queue_entry.html"
        )

    def topics(self):
        waiting = self.thing
        about = [topics.waiting(f"{'waitlist' if isinstance(waiting, WaitlistEntry) else 'queue'}-{waiting.pk}")]
        if isinstance(waiting, WaitlistEntry):
            return [*about, topics.book(waiting.restaurant_id, waiting.day)]
        return [*about, topics.queue(waiting.restaurant_id)]

    def context(self):
        waiting = self.thing
        shown = self.of_waitlist_entry(waiting) if isinstance(waiting, WaitlistEntry) else self.of_queue_entry(waiting)
        return {"waiting": waiting, "restaurant": waiting.restaurant, **shown}

    def of_waitlist_entry(self, entry):
        restaurant = entry.restaurant
        offer = entry.offer if entry.state == WaitlistEntry.State.OFFERED else None
        return {
            "day": day_words(entry.day),
            "first": clock(moment_of(entry.first), restaurant.tz),
            "last": clock(moment_of(entry.last), restaurant.tz),
            "position": waitlist_position(entry) if entry.state == WaitlistEntry.State.WAITING else 0,
            "offer": offer and not offer.is_expired() and offer,
            "offer_clock": offer and clock(offer.starts_at, restaurant.tz),
            "offer_until": offer and clock(offer.expires_at, restaurant.tz),
        }

    def of_queue_entry(self, entry):
        now = timezone.now()
        ready_at = forecast.ready_at(entry, now) if entry.state == QueueEntry.State.WAITING else None
        return {
            "position": forecast.position(entry),
            "quoted_clock": clock(entry.quoted_until, entry.restaurant.tz),
            "is_over": now > entry.quoted_until,
            "at_once": ready_at is not None and ready_at <= now,
            "ready_clock": clock(ready_at, entry.restaurant.tz),
        }

    def stale_at(self, now):
        waiting = self.thing
        if isinstance(waiting, WaitlistEntry):
            offer = waiting.offer
            return offer.expires_at if offer and offer.expires_at and offer.expires_at > now else None
        return next_minute(now) if waiting.state in QueueEntry.WAITS else None


def waitlist_position(entry):
    """From 1: among those who wait for the same day, who came before."""
    before = WaitlistEntry.objects.filter(
        restaurant=entry.restaurant_id, day=entry.day, state=WaitlistEntry.State.WAITING
    )
    return before.filter(made_at__lt=entry.made_at).count() + 1


class QuoteRow(NamedTuple):
    id: str
    restaurant: str
    party: int
    hours: int
    minutes: int
    is_too_long: bool


class Queue(ListRegion):
    """How long parties wait for a table now, by their size; how many do."""

    path, public, row_prefix = "restaurant-queue/<slug:restaurant>/", True, "quote-"
    template, row_template = "restaurants/guests/_queue.html", "restaurants/guests/_quote.html"
    SIZES = (1, 2, 3, 4, 6, 8)

    @cached_property
    def place(self):
        return restaurant_of(self.restaurant)

    def topics(self):
        today = self.place.today()
        return [
            topics.queue(self.place.pk),
            topics.setup(self.place.pk),
            topics.book(self.place.pk, today),
            topics.book(self.place.pk, today + DAY),
        ]

    def context(self):
        waiting = QueueEntry.objects.filter(restaurant=self.place, state__in=QueueEntry.WAITS).count()
        return {"restaurant": self.place, "waiting": waiting, "is_open": is_open(self.place)}

    def rows(self):
        if not is_open(self.place):
            return
        for party, minutes in forecast.quotes(self.place, self.SIZES).items():
            if minutes is not None:
                yield QuoteRow(str(party), self.restaurant, party, *divmod(minutes, 60), minutes > LONGEST_TOLD)

    def stale_at(self, now):
        return next_minute(now)
