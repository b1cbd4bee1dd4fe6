"""The live parts of the flight desk's pages, and the socket that takes delays."""

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from live.regions import ListRegion
from tracking.flights import topics
from tracking.flights.desk.messages import DelayMessage
from tracking.flights.models import Flight
from tracking.flights.models.codes import AT_GATE, COMING
from tracking.flights.travellers.boards import board_rows
from tracking.flights.travellers.regions import AtAirport, Disruptions, FlightPage
from verbs.refusals import Refused


class FlightState(FlightPage):
    """Where a flight stands, in short: what the desk keeps in view while it changes it."""

    path = "flight-state/<int:pk>/"
    template = "flights/desk/_flight_state.html"


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
    template, row_template = "flights/desk/_desk.html", "flights/desk/_desk_row.html"
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
