"""The live parts of the reservation book: its three views, the pacing, and the queue with the waitlist."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property

from bookings.restaurants import topics
from bookings.restaurants.hosts.floor import floor_of
from bookings.restaurants.hosts.grid import GridRow, grid_columns, grid_rows, now_line
from bookings.restaurants.hosts.pacing import pacing_of
from bookings.restaurants.hosts.queue import QueueRow, queue_rows, waitlist_of
from bookings.restaurants.hosts.reservation_list import ReservationRow, business_day, reservation_rows
from bookings.restaurants.models import Closure, Presence, Reservation, Restaurant
from bookings.restaurants.models.presence import door_code
from clocks import earliest, next_minute
from live.regions import ListRegion, Region
from post.text import one_line

TEN_YEARS = timedelta(days=3660)
is_slug = re.compile(r"[-a-zA-Z0-9_]+\Z")


def works_at(user: Any, slug: str) -> bool:
    return user.is_authenticated and user.restaurants.filter(slug=slug).exists()


def day_of_book(restaurant: Restaurant, asked: str) -> date:
    """The day that an address names, or the one that it is there now. Raises Http404 for none, or one ten years off."""
    try:
        day = date.fromisoformat(asked) if asked else business_day(restaurant, timezone.now())
    except ValueError:
        raise Http404("No such day") from None
    if abs(day - restaurant.today()) > TEN_YEARS:
        raise Http404("No such day")
    return day


class BookRegion(Region):
    """A region of one restaurant's book on one day; without ``date``, on the day that it is there now."""

    query = ("restaurant", "date")

    @cached_property
    def restaurant(self) -> Restaurant:
        found = Restaurant.objects.select_related("airport").filter(slug=self.slug).first()
        if found is None:
            raise Http404("No such restaurant")
        return found

    @property
    def slug(self) -> str:
        """The restaurant's; "" for what can be none, such as a NUL, which PostgreSQL refuses to look for."""
        asked = self.filters.get("restaurant", "")
        return asked if is_slug.match(asked) else ""

    @cached_property
    def day(self) -> date:
        return day_of_book(self.restaurant, self.filters.get("date", ""))

    def allows(self, user: Any) -> bool:
        return works_at(user, self.slug)

    def topics(self) -> list[str]:
        return [topics.book(self.restaurant.pk, self.day), topics.setup(self.restaurant.pk)]

    def context(self) -> dict[str, Any]:
        return {"restaurant": self.restaurant, "day": self.day, "is_today": self.is_near}

    @property
    def is_near(self) -> bool:
        """Whether it shows minutes: on today's book, and on yesterday's, whose service may go on past midnight."""
        return timedelta(0) <= self.restaurant.today() - self.day <= timedelta(days=1)

    def stale_at(self, now: datetime) -> datetime | None:
        """When the next hold expires, and at each full minute if it shows minutes."""
        expires_at = Reservation.objects.on(self.restaurant, self.day).next_expiry(now)
        return earliest(expires_at, next_minute(now) if self.is_near else now + timedelta(hours=1))


class ReservationList(BookRegion, ListRegion):
    """The book as a list."""

    path = "reservations/"
    query = ("restaurant", "date", "show", "area", "service", "q")
    template, row_template = "restaurants/hosts/_list.html", "restaurants/hosts/_row.html"
    row_prefix = "booking-"

    def context(self) -> dict[str, Any]:
        closures = Closure.objects.filter(restaurant=self.restaurant, day=self.day).select_related("service")
        return {**super().context(), "closures": closures}

    def rows(self) -> Iterable[ReservationRow]:
        chosen = {name: self.filters.get(name, "") for name in ("show", "area", "service")}
        return reservation_rows(
            self.restaurant, self.day, timezone.now(), text=one_line(self.filters.get("q", "")), **chosen
        )


class ReservationGrid(BookRegion, ListRegion):
    """The book as a grid: tables down, quarters of an hour across."""

    path = "reservations/grid/"
    query = ("restaurant", "date", "service")
    template, row_template = "restaurants/hosts/_grid.html", "restaurants/hosts/_grid_row.html"
    row_prefix = "grid-"

    def read(self) -> Any:
        self.columns = grid_columns(self.restaurant, self.day, self.filters.get("service", ""))
        return super().read()

    def context(self) -> dict[str, Any]:
        line = now_line(self.columns, timezone.now())
        return {**super().context(), "columns": self.columns, "now_line": line}

    def rows(self) -> Iterable[GridRow]:
        return grid_rows(self.restaurant, self.day, self.columns, timezone.now())


class ReservationFloor(BookRegion):
    """The book as a plan of each area, and the same as a table."""

    path = "reservations/floor/"
    template = "restaurants/hosts/_floor.html"

    def context(self) -> dict[str, Any]:
        return {**super().context(), **floor_of(self.restaurant, self.day, timezone.now())}


class Pacing(BookRegion):
    """How many guests come in each quarter of an hour, and how many there are in all."""

    path = "reservations/pace/"
    query = ("restaurant", "date", "service")
    template = "restaurants/hosts/_pacing.html"

    def context(self) -> dict[str, Any]:
        service = self.filters.get("service", "")
        return {**super().context(), **pacing_of(self.restaurant, self.day, timezone.now(), service)}


class Queue(BookRegion, ListRegion):
    """The parties in the queue, and those on the waitlist of the day."""

    path = "reservations/queue/"
    template, row_template = "restaurants/hosts/_queue.html", "restaurants/hosts/_queue_row.html"
    row_prefix = "party-"

    def topics(self) -> list[str]:
        return [*super().topics(), topics.queue(self.restaurant.pk)]

    def context(self) -> dict[str, Any]:
        now = timezone.now()
        code = door_code(self.restaurant, now) if self.restaurant.presence == Presence.CODE else ""
        return {**super().context(), "waitlist": waitlist_of(self.restaurant, self.day), "code": code}

    def rows(self) -> Iterable[QueueRow]:
        return queue_rows(self.restaurant, timezone.now())
