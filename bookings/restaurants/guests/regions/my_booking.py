"""A guest's own booking behind its signed link, and all bookings of somebody with an account."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from bookings.restaurants import topics
from bookings.restaurants.guests import links
from bookings.restaurants.models import Reservation, State
from bookings.restaurants.models.states import TAKING
from clocks import clock, day_words, earliest, today, when
from links.regions import LinkRegion
from live.regions import Region


class Booked(LinkRegion):
    """A guest's own booking."""

    path = "reservation/<str:token>/"
    template = "restaurants/guests/_booked.html"

    def things(self) -> Any:
        return links.bookings()

    def topics(self) -> list[str]:
        reservation: Any = self.thing
        return [topics.reservation(reservation.pk), topics.setup(reservation.restaurant_id)]

    def context(self) -> dict[str, Any]:
        reservation: Any = self.thing
        now, restaurant = timezone.now(), reservation.restaurant
        tz, starts_at = restaurant.tz, reservation.starts_at
        return {
            "reservation": reservation,
            "restaurant": restaurant,
            "day": day_words(today(tz, starts_at)),
            "clock": clock(starts_at, tz),
            "until": clock(reservation.ends_at, tz),
            "may_change": reservation.may_change(now),
            "change_until": when(reservation.cancel_until, tz, reservation.day),
            "is_late": reservation.state == State.BOOKED and now > starts_at,
            "kept_until": clock(starts_at + timedelta(minutes=restaurant.grace), tz),
        }

    def stale_at(self, now: datetime) -> datetime | None:
        """When it can no longer be changed, and when the guest is late."""
        reservation: Any = self.thing
        moments = (reservation.cancel_until, reservation.starts_at)
        return earliest(*(at for at in moments if at and at > now)) if reservation.is_expected else None


class Mine(Region):
    """All bookings of somebody with an account: the coming ones, then the others."""

    path = "my-reservations/<int:user>/"
    template = "restaurants/guests/_mine.html"
    SHOWN = 100
    user: int

    def allows(self, user: Any) -> bool:
        return user.is_authenticated and user.pk == self.user

    def topics(self) -> list[str]:
        return [topics.guest(self.user)]

    def reservations(self) -> Any:
        return Reservation.objects.filter(user=self.user).made_by_guests()

    def context(self) -> dict[str, Any]:
        now = timezone.now()
        found = self.reservations().select_related("restaurant__airport").order_by("-first")[: self.SHOWN]
        rows = [(one, one.get_absolute_url(), when(one.starts_at, one.tz)) for one in found]
        coming = [row for row in rows if row[0].state in TAKING and row[0].ends_at > now]
        return {"coming": coming[::-1], "past": [row for row in rows if row not in coming]}

    def stale_at(self, now: datetime) -> datetime | None:
        """When the next of them is over."""
        coming = self.reservations().filter(state__in=TAKING, ends_at__gt=now).order_by("ends_at")
        return coming.values_list("ends_at", flat=True).first()
