"""The live parts of pages that are somebody's own, behind a signed link; and the queue, in public numbers."""

from datetime import timedelta
from typing import NamedTuple

from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property

from bookings.restaurants import topics
from bookings.restaurants.guests.forms import DAY, is_open
from bookings.restaurants.guests.regions.search import clock, restaurant_of
from bookings.restaurants.links import address_of, reservation_of, waiting_of
from bookings.restaurants.models import Party, Reservation, State, Wish, forecast
from bookings.restaurants.models.reservations import EXPECTED, TAKING
from bookings.restaurants.models.slots import moment_of
from bookings.restaurants.words import day_words, when
from live.regions import ListRegion, Region

MINUTE = timedelta(minutes=1)
LONGEST_TOLD = 180  # minutes: nobody waits longer at a door, and the evening is another one by then


class ByLink(Region):
    """A region for whoever has a signed link, which no log may show."""

    def __repr__(self):
        return f"<{type(self).__name__}>"


class Booked(ByLink):
    """A guest's own booking."""

    path = "reservation/<str:token>/"
    template = "restaurants/guests/_booked.html"

    @cached_property
    def reservation(self):
        return reservation_of(self.token)

    def allows(self, user):
        """Asked again while the page is open: a link that was handed on ends its page."""
        try:
            reservation_of(self.token)
        except Http404:
            return False
        return True

    def topics(self):
        reservation = self.reservation
        return [topics.reservation(reservation.pk), topics.setup(reservation.restaurant_id)]

    def context(self):
        reservation, now = self.reservation, timezone.now()
        restaurant = reservation.restaurant
        kept_until = reservation.starts_at + timedelta(minutes=restaurant.grace)
        return {
            "reservation": reservation,
            "restaurant": restaurant,
            "day": day_words(reservation.starts_at.astimezone(restaurant.tz)),
            "clock": clock(reservation.starts_at, restaurant),
            "until": clock(reservation.ends_at, restaurant),
            "may_change": reservation.may_change(now),
            "change_until": clock_and_day(reservation.cancel_until, reservation),
            "is_late": reservation.state == State.BOOKED and now > reservation.starts_at,
            "kept_until": clock(kept_until, restaurant),
        }

    def stale_at(self, now):
        moments = (self.reservation.cancel_until, self.reservation.starts_at)
        after = [moment for moment in moments if moment and moment > now]
        return min(after, default=None) if self.reservation.state in EXPECTED else None


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
        rows = [(one, address_of(one), when(one.starts_at, one.tz)) for one in found]
        ahead = [row for row in rows if row[0].state in TAKING and row[0].ends_at > now]
        return {"ahead": ahead[::-1], "past": [row for row in rows if row not in ahead]}

    def stale_at(self, now):
        """When the next of them is over."""
        ahead = self.reservations().filter(state__in=TAKING, ends_at__gt=now).order_by("ends_at")
        return ahead.values_list("ends_at", flat=True).first()


def clock_and_day(moment, reservation):
    """18:30, or Fri 20 November, 18:30 where that is another day than the booking's."""
    if moment is None:
        return ""
    local = moment.astimezone(reservation.tz)
    text = date_format(local, "H:i")
    return text if local.date() == reservation.day else f"{day_words(local.date())}, {text}"


class Waiting(ByLink):
    """A party's own place: on the waitlist for a time, or in the queue at the door."""

    path = "waiting/<str:token>/"

    @cached_property
    def waiting(self):
        return waiting_of(self.token)

    @property
    def template(self):
        return "restaurants/guests/_wish.html" if isinstance(self.waiting, Wish) else "restaurants/guests/_party.html"

    def allows(self, user):
        try:
            waiting_of(self.token)
        except Http404:
            return False
        return True

    def topics(self):
        waiting = self.waiting
        about = [topics.waiting(f"{type(waiting).__name__.lower()}-{waiting.pk}")]
        if isinstance(waiting, Wish):
            return [*about, topics.book(waiting.restaurant_id, waiting.day)]
        return [*about, topics.queue(waiting.restaurant_id)]

    def context(self):
        waiting = self.waiting
        shown = self.of_wish(waiting) if isinstance(waiting, Wish) else self.of_party(waiting)
        return {"waiting": waiting, "restaurant": waiting.restaurant, **shown}

    def of_wish(self, wish):
        restaurant = wish.restaurant
        offer = wish.offer if wish.state == Wish.State.OFFERED else None
        return {
            "day": day_words(wish.day),
            "first": clock(moment_of(wish.first), restaurant),
            "last": clock(moment_of(wish.last), restaurant),
            "place": place_of_wish(wish) if wish.state == Wish.State.WAITING else 0,
            "offer": offer and not offer.is_expired() and offer,
            "offer_clock": offer and clock(offer.starts_at, restaurant),
            "offer_until": offer and offer.expires_at and clock(offer.expires_at, restaurant),
        }

    def of_party(self, party):
        now = timezone.now()
        ready_at = forecast.ready_at(party, now) if party.state == Party.State.WAITING else None
        return {
            "place": forecast.place(party),
            "quoted_clock": clock(party.quoted_until, party.restaurant),
            "is_over": now > party.quoted_until,
            "at_once": ready_at is not None and ready_at <= now,
            "ready_clock": ready_at and clock(ready_at, party.restaurant),
        }

    def stale_at(self, now):
        waiting = self.waiting
        if isinstance(waiting, Wish):
            offer = waiting.offer
            return offer.expires_at if offer and offer.expires_at and offer.expires_at > now else None
        return moment_after(now) if waiting.state in Party.WAITS else None


def moment_after(now):
    """The beginning of the next minute: what is counted in minutes from now on is another number then."""
    return now.replace(second=0, microsecond=0) + MINUTE


def place_of_wish(wish):
    """From 1: among those who wait for the same day, who came before."""
    before = Wish.objects.filter(restaurant=wish.restaurant_id, day=wish.day, state=Wish.State.WAITING)
    return before.filter(made_at__lt=wish.made_at).count() + 1


class QuoteRow(NamedTuple):
    id: str
    restaurant: str
    size: int
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
        waiting = Party.objects.filter(restaurant=self.place, state__in=Party.WAITS).count()
        return {"restaurant": self.place, "waiting": waiting, "is_open": is_open(self.place)}

    def rows(self):
        if not is_open(self.place):
            return
        for size, minutes in forecast.quotes(self.place, self.SIZES).items():
            if minutes is not None:
                yield QuoteRow(str(size), self.restaurant, size, *divmod(minutes, 60), minutes > LONGEST_TOLD)

    def stale_at(self, now):
        return moment_after(now)
