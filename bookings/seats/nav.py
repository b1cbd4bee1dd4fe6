"""What flights for sale add to the frame and to the front page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.landings import landing
from bookings.seats.desk.access import is_agent
from bookings.seats.desk.fares.urls import urls as desk_fares
from bookings.seats.desk.urls import urls as desk
from bookings.seats.gate.regions import PERMISSION as BOARDS
from bookings.seats.gate.urls import urls as gate
from bookings.seats.search.urls import urls as search
from pages.nav import Door, Entry, door, entry, names


@entry(order=25)
def fly(user: Any) -> Entry:
    return Entry(_("Book a flight"), reverse("seats:search"), names("seats", search))


@entry(order=26)
def fares(user: Any) -> Entry | None:
    if not user.has_perm("seats.change_tariff"):
        return None
    return Entry(_("Fares"), reverse("seats:all-fares"), names("seats", desk_fares))


@door(order=5)
def to_search(user: Any) -> Door:
    return Door(_("Book a flight"), reverse("seats:search"), "seats")


@entry(order=27)
def boarding(user: Any) -> Entry | None:
    return Entry(_("Boarding"), reverse("seats:gate-flights"), names("seats", gate)) if user.has_perm(BOARDS) else None


@landing(order=30)
def at_the_gate(user: Any) -> str | None:
    return reverse("seats:gate-flights") if user.has_perm(BOARDS) else None


@landing(order=35)
def at_the_fares(user: Any) -> str | None:
    return reverse("seats:all-fares") if user.has_perm("seats.change_tariff") else None


@entry(order=51)
def sales_desk(user: Any) -> Entry | None:
    return Entry(_("Sales desk"), reverse("seats:desk"), names("seats", desk)) if is_agent(user) else None


@door(order=51)
def to_sales_desk(user: Any) -> Door | None:
    return Door(_("Sales desk"), reverse("seats:desk"), "desk") if is_agent(user) else None


@landing(order=25)
def at_the_sales_desk(user: Any) -> str | None:
    return reverse("seats:desk") if is_agent(user) else None
