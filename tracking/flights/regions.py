"""The live parts of the flights' pages."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from live.regions import ListRegion, Region
from tracking.flights import topics
from tracking.flights.boards import BoardRow, board_rows, short_day
from tracking.flights.forms import DelayMessage
from tracking.flights.models import Airport, Flight, Refused, Source
from tracking.flights.models.codes import AT_GATE, EN_ROUTE, ON_GROUND, Phase
from tracking.flights.timeline import history, milestones

HOURS = (6, 2, 12, 24)  # how far ahead a board may look; the first is what it does unasked
COMING = (*AT_GATE, *EN_ROUTE, *ON_GROUND)  # the phases of a flight that has not reached its gate


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
    silent = [(source.name, on_clock(source.heard_at, place)) for source in sources if source.is_silent]
    return Feed(on_clock(sources[-1].heard_at, place), silent, len(silent) == len(sources))


def on_clock(when, place):
    """14:05, or 20 Nov 14:05 if that was another day."""
    local = when.astimezone(place.tz)
    return date_format(local, "H:i" if local.date() == place.today() else f"{short_day()} H:i")


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
    template, row_template = "flights/_board.html", "flights/_board_row.html"

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
    template = "flights/_next.html"
    query = ()
    MOST = 8

    def chosen(self, flights):
        return flights.filter(phase__in=[*AT_GATE, Phase.CANCELLED])[: self.MOST]


def falls_silent_at(now):
    """When the first of the sources that are still heard falls silent, if nothing comes."""
    return earliest(*(source.silent_from for source in Source.objects.in_use() if source.silent_from > now))


def earliest(*moments):
    return min(filter(None, moments), default=None)


class FlightPage(Region):
    """One flight: where it stands, the steps of its day, and all that was said of it."""

    path, public = "flight/<int:pk>/", True
    template = "flights/_flight.html"

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
            "history": history(flight),
        }


def told(departure, arrival):
    """The states of both sides in the order of the day, each once; while it waits at its gate, those of its departure."""
    if departure.phase in (*AT_GATE, Phase.CANCELLED):
        return departure.states
    return list(dict.fromkeys(arrival.states))


class FlightState(FlightPage):
    """Where a flight stands, in short: what the desk keeps in view while it changes it."""

    path = "flight-state/<int:pk>/"
    template = "flights/_flight_state.html"


class Disruptions(ListRegion):
    """What is late, cancelled or diverted now, anywhere."""

    path, public = "disruptions/", True
    template, row_template = "flights/_disruptions.html", "flights/_disruption_row.html"
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
    template = "flights/_disturbed.html"
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
    template, row_template = "flights/_found.html", "flights/_found_row.html"
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


class FlightDelay(Disruptions):
    """The disruptions, for signed-in people, over a socket that takes delays from those who may set them."""

    path, public = "flight-delay/", False
    row_prefix = "delay-"

    def allows(self, user):
        return user.is_authenticated

    def receive(self, user, message):
        """Delay a flight, for ``{"flight": 12, "estimated_departure": "2026-11-21T18:10:00-05:00", "reason": "93"}``.

        The reason, a code of IATA AHM 730, may be left out. Answers ``{"ok": true, "flight": 12, "revision": 4}``, or
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


class Desk(AtAirport, ListRegion):
    """The day's flights at one airport, for those who change them."""

    path = "desk/<slug:airport>/"
    query = ("q", "show")
    template, row_template = "flights/_desk.html", "flights/_desk_row.html"
    row_prefix = "desk-"

    def allows(self, user):
        return user.has_perm("flights.change_flight")

    def topics(self):
        return [topics.board(self.airport), topics.names()]

    @property
    def show(self):
        return self.filters.get("show", "")

    def context(self):
        return {"place": self.place, "today": self.place.today()}

    def rows(self):
        rows = []
        if self.show != "arrivals":
            flights = self.of_today("off_block_scheduled", "best_departure", AT_GATE).filter(origin=self.airport)
            rows += board_rows(flights, "departure", self.place)
        if self.show != "departures":
            there = Q(destination=self.airport) | Q(diverted_to=self.airport)
            flights = self.of_today("on_block_scheduled", "best_arrival", COMING).filter(there)
            rows += board_rows(flights, "arrival", self.place)
        if self.show == "disturbed":
            rows = [row for row in rows if row.is_disturbed]
        return sorted(rows, key=lambda row: (row.scheduled or row.best, row.designator))

    def of_today(self, scheduled, best, waiting):
        """Flights whose schedule or best known time is of today, and those that still wait since yesterday."""
        begin, end = day_of(self.place)
        today = Q(**{f"{scheduled}__gte": begin, f"{scheduled}__lt": end})
        today |= Q(**{f"{best}__gte": begin, f"{best}__lt": end})
        today |= Q(phase__in=waiting, **{f"{best}__gte": begin - timedelta(days=1), f"{best}__lt": end})
        flights = Flight.objects.of(text=self.filters.get("q")).filter(today)
        return flights if self.show in ("all", "disturbed") else flights.filter(phase__in=waiting)

    def stale_at(self, now):
        return day_of(self.place, now)[1]


def day_of(airport, now=None):
    """When its local day begins and ends."""
    today = timezone.localdate(now, airport.tz)
    return [datetime.combine(day, time(), airport.tz) for day in (today, today + timedelta(days=1))]
