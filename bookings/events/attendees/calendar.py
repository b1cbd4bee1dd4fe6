"""The calendar of events: a month of days, with the places left on each event, live."""

import calendar as months
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from bookings.events import topics
from bookings.events.attendees import left, reading
from bookings.events.attendees.regions import EventRow, row_of
from bookings.events.models import Event, Place
from clocks import DAY, day_begins, earliest, midnight
from live.regions import Region
from pages.nav import home_airport


class Day(NamedTuple):
    day: date
    is_of_month: bool
    is_today: bool
    events: list[EventRow]


class EventCalendar(Region):
    """The events of one month, by the day on which they begin at their place. ``month``: 2026-11; without one, this month."""

    path, public = "event-calendar/", True
    query = ("month",)
    template = "events/attendees/_calendar.html"
    MOST = 400

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def first(self) -> date:
        """The first day of the month."""
        try:
            found = datetime.strptime(self.filters.get("month", ""), "%Y-%m").date()
        except ValueError:
            return home_airport().today().replace(day=1)
        return found if 2000 <= found.year < 2100 else home_airport().today().replace(day=1)

    @cached_property
    def weeks(self) -> list[list[date]]:
        return months.Calendar().monthdatescalendar(self.first.year, self.first.month)

    @cached_property
    def events(self) -> list[Event]:
        """Those of its weeks, wherever on earth a day begins."""
        utc = timezone.get_fixed_timezone(0)
        begin, end = day_begins(self.weeks[0][0], utc), day_begins(self.weeks[-1][-1] + DAY, utc)
        found = Event.objects.public().filter(starts_at__gte=begin - DAY, starts_at__lt=end + DAY)
        return list(
            found.select_related("hall__airport").prefetch_related("types").order_by("starts_at", "pk")[: self.MOST]
        )

    def topics(self) -> list[str]:
        return [topics.events(), *(topics.places(event.pk) for event in self.events)]

    def context(self) -> dict[str, Any]:
        readings = reading.read_many(self.events, self.now)
        by_day: dict[date, list[EventRow]] = defaultdict(list)
        for event in self.events:
            by_day[event.day].append(row_of(event, readings[event.pk], self.now))
        today = home_airport().today()
        weeks = [
            [Day(day, day.month == self.first.month, day == today, by_day.get(day, [])) for day in week]
            for week in self.weeks
        ]
        return {
            "month": month_words(self.first),
            "weekdays": [date_format(day, "D") for day in self.weeks[0]],
            "weeks": weeks,
            "is_empty": not any(day.events for week in weeks for day in week if day.is_of_month),
            "before": f"{self.first - timedelta(days=1):%Y-%m}",
            "after": f"{self.first + timedelta(days=32):%Y-%m}",
        }

    def stale_at(self, now: datetime) -> datetime | None:
        types = [type_ for event in self.events for type_ in event.types.all()]
        places = Place.objects.filter(event__in=self.events)
        return earliest(
            left.next_change(self.events, types, now),
            places.next_expiry(now),
            midnight(ZoneInfo(home_airport().zone), now),
        )


def month_words(first: date) -> str:
    return date_format(first, pgettext("date format", "F Y"))


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    return render(request, "events/attendees/calendar.html", {"region": EventCalendar(query=request.GET)})
