"""A day of flights, announced again on another date as a feed does.

Pure: departures, a date and a clock go in, announcements come out. The command ``replay`` sends them. The times of the
file are kept to the minute; what it does not have is made up by ``invented``.
"""

import heapq
from collections.abc import Sequence
from datetime import date, datetime
from itertools import count
from typing import Any, NamedTuple, Protocol

from tracking.flights.demo import invented
from tracking.flights.demo.day import DAY, Day, Departure

ENDS_A_CHAPTER = {"BRD", "GTD", "DIV"}


class Announcement(NamedTuple):
    """What a feed reports of a flight (its ``identity``) at a moment: ``update`` has the API's further fields."""

    at: datetime
    identity: dict[str, Any]
    update: dict[str, Any]

    @property
    def record(self) -> dict[str, Any]:
        """The record for the API; its times are datetimes."""
        return {**self.identity, "reported_at": self.at, **self.update}


class Flown(Protocol):
    """What is flown each day: a Departure, or the Return of one."""

    def on(self, date: date) -> Departure: ...


def announcements(departure: Flown, date: date) -> list[Announcement]:
    """All announcements of a departure on that date, each later than the one before."""
    flight = departure.on(date)
    return [Announcement(at, flight.identity, update) for at, update in invented.announcements(flight)]


def merged(announced: Sequence[Announcement], until: datetime) -> list[Announcement]:
    """The announcements of a flight until then, merged into few: each field has its latest value.

    A server accepts them whatever it knows of the flight. So there is one for each chapter of the day: a gate can only
    close after boarding, a gate can't change after departure, and a flight can't divert after landing.
    """
    chapters: list[list[Announcement]] = [[]]
    for announcement in announced:
        if announcement.at > until:
            break
        chapters[-1].append(announcement)
        if announcement.update.get("state") in ENDS_A_CHAPTER:
            chapters.append([])
    return [merged_chapter(chapter) for chapter in chapters if chapter]


def merged_chapter(chapter: Sequence[Announcement]) -> Announcement:
    update: dict[str, Any] = {}
    for announcement in chapter:
        update.update(announcement.update)
    return chapter[-1]._replace(update=update)


class Playback:
    """The announcements of a day, each when it is due. It stores nothing: started again, it begins with a summary.

    Without a ``date`` it plays today and each following day, and the rest of yesterday. A ``speed`` above 1 plays the day
    until now that much faster; after that it follows the clock, since nothing is announced before its time.
    ``further``: flights that are played as well, such as the returns.
    """

    def __init__(
        self, day: Day, now: datetime, date: date | None = None, speed: float = 1, further: Sequence[Flown] = ()
    ) -> None:
        self.day = day
        self.flown: list[Flown] = [*day.departures, *further]
        self.endless = date is None
        self.first = date or day.date_at(now)
        self.began, self.speed = now, speed
        self.waiting: list[tuple[datetime, int, Announcement]] = []
        self.order = count()
        self.played = self.moment(now)
        self.summaries: list[list[Announcement]] = []  # merged announcements until now, by flight
        self.last = self.first - 2 * DAY if self.endless else self.first - DAY
        self.add_days(self.first)

    def moment(self, now: datetime) -> datetime:
        """Until when the day is played at ``now``."""
        begins = self.day.begins(self.first)
        if self.speed == 1 or begins > self.began:
            return now
        return min(now, begins + (now - self.began) * self.speed)

    def add_days(self, today: date) -> None:
        """Add the days until tomorrow, since a timetable is announced on the day before."""
        until = today + DAY if self.endless else self.first
        while self.last < until:
            self.last += DAY
            for departure in self.flown:
                announced = announcements(departure, self.last)
                self.summaries.append(merged(announced, self.played))
                for announcement in announced:
                    if announcement.at > self.played:
                        heapq.heappush(self.waiting, (announcement.at, next(self.order), announcement))

    def due(self, now: datetime) -> list[Announcement]:
        """The announcements that are due and were not returned yet: first the summaries, then each in its turn."""
        moment = self.moment(now)
        self.add_days(self.day.date_at(moment))
        due, self.summaries = soonest_first(self.summaries, moment), []
        while self.waiting and self.waiting[0][0] <= moment:
            due.append(heapq.heappop(self.waiting)[-1])
        self.played = moment
        return due

    @property
    def is_over(self) -> bool:
        return not self.endless and not self.waiting and not self.summaries


def soonest_first(summaries: Sequence[Sequence[Announcement]], now: datetime) -> list[Announcement]:
    """All announcements, those of one flight together, and the flights around now first, since people look at them."""
    flights = sorted(filter(None, summaries), key=lambda flight: abs(flight[0].update["scheduled_departure"] - now))
    return [announcement for flight in flights for announcement in flight]
