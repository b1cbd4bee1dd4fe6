"""A day of flights from a CSV file, played again on another date: what is announced, and when.

Pure: a file, a date and a clock go in, announcements come out. The command ``replay`` sends them. What the file knows
is kept to the minute; what it can't know is made up by ``invented``.
"""

import csv
import heapq
import re
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import NamedTuple

from django.utils.functional import cached_property

from tracking.flights.demo import invented
from tracking.flights.demo.geo import zone_of

COLUMNS = (
    "carrier",
    "airline",
    "number",
    "tail",
    "origin",
    "destination",
    "scheduled_departure",
    "actual_departure",
    "scheduled_arrival",
    "actual_arrival",
    "outcome",
)
TIMES = tuple(name for name in COLUMNS if name.startswith(("scheduled_", "actual_")))
KNOWN = {  # outcome → the actual times that come with it
    "landed": {"actual_departure", "actual_arrival"},
    "departed": {"actual_departure"},
    "cancelled": set(),
}
DESIGNATOR = re.compile(r"([A-Z0-9]{2}|[A-Z]{3}) [1-9][0-9]{0,3}[A-Z]?")
DAY = timedelta(days=1)
ENDS_A_CHAPTER = {"BRD", "GTD", "DIV"}


class BadFile(Exception):
    """The file can't be played; the message is one sentence, with the line where there is one."""


class Departure(NamedTuple):
    """One row: a flight and what became of it. Times are aware, in UTC; those not known are None."""

    carrier: str
    airline: str
    number: str
    tail: str
    origin: str
    destination: str
    scheduled_departure: datetime
    actual_departure: datetime | None
    scheduled_arrival: datetime
    actual_arrival: datetime | None
    outcome: str

    @property
    def date(self):
        return self.scheduled_departure.astimezone(zone_of(self.origin)).date()

    @property
    def identity(self):
        return {"airline": self.carrier, "number": self.number, "origin": self.origin, "date": self.date}

    def on(self, date):
        """The same departure on another date, at the same time of day at its origin; all else keeps its distance."""
        zone = zone_of(self.origin)
        clock = self.scheduled_departure.astimezone(zone).time()
        shift = datetime.combine(date, clock, zone).astimezone(UTC) - self.scheduled_departure
        moved = {name: getattr(self, name) + shift for name in TIMES if getattr(self, name)}
        return self._replace(**moved)


class Announcement(NamedTuple):
    """What a feed says of a flight (its ``identity``) at a moment: ``update`` has further fields of the API."""

    at: datetime
    identity: dict
    update: dict

    @property
    def record(self):
        """As the API takes it, its times still datetimes."""
        return {**self.identity, "reported_at": self.at, **self.update}


class Day:
    """The departures of one day, in the order of the file."""

    def __init__(self, departures):
        self.departures = departures

    @classmethod
    def read(cls, path):
        """The file at ``path``: CSV in UTF-8 with the columns above, others are left alone. Raises BadFile."""
        try:
            with open(path, newline="", encoding="utf-8-sig") as file:
                return cls(list(departures_in(csv.DictReader(file))))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise BadFile(f"{path} can't be read: {error}.") from error

    @cached_property
    def zone(self):
        """The clock that says which day it is: that of the first origin."""
        return zone_of(self.departures[0].origin)

    def begins(self, date):
        return datetime.combine(date, time(), self.zone).astimezone(UTC)

    def date_at(self, moment):
        return moment.astimezone(self.zone).date()

    def flights(self, date):
        """For each flight of that date its announcements, in order."""
        return [announcements(departure, date) for departure in self.departures]


def departures_in(reader):
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise BadFile(f"The file has no column {' and no column '.join(missing)}.")
    first, lines = None, {}
    for row in reader:
        try:
            departure = departure_from(row)
            first = first or departure
            if departure.date != first.date:
                raise ValueError(f"it leaves on {departure.date}, and the file's day is {first.date}")
            flight = (departure.carrier, departure.number, departure.origin)
            if flight in lines:
                raise ValueError(f"line {lines[flight]} has the same flight")
        except ValueError as error:
            raise BadFile(f"Line {reader.line_num}: {error}.") from error
        lines[flight] = reader.line_num
        yield departure
    if first is None:
        raise BadFile("The file has no flights.")


def departure_from(row):
    """A row of the file, checked. Raises ValueError, with the end of a sentence."""
    row = {name: (row[name] or "").strip() for name in COLUMNS}
    row["number"] = row["number"].lstrip("0")
    if not DESIGNATOR.fullmatch(f"{row['carrier']} {row['number']}"):
        raise ValueError(f"“{row['carrier']} {row['number']}” is no flight number")
    for end in ("origin", "destination"):
        if not zone_of(row[end]):
            raise ValueError(f"the {end} “{row[end]}” is no airport")
    if row["origin"] == row["destination"]:
        raise ValueError("it goes nowhere, origin and destination are the same")
    if row["outcome"] not in KNOWN:
        raise ValueError(f"the outcome is “{row['outcome']}”, and not one of {', '.join(KNOWN)}")
    departure = Departure(**{**row, **{name: moment(name, row[name]) for name in TIMES}})
    check_times(departure)
    return departure


def moment(name, text):
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"the {name} “{text}” is no time such as 2013-07-10T09:00Z") from None
    if at.tzinfo is None:
        raise ValueError(f"the {name} “{text}” doesn't say its zone, such as Z for UTC")
    return at.astimezone(UTC)


def check_times(departure):
    for name in TIMES:
        needed = name.startswith("scheduled_") or name in KNOWN[departure.outcome]
        if needed and not getattr(departure, name):
            raise ValueError(f"a flight that has {departure.outcome} needs its {name}")
        if not needed and getattr(departure, name):
            raise ValueError(f"a flight that has {departure.outcome} has no {name}")
    left, scheduled = departure.actual_departure, departure.scheduled_departure
    if not timedelta() < departure.scheduled_arrival - scheduled <= DAY:
        raise ValueError("the scheduled arrival must follow the scheduled departure within 24 hours")
    if left and not -DAY / 2 <= left - scheduled <= 2 * DAY:
        raise ValueError("it left more than 12 hours before its schedule or 48 hours after it")
    if departure.actual_arrival and not timedelta() < departure.actual_arrival - left <= DAY:
        raise ValueError("the actual arrival must follow the actual departure within 24 hours")


def announcements(departure, date):
    """All that is said of a departure on that date, each at its time, which grows from one to the next."""
    flight = departure.on(date)
    return [Announcement(at, flight.identity, update) for at, update in invented.announcements(flight)]


def merged(said, until):
    """What was announced of a flight until then, in as few announcements as can be: the latest word on each thing.

    A server takes them whatever it knows of the flight, nothing or some of it or all. So they are one for each chapter
    of its day: a gate can only close where boarding began, no gate changes after departure, none diverts once landed.
    """
    chapters = [[]]
    for announcement in said:
        if announcement.at > until:
            break
        chapters[-1].append(announcement)
        if announcement.update.get("state") in ENDS_A_CHAPTER:
            chapters.append([])
    return [in_one(chapter) for chapter in chapters if chapter]


def in_one(chapter):
    update = {}
    for announcement in chapter:
        update.update(announcement.update)
    return chapter[-1]._replace(update=update)


class Playback:
    """A day's announcements against the clock. It keeps no state anywhere: begun again, it says where things stand.

    ``date`` None plays today and each day that follows, with what is left of yesterday. ``speed`` above 1 plays the day
    so far that much faster than it happened; nothing is announced before its time, so then it goes on at the clock's.
    """

    def __init__(self, day, now, date=None, speed=1):
        self.day = day
        self.endless = date is None
        self.first = date or day.date_at(now)
        self.began, self.speed = now, speed
        self.waiting, self.order = [], count()
        self.played = self.moment(now)
        self.so_far = []
        self.last = self.first - 2 * DAY if self.endless else self.first - DAY
        self.add_days(self.first)

    def moment(self, now):
        """How far the day is played at ``now``."""
        begins = self.day.begins(self.first)
        if self.speed == 1 or begins > self.began:
            return now
        return min(now, begins + (now - self.began) * self.speed)

    def add_days(self, today):
        """A timetable is announced on the day before, so tomorrow is always at hand."""
        until = today + DAY if self.endless else self.first
        while self.last < until:
            self.last += DAY
            for said in self.day.flights(self.last):
                self.so_far.append(merged(said, self.played))
                for announcement in said:
                    if announcement.at > self.played:
                        heapq.heappush(self.waiting, (announcement.at, next(self.order), announcement))

    def due(self, now):
        """What is to be announced by now and was not yet: at first all so far, merged, then each in its turn."""
        moment = self.moment(now)
        self.add_days(self.day.date_at(moment))
        due, self.so_far = in_order_of_interest(self.so_far, moment), []
        while self.waiting and self.waiting[0][0] <= moment:
            due.append(heapq.heappop(self.waiting)[-1])
        self.played = moment
        return due

    @property
    def is_over(self):
        return not self.endless and not self.waiting and not self.so_far


def in_order_of_interest(flights, now):
    """Each flight's announcements together, the flights around now first: those are what people look at."""
    told = [said for said in flights if said]
    told.sort(key=lambda said: abs(said[0].update["scheduled_departure"] - now))
    return [announcement for said in told for announcement in said]
