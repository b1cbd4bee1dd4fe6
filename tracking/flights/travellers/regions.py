"""The live parts of the pages for travellers."""

from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.http import Http404
from django.utils.functional import cached_property

from clocks import earliest, midnight
from live.regions import ListRegion, Region
from tracking.flights import topics
from tracking.flights.models import Airport, Flight
from tracking.flights.models.boards import FlightQuerySet
from tracking.flights.models.codes import AT_GATE, Phase
from tracking.flights.models.news import next_change_at
from tracking.flights.travellers.boards import BoardRow, State, board_rows
from tracking.flights.travellers.feed_status import falls_silent_at, feed_status
from tracking.flights.travellers.gates import gate_names
from tracking.flights.travellers.milestones import milestones
from tracking.flights.travellers.timeline import FlightTimeline

HOURS = (6, 2, 12, 24)  # how far ahead a board may look; the first is the default


def airport_or_404(iata: str) -> Airport:
    """The airport with this code. The home airport has a page before the table of airports is loaded."""
    airport = Airport.objects.filter(iata=iata).first()
    if airport is None and iata == settings.HOME_AIRPORT:
        airport = Airport(iata=iata, name=iata, city=iata, zone="UTC")
    if airport is None:
        raise Http404(f"No airport {iata}")
    return airport


class AirportRegion(ListRegion):
    """A list at one airport, whose code is in its address."""

    iata: str

    @cached_property  # so that it is read once for each rendering: its name and its clock may be corrected
    def airport(self) -> Airport:
        return airport_or_404(self.iata)


class Board(AirportRegion):
    """The departures or arrivals of one airport."""

    side = ""
    public = stays = True
    query = ("terminal", "airline", "gates", "q", "hours")
    template, row_template = "flights/travellers/_board.html", "flights/travellers/_board_row.html"

    @property
    def hours(self) -> int:
        return {str(hours): hours for hours in HOURS}.get(self.filters.get("hours"), HOURS[0])

    @property
    def is_filtered(self) -> bool:
        return bool(self.filters.keys() - {"hours"})

    def topics(self) -> list[str]:
        return [topics.board(self.iata), topics.feeds(), topics.names()]

    def context(self) -> dict[str, Any]:
        return {"airport": self.airport, "feed": feed_status(self.airport), "leaves": self.side == "departure"}

    def rows(self) -> Sequence[Hashable]:
        return board_rows(self.chosen(self.listed()), self.side, self.airport)

    def listed(self) -> FlightQuerySet:
        """The flights that its filters leave."""
        listed = Flight.objects.departures if self.side == "departure" else Flight.objects.arrivals
        flights: FlightQuerySet = listed(
            self.iata,
            hours=self.hours,
            terminal=self.filters.get("terminal"),
            airline=self.filters.get("airline"),
            text=self.filters.get("q"),
        )
        if gates := self.filters.get("gates"):
            flights = flights.at_gates(self.side, gate_names(gates))
        return flights

    def chosen(self, flights: FlightQuerySet) -> FlightQuerySet:
        """Those of the listed flights to show."""
        return flights

    def stale_at(self, now: datetime) -> datetime | None:
        return earliest(Flight.objects.next_change_at(self.side, self.iata, now, self.hours), falls_silent_at(now))


class DeparturesBoard(Board):
    path, side, row_prefix = "departures/<slug:iata>/", "departure", "departure-"


class ArrivalsBoard(Board):
    path, side, row_prefix = "arrivals/<slug:iata>/", "arrival", "arrival-"


class NextDepartures(Board):
    """The next few departures, for the front page."""

    path, side, row_prefix = "next/<slug:iata>/", "departure", "next-"
    template = "flights/travellers/_next.html"
    query = ()
    MOST = 8

    def chosen(self, flights: FlightQuerySet) -> FlightQuerySet:
        return flights.filter(phase__in=[*AT_GATE, Phase.CANCELLED])[: self.MOST]


class FlightPage(Region):
    """One flight: its state, the steps of its day, and its history."""

    path, public = "flight/<int:pk>/", True
    template = "flights/travellers/_flight.html"

    def topics(self) -> list[str]:
        return [topics.flight(self.pk), topics.names()]

    def context(self) -> dict[str, Any]:
        flight = Flight.objects.select_related("airline", "origin", "destination", "diverted_to").filter(pk=self.pk)
        departure = next(iter(board_rows(flight, "departure")), None)
        if departure is None:
            raise Http404(f"No flight {self.pk}")
        flight = flight.get()
        (arrival,) = board_rows(Flight.objects.filter(pk=self.pk), "arrival")
        return {
            "flight": flight,
            "departure": departure,
            "arrival": arrival,
            "states": states_of_day(departure, arrival),
            "milestones": milestones(flight),
            "steps": FlightTimeline(flight).steps(),
        }

    def stale_at(self, now: datetime) -> datetime | None:
        flight = Flight.objects.filter(pk=self.pk)
        zones = flight.values_list("origin__zone", "destination__zone").first() or ()
        return earliest(next_change_at(flight, now), *(midnight(ZoneInfo(zone), now) for zone in zones))


def states_of_day(departure: BoardRow, arrival: BoardRow) -> Sequence[State]:
    """The states of its departure until it has left the gate, then those of its arrival, each once."""
    if departure.phase in (*AT_GATE, Phase.CANCELLED):
        return departure.states
    return list(dict.fromkeys(arrival.states))


class Disruptions(ListRegion):
    """The flights anywhere that are late, cancelled or diverted now."""

    path, public = "disruptions/", True
    template, row_template = "flights/travellers/_disruptions.html", "flights/travellers/_disruption_row.html"
    row_prefix = "disruption-"

    def topics(self) -> list[str]:
        return [topics.flights(), topics.names()]

    def flights(self) -> FlightQuerySet:
        return Flight.objects.disrupted()

    def rows(self) -> list[BoardRow]:
        return board_rows(self.flights(), "departure")

    def stale_at(self, now: datetime) -> datetime | None:
        return now + timedelta(minutes=1)  # some disruptions end with time alone


class AirportDisruptions(Disruptions):
    """The disruptions at one airport, for the front page."""

    path, row_prefix = "disruptions/<slug:iata>/", "now-"
    template = "flights/travellers/_disrupted.html"
    MOST = 6

    def flights(self) -> FlightQuerySet:
        here = Q(origin=self.iata) | Q(destination=self.iata)
        return Flight.objects.disrupted().filter(here)[: self.MOST]


class Found(NamedTuple):
    """A flight that a search found, with both its sides."""

    departure: BoardRow
    arrival: BoardRow

    @property
    def id(self) -> int:
        return self.departure.id

    @property
    def states(self) -> Sequence[State]:
        return states_of_day(self.departure, self.arrival)


class FoundFlights(ListRegion):
    """The flights of these days that a search text finds, at any airport."""

    path, public = "flights/", True
    query = ("q",)
    template, row_template = "flights/travellers/_found.html", "flights/travellers/_found_row.html"
    row_prefix = "found-"
    MOST = 50

    def topics(self) -> list[str]:
        return [topics.flights(), topics.names()]

    def flights(self) -> FlightQuerySet:
        return Flight.objects.found(self.filters["q"]) if "q" in self.filters else Flight.objects.none()

    def rows(self) -> list[Found]:
        flights = self.flights()[: self.MOST]
        arrivals = {row.id: row for row in board_rows(flights, "arrival")}
        return [Found(row, arrivals[row.id]) for row in board_rows(flights, "departure") if row.id in arrivals]

    def stale_at(self, now: datetime) -> datetime | None:
        return now + timedelta(minutes=1)
