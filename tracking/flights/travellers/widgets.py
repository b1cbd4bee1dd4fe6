"""The widgets of flights: a board, a flight, and a flight that somebody follows; with their regions.

A widget stands for weeks in somebody's page. So a flight without a day is the one of now, and a flight that is not
known yet is shown as soon as it is.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clocks import day_words, earliest, next_hour
from embeds.registry import ThingForm, Widget, everybody, register
from tracking.flights import topics
from tracking.flights.models import Airport, Flight
from tracking.flights.models.boards import OVERDUE_AFTER, FlightQuerySet
from tracking.flights.models.codes import AT_GATE, COMING, Phase
from tracking.flights.models.search import DESIGNATOR, has_codeshare
from tracking.flights.travellers.airports import AirportField
from tracking.flights.travellers.boards import board_rows
from tracking.flights.travellers.regions import Board, FlightPage, airport_or_404, states_of_day

CSS = "css/flights.css"
HOURS = 12  # how far ahead its boards look
ROWS = range(1, 21)  # how many flights a board may have
USUAL_ROWS = 6


# A board


class NextFlights(Board):
    """The next flights on one side of an airport, by their best known times: no late one stays on top."""

    query = ("terminal", "airline", "rows")
    template = "flights/travellers/widgets/_board.html"
    best = ""  # the field of its best known time
    coming: tuple[Phase, ...] = ()

    @property
    def hours(self) -> int:
        return HOURS

    @property
    def is_filtered(self) -> bool:
        return bool(self.filters.keys() - {"rows"})

    @property
    def most(self) -> int:
        rows = self.filters.get("rows", "")
        return int(rows) if rows.isdecimal() and len(rows) < 3 and int(rows) in ROWS else USUAL_ROWS

    @property
    def place(self) -> Airport:
        return self.airport

    def chosen(self, flights: FlightQuerySet) -> FlightQuerySet:
        soon = {f"{self.best}__gt": timezone.now() - OVERDUE_AFTER}
        coming = flights.filter(phase__in=[*self.coming, Phase.CANCELLED], **soon)
        return coming.order_by(self.best, "airline_id", "number")[: self.most]

    def stale_at(self, now: datetime) -> datetime | None:
        """The next one that is overdue for too long leaves the list."""
        coming = self.listed().filter(phase__in=self.coming)
        return earliest(super().stale_at(now), coming.next_overdue_at(self.side, now))


class NextDepartures(NextFlights):
    path, side, row_prefix = "embed/departures/<slug:iata>/", "departure", "departure-"
    coming, best = AT_GATE, "best_departure"


class NextArrivals(NextFlights):
    path, side, row_prefix = "embed/arrivals/<slug:iata>/", "arrival", "arrival-"
    coming, best = COMING, "best_arrival"


SIDES = {"departures": NextDepartures, "arrivals": NextArrivals}


class BoardForm(ThingForm):
    airport = AirportField()
    side = forms.ChoiceField(
        label=gettext_lazy("Side"),
        choices=[("departures", gettext_lazy("Departures")), ("arrivals", gettext_lazy("Arrivals"))],
    )
    rows = forms.IntegerField(
        label=gettext_lazy("Flights"), min_value=ROWS[0], max_value=ROWS[-1], initial=USUAL_ROWS, required=False
    )
    terminal = forms.CharField(label=gettext_lazy("Terminal (optional)"), max_length=4, required=False)

    @property
    def thing(self) -> str:
        return f"{self.cleaned_data['airport']}/{self.cleaned_data['side']}"

    @property
    def attributes(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("airport", "side")}

    @property
    def options(self) -> dict[str, str]:
        return {name: str(value) for name in ("rows", "terminal") if (value := self.cleaned_data[name])}


def board_of(thing: str) -> tuple[str, str]:
    """Airport and side of ``JFK/departures``; departures where it names no side."""
    iata, _slash, side = thing.upper().partition("/")
    side = side.lower() or "departures"
    if side not in SIDES:
        raise Http404(f"No board {thing}")
    return airport_or_404(iata).iata, side


def board_region(thing: str, query: Mapping[str, str]) -> NextFlights:
    iata, side = board_of(thing)
    return SIDES[side](iata=iata, query=query)


def board_url(thing: str) -> str:
    iata, side = board_of(thing)
    return reverse(f"flights:{side}", args=[iata])


def board_title(thing: str) -> str:
    iata, side = board_of(thing)
    words = {"name": airport_or_404(iata).name}
    return _("Departures, %(name)s") % words if side == "departures" else _("Arrivals, %(name)s") % words


# A flight


class Named(NamedTuple):
    """A flight as an address names it: by its key; or by its number, and its day unless it is that of now."""

    pk: int | None = None
    airline: str = ""
    number: str = ""
    day: date | None = None

    @property
    def designator(self) -> str:
        return f"{self.airline} {self.number}"

    @property
    def thing(self) -> str:
        """``4711``, ``B6-1010`` or ``B6-1010/2026-11-26``."""
        if self.pk is not None:
            return str(self.pk)
        return f"{self.airline}-{self.number}" + (f"/{self.day.isoformat()}" if self.day else "")

    def find(self) -> Flight | None:
        flights = Flight.objects.select_related("origin", "destination")
        if self.pk is not None:
            return flights.filter(pk=self.pk).first()
        if self.day is None:
            return flights.found(self.designator).first()
        on_the_day = flights.filter(date=self.day)
        own = on_the_day.filter(airline=self.airline, number=self.number)
        return own.first() or on_the_day.filter(has_codeshare(airline=self.airline, number=self.number)).first()


def named(thing: str) -> Named:
    """The flight that a thing names, whether or not it is known; Http404 if it names none."""
    name, _slash, day = thing.partition("/")
    if re.fullmatch(r"[0-9]{1,18}", name) and not day:
        return Named(pk=int(name))
    match = DESIGNATOR.fullmatch(re.sub(r"[\s-]+", " ", name).strip().upper())
    try:
        on = date.fromisoformat(day) if day else None
    except ValueError:
        match = None
    if match is None:
        raise Http404(f"{thing} names no flight")
    return Named(airline=match[1], number=match[2], day=on)


class FlightCard(FlightPage):
    """One flight in short."""

    path, public, stays = "embed/flight/<path:name>/", True, True
    template = "flights/travellers/widgets/_flight.html"
    name: str

    @cached_property
    def named(self) -> Named:
        return named(self.name)

    @cached_property
    def flight(self) -> Flight | None:
        return self.named.find()

    @property
    def pk(self) -> int | None:
        return self.flight.pk if self.flight else None

    @property
    def place(self) -> Airport | None:
        """Where it is awaited: the airport that it leaves from, then the one that it goes to."""
        if self.flight is None:
            return None
        return self.flight.origin if self.flight.phase in AT_GATE else self.flight.destination

    def topics(self) -> list[str]:
        return [topics.names(), *([topics.flight(self.flight.pk)] if self.flight else [])]

    def context(self) -> dict[str, Any]:
        if self.flight is None:
            return self.unknown()
        flight = Flight.objects.filter(pk=self.pk)
        (departure,), (arrival,) = board_rows(flight, "departure"), board_rows(flight, "arrival")
        return {
            "flight": flight.select_related("airline", "diverted_to").get(),
            "departure": departure,
            "arrival": arrival,
            "states": states_of_day(departure, arrival),
            "is_on_its_way": departure.phase not in (*AT_GATE, Phase.CANCELLED),
        }

    def unknown(self) -> dict[str, Any]:
        """A number that no flight has yet, or not on this day."""
        if self.named.pk is not None:
            raise Http404(f"No flight {self.name}")
        return {"designator": self.named.designator, "day": self.named.day and day_words(self.named.day)}

    def stale_at(self, now: datetime) -> datetime | None:
        """An hour ahead at the latest where it may be another flight by then."""
        return earliest(super().stale_at(now), None if self.named.pk is not None else next_hour(now))


class FlightForm(ThingForm):
    flight = forms.CharField(label=gettext_lazy("Flight"), max_length=10, help_text="B6 1010")
    date = forms.DateField(
        label=gettext_lazy("Day of departure (optional)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: always the flight of the day."),
    )

    def clean_flight(self) -> str:
        try:
            return named(self.cleaned_data["flight"]).thing
        except Http404:
            raise forms.ValidationError(_("Write the number of a flight, such as B6 1010.")) from None

    @property
    def thing(self) -> str:
        flight, day = self.cleaned_data["flight"], self.cleaned_data["date"]
        return f"{flight}/{day.isoformat()}" if day else flight

    @property
    def attributes(self) -> dict[str, str]:
        day = self.cleaned_data["date"]
        return {"flight": self.cleaned_data["flight"].replace("-", " "), **({"date": day.isoformat()} if day else {})}


def flight_region(thing: str, query: Mapping[str, str]) -> FlightCard:
    name = named(thing)
    if name.pk is not None and name.find() is None:
        raise Http404(f"No flight {thing}")
    return FlightCard(name=name.thing)


def flight_url(thing: str) -> str:
    """Its page; the search for it while it is not known."""
    name = named(thing)
    flight = name.find()
    if flight is None:
        return f"{reverse('flights:found')}?q={name.airline}+{name.number}"
    return reverse("flights:flight", args=[flight.pk])


def flight_title(thing: str) -> str:
    name = named(thing)
    flight = name.find()
    if flight is None and name.pk is not None:
        raise Http404(f"No flight {thing}")
    if flight is None:
        return name.designator
    return f"{flight.designator} {flight.origin.city} – {flight.destination.city}"


def may_follow(user: Any, thing: str) -> bool:
    """Anybody with an account may follow any flight: that they do is what is private."""
    try:
        return bool(user.is_authenticated) and named(thing).find() is not None
    except Http404:
        return False


register(
    Widget(
        "board",
        gettext_lazy("A board"),
        BoardForm,
        board_region,
        board_url,
        board_title,
        everybody,
        css=CSS,
        pages={"flights:departures": "{iata}/departures", "flights:arrivals": "{iata}/arrivals"},
        height=680,
    )
)
register(
    Widget(
        "flight",
        gettext_lazy("A flight"),
        FlightForm,
        flight_region,
        flight_url,
        flight_title,
        everybody,
        css=CSS,
        pages={"flights:flight": "{pk}"},
    )
)
register(
    Widget(
        "followed",
        gettext_lazy("A flight that you follow"),
        FlightForm,
        flight_region,
        flight_url,
        flight_title,
        may_follow,
        is_private=True,
        element="flight",
        css=CSS,
    )
)
