"""A booking as values to show: its flights as they are now, who travels, and what was charged."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from bookings.seats.fares.quote import FARE
from bookings.seats.layouts import Cabin
from bookings.seats.models import Rules
from bookings.seats.models.disruption import CANCELLED, DELAYED, DIVERTED, MISSED, Now, state_of
from bookings.seats.models.states import Status
from bookings.seats.passengers.trip.options import place
from bookings.seats.passengers.trips import family_words
from bookings.seats.search.rows import PointRow, minutes_words, point
from clocks import day_words
from money import Money
from tracking.flights.models import STATE_WORDS
from tracking.flights.models.codes import DELAYED_FROM
from tracking.flights.models.news import AHEAD

OF_FLIGHT = ("segment__inventory__flight",)
TONES = {"SCH": "good", "DEL": "warn", "CNX": "bad", "DIV": "bad", "BRD": "good", "GTO": "good", "GCL": "go"}
CALM = ("GTD", "DEP", "TOM", "AIR", "ARR", "NNS")


class Seated(NamedTuple):
    """A traveller on one flight."""

    name: str
    seat: str  # "" for an infant on a lap
    status: str
    is_checked_in: bool


class Leg(NamedTuple):
    """One flight of a booking."""

    number: str
    airline: str
    day: str
    departs: PointRow
    arrives: PointRow | None
    states: tuple[tuple[str, str], ...]  # (word, tone)
    gate: str
    gate_before: str
    terminal: str
    problem: str
    reason: str
    url_of_flight: int
    seated: tuple[Seated, ...]
    families: tuple[tuple[bool, str], ...]  # (whether it is good, beside whom a child sits)


class Charge(NamedTuple):
    """What one traveller pays, line by line, as it was printed when it was accepted."""

    name: str
    ticket: str
    is_cancelled: bool
    lines: tuple[tuple[str, Money, Money], ...]  # (what, amount, given back)
    total: Money


def legs_of(segments: Sequence[Any], now: datetime) -> list[Leg]:
    return [leg_of(state, segments[0]) for state in state_of(list(segments), now)]


def leg_of(state: Now, first: Any) -> Leg:
    segment, flight = state.segment, state.flight
    departed, origin = first.inventory.flight.off_block_scheduled, place(first.inventory.flight.origin)
    scheduled = segment.departs or flight.off_block_scheduled
    arrives = segment.arrives or flight.on_block_scheduled
    coupons = segment.coupons.exclude(status=Status.VOID).select_related("traveller", "assignment")
    coupons = coupons.order_by("traveller__position")
    return Leg(
        number=flight.designator,
        airline=flight.airline.name,
        day=day_words(segment.inventory.day),
        departs=point(place(flight.origin), scheduled, flight.best_departure, departed, origin),
        arrives=point(place(flight.destination), arrives, flight.best_arrival, departed, origin) if arrives else None,
        states=tuple(words_of(state)),
        gate=flight.gate,
        gate_before=flight.gate_before,
        terminal=flight.terminal,
        problem=state.problem,
        reason=flight.delay_reason if state.problem in (CANCELLED, DELAYED) else "",
        url_of_flight=flight.pk,
        seated=tuple(
            Seated(str(coupon.traveller), coupon.seat, coupon.get_status_display(), coupon.status != Status.ISSUED)
            for coupon in coupons
        ),
        families=tuple(family_words(segment, [(coupon.traveller, coupon.seat) for coupon in coupons])),
    )


def words_of(state: Now) -> list[tuple[str, str]]:
    """The public states of a flight, and that it can't be reached."""
    flight = state.flight
    found = [(_("Connection not possible"), "bad")] if state.problem == MISSED else []
    for code in flight.states("departure"):
        word, tone = str(STATE_WORDS[code]), TONES.get(code, "calm" if code in CALM else "")
        if code == "DEL":
            word = _("Delayed %(by)s") % {"by": minutes_words(state.departs_later)}
        elif code == "SCH" and flight.news == AHEAD:
            word, tone = _("Scheduled"), ""
        elif code == "SCH" and flight.delay_minutes >= DELAYED_FROM:
            continue
        found.append((word, tone))
    if state.problem == DIVERTED:
        found.append((_("Goes to %(city)s") % {"city": flight.diverted_to.city}, "bad"))
    return list(dict.fromkeys(found))


def charges_of(booking: Any, rules: Rules) -> list[Charge]:
    """What each traveller pays, without lines that a change has replaced."""
    found = []
    for traveller in booking.travellers.all():
        lines = booking.lines.filter(traveller=traveller, is_replaced=False).select_related(*OF_FLIGHT)
        rows = tuple(
            (line_words(line, rules), Money(line.amount, booking.currency), Money(line.refunded, booking.currency))
            for line in lines
            if line.amount
        )
        total = Money(sum(line.amount for line in lines), booking.currency)
        found.append(Charge(str(traveller), traveller.ticket, traveller.cancelled_at is not None, rows, total))
    return found


def line_words(line: Any, rules: Rules) -> str:
    """A price line in words, with its flight."""
    name = name_of(line.code, rules)
    return f"{name}, {line.segment.inventory.flight.designator}" if line.segment else name


def name_of(code: str, rules: Rules) -> str:
    """A price line in words."""
    known = {FARE: _("Fare"), "seat": _("Chosen seat"), "change": _("Fee for the change")}
    return known[code] if code in known else rules.tax_name(code)


def fare_of(booking: Any, rules: Rules) -> str:
    family = rules.family(booking.cabin, booking.family)
    return f"{family.name if family else booking.family}, {Cabin(booking.cabin).label}"
