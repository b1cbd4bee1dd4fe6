"""What flights add to the frame, the front page, and where the flight desk lands."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.landings import landing
from accounts.models import User
from pages.nav import Door, Entry, Panel, Search, door, entry, home, panel, search
from tracking.flights.models import Airport
from tracking.flights.travellers.regions import AirportDisruptions, NextDepartures

STYLE = "css/flights.css"


@home
def airport(iata: str) -> Airport | None:
    return Airport.objects.filter(iata=iata).first()


def at_home(name: str) -> str:
    """The address of a page of the home airport."""
    return reverse(f"flights:{name}", args=[settings.HOME_AIRPORT])


def is_agent(user: Any) -> bool:
    """Whether somebody works at the flight desk."""
    return bool(user.has_perm("flights.change_flight"))


@landing(order=10)
def desk_of(user: User) -> str | None:
    return at_home("desk") if is_agent(user) else None


# The main navigation


@entry(order=10)
def flights(user: Any) -> Entry:
    return Entry(_("Flights"), at_home("departures"), {"flights:departures", "flights:arrivals", "flights:flight"})


@entry(order=20)
def disruptions(user: Any) -> Entry:
    return Entry(_("Disruptions"), reverse("flights:disruptions"), {"flights:disruptions"})


@entry(order=50)
def desk(user: Any) -> Entry | None:
    if not is_agent(user):
        return None
    return Entry(_("Flight desk"), at_home("desk"), {"flights:desk", "flights:flight-desk", "flights:change"})


# The front page


@search(order=10)
def find(user: Any) -> Search:
    return Search(_("Find your flight"), reverse("flights:found"), _("B6 1010, or Boston"))


@door(order=10)
def to_departures(user: Any) -> Door:
    return Door(_("Departures"), at_home("departures"), "departures")


@door(order=20)
def to_arrivals(user: Any) -> Door:
    return Door(_("Arrivals"), at_home("arrivals"), "arrivals")


@door(order=30)
def to_disruptions(user: Any) -> Door:
    return Door(_("Disruptions"), reverse("flights:disruptions"), "disruptions")


@door(order=50)
def to_desk(user: Any) -> Door | None:
    return Door(_("Flight desk"), at_home("desk"), "desk") if is_agent(user) else None


@panel(order=10)
def next_departures(user: Any) -> Panel:
    return Panel(NextDepartures(iata=settings.HOME_AIRPORT), _("All departures"), at_home("departures"), STYLE)


@panel(order=20)
def disrupted(user: Any) -> Panel:
    region = AirportDisruptions(iata=settings.HOME_AIRPORT)
    return Panel(region, _("All disruptions"), reverse("flights:disruptions"), STYLE)
