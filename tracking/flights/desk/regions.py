"""The live parts of the flight desk's pages, and the socket that takes delays."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from clocks import DAY, HOUR, day_begins, earliest, midnight, next_hour, today
from tracking.flights import topics
from tracking.flights.desk.messages import DelayMessage
from tracking.flights.models import Flight
from tracking.flights.models.boards import FlightQuerySet, around
from tracking.flights.models.codes import AT_GATE, COMING
from tracking.flights.models.news import next_change_at
from tracking.flights.travellers.boards import BoardRow, board_rows
from tracking.flights.travellers.regions import AirportRegion, Disruptions, FlightPage
from verbs.refusals import Refused

NIGHT = 6 * HOUR  # around midnight the desk also shows the flights of so many hours of the other day


class FlightState(FlightPage):
    """The state of a flight in short, for the desk's panel."""

    path = "flight-state/<int:pk>/"
    template = "flights/desk/_flight_state.html"


class FlightDelay(Disruptions):
    """The disruptions, for signed-in people. Its socket takes delays from desk agents."""

    path, public = "flight-delay/", False
    row_prefix = "delay-"

    def allows(self, user: Any) -> bool:
        return bool(user.is_authenticated)

    def receive(self, user: Any, message: Any) -> dict[str, Any]:
        """Delay a flight, for ``{"flight": 12, "estimated_departure": "2026-11-21T18:10:00-05:00", "reason": "93"}``.

        The reason, a code of IATA AHM 730, is optional. The answer is ``{"ok": true, "flight": 12, "revision": 4}``, or
        ``{"error": "…"}`` with nothing changed.
        """
        if not user.has_perm("flights.change_flight"):
            return {"error": _("You may look, but not change flights.")}
        form = DelayMessage(message)
        if not form.is_valid():
            return {"error": " ".join(form.sentences())}
        try:
            flight = form.delay(by=user)
        except Refused as refusal:
            return {"error": str(refusal)}
        return {"ok": True, "flight": flight.pk, "revision": flight.revision}


class Desk(AirportRegion):
    """The day's flights at one airport, and those of the hours after it, for desk agents."""

    path = "desk/<slug:iata>/"
    query = ("q", "show")
    template, row_template = "flights/desk/_desk.html", "flights/desk/_desk_row.html"
    row_prefix = "desk-"

    def allows(self, user: Any) -> bool:
        return bool(user.has_perm("flights.change_flight"))

    def topics(self) -> list[str]:
        return [topics.board(self.iata), topics.names()]

    @property
    def show(self) -> str:
        return self.filters.get("show", "")

    def context(self) -> dict[str, Any]:
        return {"airport": self.airport, "today": self.airport.today()}

    def rows(self) -> list[BoardRow]:
        rows: list[BoardRow] = []
        if self.show != "arrivals":
            flights = self.of_today("off_block_scheduled", "best_departure", AT_GATE).filter(origin=self.iata)
            rows += board_rows(flights, "departure", self.airport)
        if self.show != "departures":
            there = Q(destination=self.iata) | Q(diverted_to=self.iata)
            flights = self.of_today("on_block_scheduled", "best_arrival", COMING).filter(there)
            rows += board_rows(flights, "arrival", self.airport)
        if self.show == "disturbed":
            rows = [row for row in rows if row.is_disrupted or row.is_silent]
        return sorted(rows, key=lambda row: (row.scheduled or row.best, row.designator))

    def of_today(self, scheduled: str, best: str, waiting: Sequence[str]) -> FlightQuerySet:
        """The flights scheduled or expected in the window, and those of the day before that are still waited for."""
        begin, end = window(self.airport.tz, timezone.now())
        of_today = Q(**{f"{scheduled}__gte": begin, f"{scheduled}__lt": end})
        of_today |= Q(**{f"{best}__gte": begin, f"{best}__lt": end})
        due = Q(**{f"{scheduled}__lt": end}) | Q(**{f"{best}__lt": end})
        of_today |= due & Q(phase__in=waiting, **{f"{best}__gte": begin - DAY})
        flights = Flight.objects.of(text=self.filters.get("q")).filter(of_today)
        return flights if self.show in ("all", "disturbed") else flights.filter(phase__in=waiting)

    def stale_at(self, now: datetime) -> datetime | None:
        here = Q(origin=self.iata) | Q(destination=self.iata) | Q(diverted_to=self.iata)
        lately = Flight.objects.filter(here, best_departure__range=around(now, 24))
        return earliest(midnight(self.airport.tz, now), next_hour(now), next_change_at(lately, now))


def window(zone: tzinfo, now: datetime) -> tuple[datetime, datetime]:
    """From when until when the desk shows flights: the day, the last hours before now and the next ones. It moves each hour."""
    begin, end = day_begins(today(zone, now), zone), midnight(zone, now)
    return min(begin, next_hour(now - NIGHT)), max(end, next_hour(now + NIGHT))
