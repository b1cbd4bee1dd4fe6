"""The live parts of the flights' pages."""

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.http import Http404
from django.utils.functional import cached_property

from clocks import earliest, short_when
from live.regions import ListRegion, Region
from tracking.flights import topics
from tracking.flights.models import Airport, Flight, Source
from tracking.flights.models.codes import AT_GATE, Phase
from tracking.flights.travellers.boards import BoardRow, board_rows
from tracking.flights.travellers.milestones import milestones
from tracking.flights.travellers.timeline import FlightTimeline

HOURS = (6, 2, 12, 24)  # how far ahead a board may look; the first is what it does unasked


def place_of(iata):
    """The airport of this code, or Http404. The home airport is there before its facts are loaded."""
    airport = Airport.objects.filter(iata=iata).first()
    if airport is None and iata == settings.HOME_AIRPORT:
        airport = Airport(iata=iata, name=iata, city=iata, zone="UTC")
    if airport is None:
        raise Http404(f"No airport {iata}")
    return airport


class Feed(NamedTuple):
    """What the boards say of those who tell us: when one of them was last heard, and which are silent, since when."""

    heard: str
    silent: list
    is_silent: bool  # all of them


def feed(place):
    """The Feed, with times on the clock of ``place``, or None where no source was ever heard."""
    sources = list(Source.objects.in_use().order_by("heard_at"))
    if not sources:
        return None
    silent = [(source.name, heard_at(source, place)) for source in sources if source.is_silent]
    return Feed(heard_at(sources[-1], place), silent, len(silent) == len(sources))


def heard_at(source, place):
    """14:05, or 20 Nov 14:05 of another day."""
    return short_when(source.heard_at, place.tz, place.today())


class AtAirport:
    """A region at one airport, which is ``place``: read once for each rendering, since its name and clock may change."""

    @cached_property
    def place(self):
        return place_of(self.airport)


class Board(AtAirport, ListRegion):
    """The departures or arrivals of one airport."""

    side = ""
    public = stays = True
    query = ("terminal", "airline", "q", "hours")
    template, row_template = "flights/travellers/_board.html", "flights/travellers/_board_row.html"

    @property
    def hours(self):
        return {str(hours): hours for hours in HOURS}.get(self.filters.get("hours"), HOURS[0])

    @property
    def is_filtered(self):
        return bool(self.filters.keys() - {"hours"})

    def topics(self):
        return [topics.board(self.airport), topics.feeds(), topics.names()]

    def context(self):
        return {"place": self.place, "feed": feed(self.place), "leaves": self.side == "departure"}

    def rows(self):
        listed = Flight.objects.departures if self.side == "departure" else Flight.objects.arrivals
        flights = listed(
            self.airport,
            hours=self.hours,
            terminal=self.filters.get("terminal"),
            airline=self.filters.get("airline"),
            text=self.filters.get("q"),
        )
        return board_rows(self.chosen(flights), self.side, self.place)

    def chosen(self, flights):
        return flights

    def stale_at(self, now):
        return earliest(Flight.objects.next_change_at(self.side, self.airport, now, self.hours), falls_silent_at(now))


class DeparturesBoard(Board):
    path, side, row_prefix = "departures/<slug:airport>/", "departure", "departure-"


class ArrivalsBoard(Board):
    path, side, row_prefix = "arrivals/<slug:airport>/", "arrival", "arrival-"


class NextDepartures(Board):
    """The next few departures, for the front page."""

    path, side, row_prefix = "next/<slug:airport>/", "departure", "next-"
    template = "flights/travellers/_next.html"
    query = ()
    MOST = 8

    def chosen(self, flights):
        return flights.filter(phase__in=[*AT_GATE, Phase.CANCELLED])[: self.MOST]


def falls_silent_at(now):
    """When the first of the sources that are still heard falls silent, if nothing comes."""
    return earliest(*(source.silent_from for source in Source.objects.in_use() if source.silent_from > now))


class FlightPage(Region):
    """One flight: where it stands, the steps of its day, and all that was said of it."""

    path, public = "flight/<int:pk>/", True
    template = "flights/travellers/_flight.html"

    def topics(self):
        return [topics.flight(self.pk), topics.names()]

    def context(self):
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
            "states": told(departure, arrival),
            "milestones": milestones(flight),
            "steps": FlightTimeline(flight).steps(),
        }


def told(departure, arrival):
    """The states of both sides in the order of the day, each once; while it waits at its gate, those of its departure."""
    if departure.phase in (*AT_GATE, Phase.CANCELLED):
        return departure.states
    return list(dict.fromkeys(arrival.states))


class Disruptions(ListRegion):
    """What is late, cancelled or diverted now, anywhere."""

    path, public = "disruptions/", True
    template, row_template = "flights/travellers/_disruptions.html", "flights/travellers/_disruption_row.html"
    row_prefix = "disruption-"

    def topics(self):
        return [topics.flights(), topics.names()]

    def flights(self):
        return Flight.objects.disrupted()

    def rows(self):
        return board_rows(self.flights(), "departure")

    def stale_at(self, now):
        return now + timedelta(minutes=1)  # some of it passes with time alone


class AirportDisruptions(Disruptions):
    """What is disturbed at one airport, in short, for the front page."""

    path, row_prefix = "disruptions/<slug:airport>/", "now-"
    template = "flights/travellers/_disturbed.html"
    MOST = 6

    def flights(self):
        here = Q(origin=self.airport) | Q(destination=self.airport)
        return Flight.objects.disrupted().filter(here)[: self.MOST]


class Found(NamedTuple):
    """A flight that was looked for, with both its sides."""

    departure: BoardRow
    arrival: BoardRow

    @property
    def id(self):
        return self.departure.id

    @property
    def states(self):
        return told(self.departure, self.arrival)


class FoundFlights(ListRegion):
    """The flights of these days that a traveller's words find, at any airport."""

    path, public = "flights/", True
    query = ("q",)
    template, row_template = "flights/travellers/_found.html", "flights/travellers/_found_row.html"
    row_prefix = "found-"
    MOST = 50

    def topics(self):
        return [topics.flights(), topics.names()]

    def flights(self):
        return Flight.objects.found(self.filters["q"]) if "q" in self.filters else Flight.objects.none()

    def rows(self):
        flights = self.flights()[: self.MOST]
        arrivals = {row.id: row for row in board_rows(flights, "arrival")}
        return [Found(row, arrivals[row.id]) for row in board_rows(flights, "departure") if row.id in arrivals]

    def stale_at(self, now):
        return now + timedelta(minutes=1)
