"""What a result shows: values that are equal where nothing has changed, so that it is not rendered again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.seats.fares.rules import FamilyRule
from bookings.seats.layouts import layout
from bookings.seats.search.itineraries import FlightForSale, Itinerary, Place
from bookings.seats.search.offers import Fare
from bookings.seats.search.shown import Seen
from clocks import clock, short_day
from money import Money

MANY = 9  # seats: as many or more are not counted out


class PointRow(NamedTuple):
    """A departure or an arrival: on the clock of its airport, with the best known time where that is another one."""

    iata: str
    city: str
    clock: str
    days_later: str  # "+1", "-1" or ""
    expected: str  # "" where it is the scheduled one
    moment: str  # the scheduled one, for machines


class LegRow(NamedTuple):
    number: str
    airline: str  # its name
    departs: PointRow
    arrives: PointRow
    aircraft: str
    is_cancelled: bool


class FareRow(NamedTuple):
    """One fare family. ``price`` is "" where none of it is left."""

    family: str
    name: str
    terms: tuple[str, ...]
    price: str
    was: str
    seats: str
    choice: str  # what its button sends: flights, family, and the price in minor units
    choose: str  # its button, in words


class ResultRow(NamedTuple):
    id: str
    legs: tuple[LegRow, ...]
    departs: PointRow
    arrives: PointRow
    duration: str
    stops: str
    wait: str  # "1 h 10 min in Chicago (ORD)"
    problem: str  # "cancelled", "missed", "left", "closed" or ""
    instead: tuple[str, str]  # the id and the words of the connection that fits instead
    fares: tuple[FareRow, ...]
    has_seats: bool

    @property
    def is_over(self) -> bool:
        """Whether nothing of it can be chosen. It stays as high as it was, so that nothing below it moves."""
        return bool(self.problem) or not self.has_seats

    @property
    def say(self) -> str:
        """What is read out when it has changed."""
        words = {"time": self.departs.clock, "city": self.arrives.city}
        if self.problem == "missed":
            return _("%(time)s to %(city)s: this connection is no longer possible") % words
        if self.problem:
            return _("%(time)s to %(city)s can no longer be booked") % words
        fares = [f"{fare.name} {fare.price}" for fare in self.fares if fare.price]
        return _("%(time)s to %(city)s: %(fares)s") % {**words, "fares": ", ".join(fares) or _("no seats left")}


def minutes_words(duration: timedelta) -> str:
    """2 h 05 min."""
    hours, minutes = divmod(int(duration.total_seconds()) // 60, 60)
    words = {"hours": hours, "minutes": f"{minutes:02}"}
    return _("%(hours)s h %(minutes)s min") % words if hours else _("%(minutes)s min") % {"minutes": minutes}


def point(place: Place, scheduled: datetime, expected: datetime, departed: datetime, origin: Place) -> PointRow:
    """``departed`` and ``origin``: the departure from which the days are counted."""
    days = (scheduled.astimezone(place.tz).date() - departed.astimezone(origin.tz).date()).days
    shown = clock(scheduled, place.tz)
    best = clock(expected, place.tz)
    if expected.astimezone(place.tz).date() != scheduled.astimezone(place.tz).date():
        best = f"{short_day(expected.astimezone(place.tz).date())} {best}"
    moment = scheduled.isoformat(timespec="minutes")
    return PointRow(place.iata, place.city, shown, f"{days:+d}" if days else "", "" if best == shown else best, moment)


def leg_row(leg: FlightForSale, first: FlightForSale, airlines: Mapping[str, str]) -> LegRow:
    return LegRow(
        leg.designator,
        airlines.get(leg.airline, leg.airline),
        point(leg.origin, leg.departs, leg.expects_departure, first.departs, first.origin),
        point(leg.destination, leg.arrives, leg.expects_arrival, first.departs, first.origin),
        str(layout(leg.layout)),
        leg.is_cancelled,
    )


def problem_of(itinerary: Itinerary, now: datetime) -> str:
    """Why it can't be chosen any more, by the most important reason."""
    if itinerary.is_cancelled:
        return "cancelled"
    if itinerary.legs[0].has_left:
        return "left"
    if itinerary.is_missed:
        return "missed"
    return "" if itinerary.is_sold(now) else "closed"


def instead_of(itinerary: Itinerary, others: Iterable[Itinerary], now: datetime) -> tuple[str, str]:
    """The earliest of the others that begins with the same flight and still reaches its connection."""
    first = itinerary.legs[0]
    fits = [each for each in others if each.legs[0] == first and each.stops and each.is_sold(now)]
    if not fits:
        return "", ""
    best = min(fits, key=lambda each: each.legs[1].departs)
    onward = best.legs[1]
    words = {"flight": onward.designator, "time": clock(onward.departs, onward.origin.tz)}
    return best.id, _("%(flight)s at %(time)s still fits") % words


def wait_words(itinerary: Itinerary) -> str:
    if not itinerary.stops:
        return ""
    at = itinerary.legs[0].destination
    words = {"time": minutes_words(itinerary.wait), "city": at.city, "iata": at.iata}
    return _("%(time)s in %(city)s (%(iata)s)") % words


def stops_words(itinerary: Itinerary) -> str:
    return (
        _("Direct")
        if not itinerary.stops
        else ngettext("%(stops)s stop", "%(stops)s stops", itinerary.stops) % {"stops": itinerary.stops}
    )


def fare_row(
    itinerary: Itinerary, family: FamilyRule, terms: tuple[str, ...], fare: Fare | None, seen: Seen | None
) -> FareRow:
    if fare is None or seen is None:
        return FareRow(family.code, family.name, terms, "", "", "", "", "")
    was = "" if seen.was is None else Money(seen.was, fare.total.currency).format()
    legs = ",".join(str(leg.inventory) for leg in itinerary.legs)
    choice = f"{legs}/{family.code}/{fare.total.amount}"
    zone, price = itinerary.origin.tz, fare.total.format()
    words = {"family": family.name, "price": price, "time": clock(itinerary.departs, zone)}
    choose = _("Choose %(family)s at %(time)s for %(price)s") % words
    return FareRow(family.code, family.name, terms, price, was, seats_words(seen, zone), choice, choose)


def seats_words(seen: Seen, zone: Any) -> str:
    """2 seats, counted 12:04:31 on the clock of the origin."""
    if seen.seats >= MANY:
        return _("%(many)s seats or more") % {"many": MANY}
    words = {"seats": seen.seats, "time": f"{seen.counted.astimezone(zone):%H:%M:%S}"}
    return ngettext("%(seats)s seat, counted %(time)s", "%(seats)s seats, counted %(time)s", seen.seats) % words


def result_row(
    itinerary: Itinerary,
    others: Sequence[Itinerary],
    airlines: Mapping[str, str],
    fares: tuple[FareRow, ...],
    now: datetime,
) -> ResultRow:
    first = itinerary.legs[0]
    problem = problem_of(itinerary, now)
    legs = tuple(leg_row(leg, first, airlines) for leg in itinerary.legs)
    return ResultRow(
        itinerary.id,
        legs,
        legs[0].departs,
        legs[-1].arrives,
        minutes_words(itinerary.duration),
        stops_words(itinerary),
        wait_words(itinerary),
        problem,
        instead_of(itinerary, others, now) if problem == "missed" else ("", ""),
        fares,
        any(fare.price for fare in fares),
    )
