"""A flight as a badge: ``/badge/flight/B6-1010.svg?date=2026-11-26``, or by its key; without a date it is today's."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

import clocks
from embeds.badges import Badge, register_badge
from tracking.flights.models import Airport, Flight, Phase
from tracking.flights.models.boards import FlightQuerySet
from tracking.flights.models.codes import AT_GATE
from tracking.flights.models.search import has_codeshare
from tracking.flights.travellers.boards import COLUMNS, BoardRow, Today, board_row
from tracking.flights.travellers.widgets import named

GATE_MATTERS = (Phase.GATE_OPEN, Phase.BOARDING, Phase.FINAL_CALL)
BOTH = list(dict.fromkeys([*COLUMNS["departure"], *COLUMNS["arrival"]]))


class Sides(NamedTuple):
    """A flight as the rows of its two boards."""

    departure: BoardRow
    arrival: BoardRow

    @property
    def now(self) -> BoardRow:
        """Its departure until it has left the gate, then its arrival."""
        return self.departure if self.departure.phase in (*AT_GATE, Phase.CANCELLED) else self.arrival


def flight_badge(thing: str, query: Mapping[str, str]) -> Badge:
    try:
        name = named(f"{thing}/{query['date']}" if "date" in query else thing)
    except Http404:
        return badge_of(None, _("Flight"))
    if name.pk is not None:
        return badge_of(sides(Flight.objects.filter(pk=name.pk)), _("Flight"))
    flights = Flight.objects.filter(date=name.day) if name.day else of_today()
    number = {"airline": name.airline, "number": name.number}
    found = sides(flights.filter(**number)) or sides(flights.filter(has_codeshare(**number)))
    return badge_of(found, name.designator)


def of_today() -> FlightQuerySet:
    """The flights that leave today, or reach the home airport today; by its clock."""
    home = settings.HOME_AIRPORT
    zone = ZoneInfo(Airport.objects.filter(pk=home).values_list("zone", flat=True).first() or "UTC")
    today = clocks.today(zone)
    reached = Q(best_arrival__gte=clocks.day_begins(today, zone), best_arrival__lt=clocks.midnight(zone))
    return Flight.objects.filter(Q(date=today) | Q(reached, destination=home))


def sides(flights: FlightQuerySet) -> Sides | None:
    """The flight among these that the home airport is most likely to be asked for; None if there is none."""
    found = min(flights.values(*BOTH), key=at_home_first, default=None)
    if found is None:
        return None
    today, now = Today(), timezone.now()
    return Sides(*(board_row([found[name] for name in COLUMNS[side]], side, today, now) for side in COLUMNS))


def at_home_first(flight: dict[str, Any]) -> tuple[bool, bool, bool, datetime]:
    """Sorts those that leave home before those that reach it, and what is over behind what is not."""
    home = settings.HOME_AIRPORT
    is_over = flight["phase"] == Phase.ARRIVED
    return flight["origin_id"] != home, flight["destination_id"] != home, is_over, flight["off_block_scheduled"]


def badge_of(flight: Sides | None, label: str) -> Badge:
    if flight is None:
        return Badge(label, _("unknown flight"), "calm")
    row = flight.now
    state = row.states[0]
    words = " · ".join([state.word, *details(row, state.word)])
    departure = flight.departure
    names = {
        "flight": f"{departure.designator} ({departure.airline_name})",
        "origin": departure.here_city,
        "destination": departure.there_city,
        "state": words,
    }
    title = _("%(flight)s from %(origin)s to %(destination)s: %(state)s") % names
    return Badge(f"{departure.designator} {departure.here}–{departure.there}", words, state.tone, title)


def details(row: BoardRow, word: str) -> Iterator[str]:
    """What stands beside its state: its time, with the day unless that is today; and the gate while people go there."""
    if row.time and row.time not in word:
        yield f"{row.other_day} {row.time}" if row.other_day else row.time
    if row.leaves and row.phase in GATE_MATTERS and row.gate:
        yield _("Gate %(gate)s") % {"gate": row.gate}


register_badge("flight", flight_badge)
