"""An itinerary as it is shown to those who hold or have booked it."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.seats.fares.quote import FARE, Party
from bookings.seats.layouts import Cabin
from bookings.seats.models import Booking, Inventory, Rules
from bookings.seats.models.choosing import SEAT
from bookings.seats.models.sitting import apart
from bookings.seats.search import timetable
from bookings.seats.search.itineraries import Itinerary
from bookings.seats.search.rows import PointRow, leg_row, minutes_words
from clocks import day_words
from links.models import LinkedQuerySet
from money import Money
from tracking.flights.models import Airline


class TripLeg(NamedTuple):
    """A LegRow of the search, and how long the flight takes."""

    number: str
    airline: str
    departs: PointRow
    arrives: PointRow
    aircraft: str
    is_cancelled: bool
    duration: str


def bookings() -> LinkedQuerySet[Any]:
    """What the links of customers open."""
    return Booking.objects.all()


def legs_of(inventories: Sequence[int]) -> list[TripLeg]:
    """The flights of an itinerary, each on the clocks of its airports."""
    return [leg for itinerary in itinerary_of(inventories) for leg in trip_legs(itinerary)]


def itinerary_of(inventories: Sequence[int]) -> list[Itinerary]:
    """The itinerary of these flights; none where one of them is gone."""
    return timetable.by_ids(["-".join(map(str, inventories))]) if inventories else []


def trip_legs(itinerary: Itinerary) -> list[TripLeg]:
    codes = {leg.airline for leg in itinerary.legs}
    airlines = dict(Airline.objects.filter(pk__in=codes).order_by().values_list("pk", "name"))
    return [
        TripLeg(*leg_row(leg, itinerary.legs[0], airlines), minutes_words(leg.arrives - leg.departs))
        for leg in itinerary.legs
    ]


def search_url(inventories: Iterable[int], party: Party, cabin: str) -> str:
    """The search for other flights of the same day, for the same party."""
    flights = {each.pk: each for each in Inventory.objects.filter(pk__in=inventories).select_related("flight__origin")}
    in_order = [flights[key] for key in inventories if key in flights]
    if not in_order:
        return reverse("seats:search")
    numbers = {name: number for name, number in party._asdict().items() if number}
    route = {"from": in_order[0].flight.origin_id, "to": in_order[-1].flight.destination_id, "day": in_order[0].day}
    return f"{reverse('seats:search')}?{urlencode({**route, **numbers, 'cabin': cabin})}"


def search_again(booking: Any) -> str:
    return search_url([segment.inventory_id for segment in booking.segments.all()], booking.party(), booking.cabin)


def next_url(booking: Any) -> str:
    """Where a customer goes once the passengers are booked: to pay, or to the booking."""
    return reverse("seats:pay" if booking.amount_due() else "seats:booked", args=[booking.token])


def fare_name(booking: Any, rules: Rules) -> str:
    family = rules.family(booking.cabin, booking.family)
    return f"{family.name if family else booking.family}, {Cabin(booking.cabin).label}"


def title(legs: Sequence[TripLeg]) -> str:
    words = {"from": legs[0].departs.city, "to": legs[-1].arrives.city} if legs else {}
    return _("%(from)s to %(to)s") % words if words else _("Your flight")


def day_of(booking: Any) -> str:
    segment = booking.segments.select_related("inventory__flight__origin").first()
    return day_words(segment.inventory.day)


def price_lines(lines: Iterable[Any], currency: str, rules: Rules) -> list[tuple[str, list[tuple[str, Money]], Money]]:
    """(traveller, [(what, amount)], sum) of price lines with ``traveller``, ``code`` and ``amount``, as they are printed."""
    found: dict[str, dict[str, int]] = {}
    for line in lines:
        amounts = found.setdefault(line.traveller, {})
        amounts[line.code] = amounts.get(line.code, 0) + line.amount
    return [
        (
            traveller,
            [(name_of(code, rules), Money(amount, currency)) for code, amount in amounts.items() if amount],
            Money(sum(amounts.values()), currency),
        )
        for traveller, amounts in found.items()
    ]


def name_of(code: str, rules: Rules) -> str:
    if code == FARE:
        return _("Fare")
    return _("Chosen seat") if code == SEAT else rules.tax_name(code)


def family_words(segment: Any, sitting: Sequence[tuple[Any, str]]) -> list[tuple[bool, str]]:
    """(whether it is good, a sentence) for each child of a flight: beside whom they sit."""
    plan = segment.inventory.plan
    alone = {traveller.pk for traveller in apart(plan, list(sitting))}
    adults = {seat: traveller for traveller, seat in sitting if seat and traveller.kind == "adult"}
    found = []
    for traveller, seat in sitting:
        if not traveller.is_child or not seat:
            continue
        if traveller.pk in alone:
            text = _("%(child)s sits beside no adult of yours: no seats side by side were left on this flight.")
            found.append((False, text % {"child": traveller}))
        else:
            beside = next(adults[other] for other in plan.neighbours(seat) if other in adults)
            found.append((True, _("%(child)s sits beside %(adult)s.") % {"child": traveller, "adult": beside}))
    return found
