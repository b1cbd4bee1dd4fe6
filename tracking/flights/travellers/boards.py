"""Flights as rows of boards: plain values, read in two queries. They alone determine the HTML of a row."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

import clocks
from tracking.flights.models import DELAY_REASONS, STATE_WORDS, Airport, Codeshare, Phase, public_states
from tracking.flights.models.boards import FlightQuerySet
from tracking.flights.models.news import AHEAD, KNOWN, OVERDUE, SILENT, news
from tracking.flights.models.times import minutes_between

COLUMNS = {
    "departure": (
        "pk",
        "airline_id",
        "number",
        "airline__name",
        "phase",
        "off_block_scheduled",
        "best_departure",
        "terminal",
        "gate",
        "gate_before",
        "desks",
        "delay_code",
        "diverted_to__city",
        "origin_id",
        "origin__city",
        "origin__zone",
        "destination_id",
        "destination__city",
        "best_arrival",
        "heard_at",
    ),
    "arrival": (
        "pk",
        "airline_id",
        "number",
        "airline__name",
        "phase",
        "on_block_scheduled",
        "best_arrival",
        "arrival_terminal",
        "arrival_gate",
        "gate_before",
        "belt",
        "delay_code",
        "diverted_to__city",
        "destination_id",
        "destination__city",
        "destination__zone",
        "origin_id",
        "origin__city",
        "best_departure",
        "heard_at",
    ),
}

TONES = {
    "SCH": "good",
    "DEL": "warn",
    "GTO": "good",
    "BRD": "good",
    "GCL": "go",
    "GTD": "calm",
    "DEP": "calm",
    "CNX": "bad",
    "TOM": "calm",
    "AIR": "calm",
    "LND": "good",
    "FIB": "good",
    "ARR": "calm",
    "DIV": "bad",
}


class State(NamedTuple):
    """A word and the tone of its colour: good, warn, bad, go, calm, or "" for neutral."""

    word: str
    tone: str


class BoardRow(NamedTuple):
    """One flight on one side ("departure" or "arrival"): *here* is the airport of that side, *there* the other one."""

    id: int
    airline: str
    number: str
    airline_name: str
    phase: str
    scheduled: datetime | None
    best: datetime | None
    terminal: str
    gate: str
    gate_before: str
    location: str  # the check-in desks of a departure, the belt of an arrival
    delay_code: str
    diverted_to: str | None
    here: str
    here_city: str
    zone: str
    there: str
    there_city: str
    side: str
    today: date  # in the zone
    news: str  # what is known of it now (models/news.py)
    heard: str  # when it was last heard of, in words, if nothing is known of it
    also: tuple[str, ...]  # further numbers of the same flight

    @property
    def designator(self) -> str:
        return f"{self.airline} {self.number}"

    @property
    def leaves(self) -> bool:
        return self.side == "departure"

    @property
    def is_cancelled(self) -> bool:
        return self.phase == Phase.CANCELLED

    @property
    def time(self) -> str:
        """The best known time; the scheduled one of a cancelled flight."""
        return self.clock(self.scheduled if self.is_cancelled and self.scheduled else self.best)

    @property
    def time_before(self) -> str:
        """The scheduled time, if the flight has another one now."""
        scheduled = self.clock(self.scheduled)
        return scheduled if scheduled != self.time else ""

    def clock(self, moment: datetime | None) -> str:
        return clocks.clock(moment, ZoneInfo(self.zone))

    @property
    def day(self) -> date | None:
        """The local day of its time."""
        when = self.best or self.scheduled
        return when.astimezone(ZoneInfo(self.zone)).date() if when else None

    @property
    def other_day(self) -> str:
        """The day of its time, in words, if it is not today."""
        if self.day is None or self.day == self.today:
            return ""
        words = {1: _("Tomorrow"), -1: _("Yesterday")}
        return words.get((self.day - self.today).days) or clocks.short_day(self.day)

    @property
    def delay(self) -> int:
        """Minutes after the schedule, negative before it."""
        return minutes_between(self.scheduled, self.best)

    @property
    def states(self) -> list[State]:
        """Its public states, several at once. "Tomorrow" is not among them: the day stands beside the time."""
        return [State(self.word(code), self.tone(code)) for code in self.codes]

    @property
    def codes(self) -> list[str]:
        """Its public states as codes."""
        return public_states(
            self.side,
            self.phase,
            delay=self.delay,
            gate_changed=bool(self.leaves and self.gate_before),
            diverted=bool(self.diverted_to),
            is_overdue=self.news == OVERDUE,
            is_silent=self.is_silent,
        )

    def word(self, code: str) -> str:
        if code == "DEL":
            return _("Delayed %(by)s") % {"by": duration(self.delay)}
        if code == "DIV":
            return _("Diverted to %(city)s") % {"city": self.diverted_to}
        if code == "SCH" and self.delay > 0:
            return _("%(minutes)s min later") % {"minutes": self.delay}
        if code == "SCH" and self.delay <= -5:
            return _("%(by)s early") % {"by": duration(-self.delay)}
        if code == "SCH" and self.news == AHEAD:
            return _("Scheduled")
        if code == "EXD":
            return _("Expected %(time)s") % {"time": self.time}
        if code == "NNS" and self.heard:
            return _("No news since %(time)s") % {"time": self.heard}
        return str(STATE_WORDS[code])

    def tone(self, code: str) -> str:
        """Without news nothing is good."""
        tone = TONES.get(code, "")
        if code == "SCH" and (self.delay > 0 or self.news != KNOWN):
            return ""
        return "" if self.is_silent and tone in ("good", "go") else tone

    @property
    def is_silent(self) -> bool:
        """Whether its time has passed, and nothing is heard of it."""
        return self.news == SILENT

    @property
    def reason(self) -> str:
        """Why it is late or cancelled, in words; "" if it is neither."""
        is_late = any(state.tone == "warn" for state in self.states)
        return str(DELAY_REASONS.get(self.delay_code, "")) if is_late or self.is_cancelled else ""

    @property
    def is_disrupted(self) -> bool:
        return any(state.tone in ("warn", "bad") for state in self.states)


PHASE, BEST, ZONE = map(BoardRow._fields.index, ("phase", "best", "zone"))


def duration(minutes: int) -> str:
    """45 min, 1 h, 1 h 25."""
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": minutes}
    if not minutes:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)02d") % {"hours": hours, "minutes": minutes}


def board_rows(flights: FlightQuerySet, side: str, airport: Airport | None = None) -> list[BoardRow]:
    """The BoardRows of these flights, in their order, on the clock of one airport; without it, each on its own."""
    found = list(flights.values_list(*COLUMNS[side]))
    also: dict[int, tuple[str, ...]] = defaultdict(tuple)
    codeshares = Codeshare.objects.filter(flight__in=flights.values("pk"))  # a subquery is faster than a list of ids
    for flight, airline, number in codeshares.values_list("flight_id", "airline_id", "number"):
        also[flight] += (f"{airline} {number}",)
    today, now = Today(), timezone.now()
    zone = airport.zone if airport else ""
    return [board_row(values, side, today, now, zone, also.get(values[0], ())) for values in found]


def board_row(
    values: Sequence[Any], side: str, today: "Today", now: datetime, zone: str = "", also: tuple[str, ...] = ()
) -> BoardRow:
    """The BoardRow of the values of ``COLUMNS[side]``, on the clock of a zone; without one, on that of its airport."""
    *values, other, heard_at = values
    head, own_zone, tail = values[:ZONE], values[ZONE], values[ZONE + 1 :]
    zone = zone or own_zone
    departure, arrival = (values[BEST], other) if side == "departure" else (other, values[BEST])
    known = news(values[PHASE], departure, arrival, heard_at, now)
    heard = clocks.short_when(heard_at, ZoneInfo(zone), today[zone]) if known == SILENT else ""
    return BoardRow(*head, zone, *tail, side, today[zone], known, heard, also)


class Today(dict[str, date]):
    """The local day, by the name of a zone."""

    def __missing__(self, zone: str) -> date:
        self[zone] = clocks.today(ZoneInfo(zone))
        return self[zone]
