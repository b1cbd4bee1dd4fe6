"""The free times of one restaurant, and of all. These regions are public and name nobody."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.utils.functional import cached_property

from bookings.restaurants import topics
from bookings.restaurants.guests import links
from bookings.restaurants.guests.addresses import restaurant_or_404
from bookings.restaurants.guests.forms import AllForm, FindForm
from bookings.restaurants.models import Reservation, Restaurant
from bookings.restaurants.models.availability import Availability
from bookings.restaurants.models.slots import moment_of, slot_of
from bookings.restaurants.models.times import Time
from clocks import DAY, clock, day_words, earliest, midnight
from links.regions import LinkRegion
from live.regions import ListRegion
from pages.nav import home_airport

LOOK_AHEAD = 14  # days after a full one in which the next free ones are looked for
NEXT_DAYS = 4  # free days that are shown


class TimeRow(NamedTuple):
    """A time of the day, or the name of the service whose times follow (``slot`` 0)."""

    id: str
    slot: int
    words: str
    state: str = ""
    frees_at: str = ""
    frees_clock: str = ""


class Times(ListRegion):
    """The times of one day at one restaurant for one party. They go and come back as others book."""

    path, public, row_prefix = "restaurant-times/<slug:slug>/", True, "time-"
    query = ("party", "date", "area")
    template, row_template = "restaurants/guests/_times.html", "restaurants/guests/_time.html"
    slug: str
    but_for: Any = None  # a reservation whose own tables count as free

    @cached_property
    def restaurant(self) -> Restaurant:
        return restaurant_or_404(self.slug)

    @cached_property
    def form(self) -> FindForm:
        return FindForm(self.restaurant, self.filters, self.but_for)

    @cached_property
    def day(self) -> date | None:
        return self.form.cleaned_data["date"] if self.form.is_valid() else None

    @cached_property
    def availability(self) -> Availability:
        """Of the day and the next one, whose times may be the nearest to one that has gone."""
        return Availability(self.restaurant, self.day, self.day + DAY, but_for=self.but_for and self.but_for.pk)

    @cached_property
    def times(self) -> list[Time]:
        party, day, area = self.form.asked
        return self.availability.times(day, party, area=area)

    def at(self, slot: int) -> Time | None:
        return next((time for time in self.times if time.slot == slot), None)

    def topics(self) -> list[str]:
        found = [topics.setup(self.restaurant.pk)]
        if self.day:
            found += [topics.book(self.restaurant.pk, day) for day in (self.day - DAY, self.day, self.day + DAY)]
        return found

    def context(self) -> dict[str, Any]:
        context = {"restaurant": self.restaurant, "form": self.form, "day": self.day, "is_change": bool(self.but_for)}
        if not self.day:
            return {**context, "errors": [error for errors in self.form.errors.values() for error in errors]}
        party, day, area = self.form.asked
        context |= {"party": party, "day_words": day_words(day), "is_late": day <= self.restaurant.today()}
        context["closed"] = self.closed()
        context["has_free"] = any(time.is_free for time in self.times)
        if not context["has_free"]:
            context["elsewhere"] = area and any(time.is_free for time in self.availability.times(day, party))
            context["next_days"] = self.next_days(party, day)
        return context

    def closed(self) -> list[tuple[str, str]]:
        """The closures of the day, ``(service, reason)``; if the whole day is closed, only ``("", reason)``."""
        names = {service.pk: service.name for service in self.availability.services}
        closures = [closure for closure in self.availability.closures.values() if closure.day == self.day]
        found = [(names.get(closure.service_id, ""), closure.reason) for closure in closures]
        return [closure for closure in found if not closure[0]] or found

    def next_days(self, party: int, day: date) -> list[tuple[date, str]]:
        """The next days that have a time for this party, with their words."""
        last = min(day + LOOK_AHEAD * DAY, self.restaurant.last_day())
        if last <= day:
            return []
        calendar = Availability(self.restaurant, day + DAY, last).calendar(party)
        return [(day, day_words(day)) for day, has_free in calendar.items() if has_free][:NEXT_DAYS]

    def rows(self) -> Iterator[TimeRow]:
        if not self.day:
            return
        service = None
        for time in self.times:
            if time.service != service:
                service = time.service
                yield TimeRow(f"service-{service.pk}", 0, service.name)
            yield self.row(time)

    def row(self, time: Time) -> TimeRow:
        tz = self.restaurant.tz
        frees_at = time.frees_at.isoformat(timespec="seconds") if time.frees_at else ""
        return TimeRow(str(time.slot), time.slot, clock(time.at, tz), time.state, frees_at, clock(time.frees_at, tz))

    def stale_at(self, now: datetime) -> datetime | None:
        """When the next hold expires, the next time is too near to be booked, or the day ends."""
        day_ends = midnight(self.restaurant.tz, now)
        if not self.day:
            return day_ends
        near = Reservation.objects.filter(restaurant=self.restaurant, day__range=(self.day - DAY, self.day + DAY))
        return earliest(near.next_expiry(now), self.too_near_at(now), day_ends)

    def too_near_at(self, now: datetime) -> datetime | None:
        """When the next slot of today can no longer be booked; None for a later day."""
        if self.day is None or self.day > self.restaurant.today(now):
            return None
        notice = timedelta(minutes=self.restaurant.notice)
        return moment_of(slot_of(now + notice) + 1) - notice


class ChangeTimes(LinkRegion, Times):
    """The times for a guest who moves a booking: its own tables count as free."""

    path, public, row_prefix = "reservation/<str:token>/times/", False, "change-"

    def things(self) -> Any:
        return links.bookings()

    @cached_property
    def but_for(self) -> Any:
        return self.thing

    @property
    def restaurant(self) -> Restaurant:
        return self.but_for.restaurant


class RestaurantRow(NamedTuple):
    id: str
    slug: str
    name: str
    kitchen: str
    where: str
    city: str
    times: tuple[tuple[int, str], ...]  # slot and clock
    day: str
    query: str


class Restaurants(ListRegion):
    """All restaurants, with the next free times of each for a party and a day."""

    path, public, row_prefix = "restaurants/", True, "restaurant-"
    query = ("party", "date")
    template, row_template = "restaurants/guests/_list.html", "restaurants/guests/_list_row.html"
    SHOWN = 5

    @cached_property
    def restaurants(self) -> list[Restaurant]:
        return list(Restaurant.objects.select_related("airport"))

    @cached_property
    def asked(self) -> tuple[int, date]:
        return AllForm(self.filters, home_airport().today()).asked

    def topics(self) -> list[str]:
        _party, day = self.asked
        found = [topics.setup(restaurant.pk) for restaurant in self.restaurants]
        return found + [topics.book(each.pk, on) for each in self.restaurants for on in (day, day + DAY)]

    def context(self) -> dict[str, Any]:
        party, day = self.asked
        return {"party": party, "day_words": day_words(day)}

    def rows(self) -> Iterator[RestaurantRow]:
        party, day = self.asked
        for restaurant in self.restaurants:
            yield self.row(restaurant, party, day)

    def row(self, restaurant: Restaurant, party: int, day: date) -> RestaurantRow:
        is_possible = party <= restaurant.max_party_online and day <= restaurant.last_day()
        times = Availability(restaurant, day).times(day, party) if is_possible else []
        free = [(time.slot, clock(time.at, restaurant.tz)) for time in times if time.is_free]
        return RestaurantRow(
            restaurant.slug,
            restaurant.slug,
            restaurant.name,
            restaurant.kitchen,
            restaurant.where,
            restaurant.airport.city,
            tuple(free[: self.SHOWN]),
            day_words(day),
            f"party={party}&date={day.isoformat()}",
        )

    def stale_at(self, now: datetime) -> datetime:
        return moment_of(slot_of(now) + 1)
