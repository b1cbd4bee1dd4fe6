"""The live parts of the book that hosts work with. Only the staff of a restaurant see them."""

from datetime import date, timedelta

from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property

from bookings.restaurants import topics
from bookings.restaurants.hosts.floor import floor_of
from bookings.restaurants.hosts.grid import grid_columns, grid_rows, now_line
from bookings.restaurants.hosts.pacing import pace_of
from bookings.restaurants.hosts.queue import queue_rows, waitlist_of
from bookings.restaurants.hosts.reservation_list import book_rows, day_now, names
from bookings.restaurants.hosts.status import back, standing
from bookings.restaurants.hosts.timeline import steps_of
from bookings.restaurants.models import Closure, Reservation, Restaurant
from clocks import earliest, next_minute
from live.regions import ListRegion, Region


class BookRegion:
    """A region of one restaurant's book on one of its days; without ``date``, on the day that it is there now."""

    query = ("restaurant", "date")

    @cached_property
    def restaurant(self):
        slug = self.filters.get("restaurant", "")
        found = Restaurant.objects.select_related("airport").filter(slug=slug).first()
        if found is None:
            raise Http404(f"No restaurant {slug}")
        return found

    @cached_property
    def day(self):
        if "date" not in self.filters:
            return day_now(self.restaurant, timezone.now())
        try:
            return date.fromisoformat(self.filters["date"])
        except ValueError:
            raise Http404("No such day") from None

    def allows(self, user):
        return user.is_authenticated and user.restaurants.filter(slug=self.filters.get("restaurant", "")).exists()

    def topics(self):
        return [topics.book(self.restaurant.pk, self.day), topics.setup(self.restaurant.pk)]

    def context(self):
        return {"restaurant": self.restaurant, "day": self.day, "is_today": self.is_near}

    @property
    def is_near(self):
        """Whether minutes count on this day: it is today's, or last night's that goes on past midnight."""
        return timedelta(0) <= self.restaurant.today() - self.day <= timedelta(days=1)

    def stale_at(self, now):
        """Each full minute while minutes count, and when the next hold expires."""
        expires_at = Reservation.objects.on(self.restaurant, self.day).next_expiry(now)
        return earliest(expires_at, next_minute(now) if self.is_near else now + timedelta(hours=1))


class ReservationList(BookRegion, ListRegion):
    """The book as a list."""

    path = "reservations/"
    query = ("restaurant", "date", "show", "area", "service", "q")
    template, row_template = "restaurants/hosts/_list.html", "restaurants/hosts/_row.html"
    row_prefix = "booking-"

    def context(self):
        closures = Closure.objects.filter(restaurant=self.restaurant, day=self.day).select_related("service")
        return {**super().context(), "closures": closures}

    def rows(self):
        chosen = {name: self.filters.get(name, "") for name in ("show", "area", "service")}
        return book_rows(self.restaurant, self.day, timezone.now(), text=self.filters.get("q", ""), **chosen)


class ReservationGrid(BookRegion, ListRegion):
    """The book as a grid: tables down, quarters of an hour across."""

    path = "reservations/grid/"
    query = ("restaurant", "date", "service")
    template, row_template = "restaurants/hosts/_grid.html", "restaurants/hosts/_grid_row.html"
    row_prefix = "grid-"

    def read(self):
        self.columns = grid_columns(self.restaurant, self.day, self.filters.get("service", ""))
        return super().read()

    def context(self):
        line = now_line(self.columns, timezone.now())
        return {**super().context(), "columns": self.columns, "now_line": line}

    def rows(self):
        return grid_rows(self.restaurant, self.day, self.columns, timezone.now())


class ReservationFloor(BookRegion, Region):
    """The book as a plan of each area, and the same as a table."""

    path = "reservations/floor/"
    template = "restaurants/hosts/_floor.html"

    def context(self):
        return {**super().context(), **floor_of(self.restaurant, self.day, timezone.now())}


class Pace(BookRegion, Region):
    """How many guests come in each quarter of an hour, and how many there are in all."""

    path = "reservations/pace/"
    query = ("restaurant", "date", "service")
    template = "restaurants/hosts/_pace.html"

    def context(self):
        return {
            **super().context(),
            **pace_of(self.restaurant, self.day, timezone.now(), self.filters.get("service", "")),
        }


class Queue(BookRegion, ListRegion):
    """Who waits at the door, and who is on the waitlist of the day."""

    path = "reservations/queue/"
    template, row_template = "restaurants/hosts/_queue.html", "restaurants/hosts/_queue_row.html"
    row_prefix = "party-"

    def topics(self):
        return [*super().topics(), topics.queue(self.restaurant.pk)]

    def context(self):
        return {**super().context(), "waitlist": waitlist_of(self.restaurant, self.day)}

    def rows(self):
        return queue_rows(self.restaurant, timezone.now())


class ReservationRegion:
    """A region of one reservation, for the staff of its restaurant."""

    @cached_property
    def pk(self):
        rows = Reservation.objects.filter(restaurant__slug=self.restaurant, reference=self.reference)
        key = rows.values_list("pk", flat=True).first()
        if key is None:
            raise Http404(f"No reservation {self.reference}")
        return key

    def allows(self, user):
        return user.is_authenticated and user.restaurants.filter(slug=self.restaurant).exists()

    def topics(self):
        return [topics.reservation(self.pk)]

    def reservation(self):
        found = Reservation.objects.select_related("restaurant__airport").filter(pk=self.pk).first()
        if found is None:
            raise Http404(f"No reservation {self.reference}")
        return found


class ReservationState(ReservationRegion, Region):
    """Where it stands: what a host keeps in view while changing it."""

    path = "booking/<slug:restaurant>/<slug:reference>/"
    template = "restaurants/hosts/_state.html"

    def context(self):
        now = timezone.now()
        reservation = self.reservation()
        return {
            "reservation": reservation,
            "standing": standing(reservation, now),
            "back": back(reservation, now),
            "time": reservation.clock(reservation.starts_at),
            "tables": names(reservation.tables.all()),
        }

    def stale_at(self, now):
        return next_minute(now)


class ReservationHistory(ReservationRegion, Region):
    """Who did what with it."""

    path = "booking/<slug:restaurant>/<slug:reference>/history/"
    template = "restaurants/hosts/_history.html"

    def context(self):
        return {"steps": steps_of(self.reservation())}
