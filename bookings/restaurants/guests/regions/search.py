"""The live parts of guests' pages. Those that are public name nobody."""

from datetime import timedelta
from typing import NamedTuple

from django.http import Http404
from django.utils.functional import cached_property

from bookings.restaurants import topics
from bookings.restaurants.guests import links
from bookings.restaurants.guests.forms import AllForm, FindForm
from bookings.restaurants.models import Reservation, Restaurant
from bookings.restaurants.models.availability import Availability
from bookings.restaurants.models.slots import moment_of, slot_of
from clocks import DAY, clock, day_words, earliest, midnight
from links.regions import LinkRegion
from live.regions import ListRegion
from pages.nav import home_airport

AHEAD = 14  # days after a full one that are looked through for the next that has a time
NEXT = 4  # that many of them are shown


def restaurant_of(slug):
    found = Restaurant.objects.select_related("airport").filter(slug=slug).first()
    if found is None:
        raise Http404(f"No restaurant {slug}")
    return found


class TimeRow(NamedTuple):
    """A time of the day that guests look at, or the name of the service whose times follow (``slot`` 0)."""

    id: str
    slot: int
    words: str
    state: str = ""
    frees_at: str = ""
    frees_clock: str = ""


class Times(ListRegion):
    """The times of one day at one restaurant for one party: as others book, they leave or come back."""

    path, public, row_prefix = "restaurant-times/<slug:restaurant>/", True, "time-"
    query = ("party", "date", "area")
    template, row_template = "restaurants/guests/_times.html", "restaurants/guests/_time.html"
    but_for = None

    @cached_property
    def place(self):
        return restaurant_of(self.restaurant)

    @cached_property
    def form(self):
        return FindForm(self.place, self.filters, self.but_for)

    @cached_property
    def day(self):
        return self.form.cleaned_data["date"] if self.form.is_valid() else None

    @cached_property
    def availability(self):
        """Of the day, and of the next: its times too may be near to one that has gone."""
        return Availability(self.place, self.day, self.day + DAY, but_for=self.but_for and self.but_for.pk)

    @cached_property
    def times(self):
        party, day, area = self.form.asked
        return self.availability.times(day, party, area=area)

    def at(self, slot):
        """The Time at a slot, None where there is none."""
        return next((time for time in self.times if time.slot == slot), None)

    def topics(self):
        about = [topics.setup(self.place.pk)]
        if self.day:
            about += [topics.book(self.place.pk, day) for day in (self.day - DAY, self.day, self.day + DAY)]
        return about

    def context(self):
        context = {"restaurant": self.place, "form": self.form, "day": self.day}
        if not self.day:
            return {**context, "errors": [error for errors in self.form.errors.values() for error in errors]}
        party, day, area = self.form.asked
        context |= {"party": party, "day_words": day_words(day), "is_late": day <= self.place.today()}
        context["closed"] = self.closed()
        context["has_free"] = any(time.is_free for time in self.times)
        if not context["has_free"]:
            context["elsewhere"] = area and any(time.is_free for time in self.availability.times(day, party))
            context["next_days"] = self.next_days(party, day)
        return context

    def closed(self):
        """The closures of the day as (service's name or "", reason), the whole day's alone where there is one."""
        names = {service.pk: service.name for service in self.availability.services}
        closures = [closure for closure in self.availability.closures.values() if closure.day == self.day]
        told = [(names.get(closure.service_id, ""), closure.reason) for closure in closures]
        return [closure for closure in told if not closure[0]] or told

    def next_days(self, party, day):
        """The next days that have a time for this party: (day, words)."""
        last = min(day + AHEAD * DAY, self.place.last_day())
        if last <= day:
            return []
        calendar = Availability(self.place, day + DAY, last).calendar(party)
        return [(day, day_words(day)) for day, has_free in calendar.items() if has_free][:NEXT]

    def rows(self):
        if not self.day:
            return
        service = None
        for time in self.times:
            if time.service != service:
                service = time.service
                yield TimeRow(f"service-{service.pk}", 0, service.name)
            yield self.row(time)

    def row(self, time):
        frees_at = time.frees_at.isoformat(timespec="seconds") if time.frees_at else ""
        frees_clock = clock(time.frees_at, self.place.tz)
        return TimeRow(str(time.slot), time.slot, clock(time.at, self.place.tz), time.state, frees_at, frees_clock)

    def stale_at(self, now):
        """When the next hold expires, the next time is too near to be booked, or the day ends."""
        if not self.day:
            return midnight(self.place.tz, now)
        near = Reservation.objects.filter(restaurant=self.place, day__range=(self.day - DAY, self.day + DAY))
        return earliest(near.next_expiry(now), self.too_near(now), midnight(self.place.tz, now))

    def too_near(self, now):
        """When the next quarter of an hour can be booked no more, on the day that it is."""
        if self.day > self.place.today(now):
            return None
        notice = timedelta(minutes=self.place.notice)
        return moment_of(slot_of(now + notice) + 1) - notice


class ChangeTimes(LinkRegion, Times):
    """The times for a guest who moves a booking: its own tables count as free."""

    path, public, row_prefix = "reservation/<str:token>/times/", False, "change-"

    def things(self):
        return links.bookings()

    @cached_property
    def but_for(self):
        return self.thing

    @property
    def place(self):
        return self.but_for.restaurant


class RestaurantRow(NamedTuple):
    id: str
    slug: str
    name: str
    kitchen: str
    where: str
    city: str
    times: tuple
    day: str
    query: str


class Restaurants(ListRegion):
    """All restaurants, with the next free times of each for a party and a day."""

    path, public, row_prefix = "restaurants/", True, "restaurant-"
    query = ("party", "date")
    template, row_template = "restaurants/guests/_list.html", "restaurants/guests/_list_row.html"
    SHOWN = 5

    @cached_property
    def restaurants(self):
        return list(Restaurant.objects.select_related("airport"))

    @cached_property
    def asked(self):
        return AllForm(self.filters, home_airport().today()).asked

    def topics(self):
        _party, day = self.asked
        about = [topics.setup(restaurant.pk) for restaurant in self.restaurants]
        return about + [topics.book(place.pk, on) for place in self.restaurants for on in (day, day + DAY)]

    def context(self):
        party, day = self.asked
        return {"party": party, "day_words": day_words(day)}

    def rows(self):
        party, day = self.asked
        for restaurant in self.restaurants:
            yield self.row(restaurant, party, day)

    def row(self, restaurant, party, day):
        may_ask = party <= restaurant.max_party_online and day <= restaurant.last_day()
        times = Availability(restaurant, day).times(day, party) if may_ask else []
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

    def stale_at(self, now):
        return moment_of(slot_of(now) + 1)
