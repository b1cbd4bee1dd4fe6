"""A day of flights from a CSV file: one Departure for each row, checked."""

import csv
import datetime
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, time, timedelta, tzinfo
from pathlib import Path
from typing import Any, NamedTuple, Self

from django.utils.functional import cached_property

from tracking.flights.geo import zone_of

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


class BadFile(Exception):
    """The file can't be used. The message is one sentence, with the number of the line if it is about one."""


class Departure(NamedTuple):
    """One row: a flight, and how it ended. Times are in UTC; unknown ones are None."""

    carrier: str
    airline: str
    number: str
    tail: str
    origin: str
    destination: str
    scheduled_departure: datetime.datetime
    actual_departure: datetime.datetime | None
    scheduled_arrival: datetime.datetime
    actual_arrival: datetime.datetime | None
    outcome: str

    @property
    def date(self) -> datetime.date:
        return self.scheduled_departure.astimezone(zone_of(self.origin)).date()

    @property
    def identity(self) -> dict[str, Any]:
        return {"airline": self.carrier, "number": self.number, "origin": self.origin, "date": self.date}

    def on(self, date: datetime.date) -> Self:
        """The same departure on another date: at the same local time, with its other times as much later as they were."""
        zone = zone_of(self.origin)
        clock = self.scheduled_departure.astimezone(zone).time()
        shift = datetime.datetime.combine(date, clock, zone).astimezone(UTC) - self.scheduled_departure
        moved = {name: getattr(self, name) + shift for name in TIMES if getattr(self, name)}
        return self._replace(**moved)


class Day:
    """The departures of one day, in the order of the file."""

    def __init__(self, departures: list[Departure]) -> None:
        self.departures = departures

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """The day in a CSV file in UTF-8 with the columns above; other columns are ignored. Raises BadFile."""
        try:
            with open(path, newline="", encoding="utf-8-sig") as file:
                return cls(list(departures_in(csv.DictReader(file))))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise BadFile(f"{path} can't be read: {error}.") from error

    @cached_property
    def zone(self) -> tzinfo:
        """The zone that decides which day it is: that of the first origin."""
        return zone_of(self.departures[0].origin)

    def begins(self, date: datetime.date) -> datetime.datetime:
        return datetime.datetime.combine(date, time(), self.zone).astimezone(UTC)

    def date_at(self, moment: datetime.datetime) -> datetime.date:
        return moment.astimezone(self.zone).date()


def departures_in(reader: "csv.DictReader[str]") -> Iterator[Departure]:
    """The departures of all rows. Raises BadFile."""
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


def departure_from(row: Mapping[str, Any]) -> Departure:
    """The departure of one row. Raises ValueError with the end of a sentence."""
    row = {name: (row[name] or "").strip() for name in COLUMNS}
    row["number"] = row["number"].lstrip("0")
    if not DESIGNATOR.fullmatch(f"{row['carrier']} {row['number']}"):
        raise ValueError(f"“{row['carrier']} {row['number']}” is no flight number")
    for end in ("origin", "destination"):
        if not zone_of(row[end]):
            raise ValueError(f"the {end} “{row[end]}” is no airport")
    if row["origin"] == row["destination"]:
        raise ValueError("origin and destination are the same")
    if row["outcome"] not in KNOWN:
        raise ValueError(f"the outcome is “{row['outcome']}”, and not one of {', '.join(KNOWN)}")
    departure = Departure(**{**row, **{name: moment(name, row[name]) for name in TIMES}})
    check_times(departure)
    return departure


def moment(name: str, text: str) -> datetime.datetime | None:
    if not text:
        return None
    try:
        at = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"the {name} “{text}” is no time such as 2013-07-10T09:00Z") from None
    if at.tzinfo is None:
        raise ValueError(f"the {name} “{text}” has no zone, such as Z for UTC")
    return at.astimezone(UTC)


def check_times(departure: Departure) -> None:
    """Raise ValueError where the times contradict the outcome or each other."""
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
