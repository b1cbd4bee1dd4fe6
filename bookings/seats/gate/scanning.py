"""From what was scanned or typed at a gate to the traveller, who boards if the pass is valid.

A pass is compared with the ticket field by field: nothing that is printed on it is believed.
"""

import re
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.seats.gate.outcomes import Answer, Outcome
from bookings.seats.models import Coupon, IllegalMove, Inventory, Refused, State, Status, TooLate
from bookings.seats.passes.bcbp import NotAPass, Pass, date_of, decode
from clocks import short_day, short_when, today
from references import ALPHABET, LENGTH
from tracking.flights.models import Flight

SEAT = re.compile(r"0{0,2}([1-9]\d?[A-Z])")
SEQUENCE = re.compile(r"\d{1,4}")
REFERENCE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")

RELATED = (
    "traveller",
    "assignment",
    "segment__booking",
    "segment__inventory__flight__origin",
    "segment__inventory__flight__destination",
)


def scan(inventory: Inventory, text: str, gate: str = "", by: Any = None) -> Answer:
    """Board the passenger with this boarding pass. The agent may type a seat, a sequence number or a reference instead."""
    text = text.strip()
    typed = text.upper()
    here = coupons_of(inventory)
    if found := SEAT.fullmatch(typed):
        return one_of(list(here.filter(assignment__seat=found[1])), gate, by)
    if SEQUENCE.fullmatch(typed):
        return one_of(list(here.filter(sequence=int(typed))), gate, by)
    if REFERENCE.fullmatch(typed):
        return of_reference(inventory, typed, gate, by)
    if not text.startswith("M"):
        return Answer(
            Outcome.NOT_A_PASS,
            _("Scan a boarding pass, or type a seat such as 12A, a sequence number or a reference of six characters."),
        )
    try:
        legs = decode(text)
        leg = next((leg for leg in legs if is_for(leg, inventory.flight)), None)
    except NotAPass as fault:
        return Answer(Outcome.NOT_A_PASS, str(fault))
    if leg is None:
        return wrong_flight(legs[0])
    return of_pass(leg, inventory, gate, by)


def board(coupon: Coupon, gate: str = "", by: Any = None) -> Answer:
    """Let somebody board, or say why not. Of two gates at the same moment, one boards them, and the other says so."""
    try:
        coupon.board(gate=gate, by=by)
    except IllegalMove as refusal:
        return not_boarding(coupon, str(refusal))
    except TooLate as refusal:
        return Answer(Outcome.CLOSED, str(refusal), coupon)
    except Refused as refusal:
        return Answer(Outcome.CANCELLED, str(refusal), coupon)
    return Answer(Outcome.BOARDED, "", coupon)


def coupons_of(inventory: Inventory) -> Any:
    """The tickets of a flight that were paid."""
    paid = Coupon.objects.filter(segment__inventory=inventory, segment__booking__state=State.CONFIRMED)
    return paid.select_related(*RELATED).order_by("traveller__position")


# What was typed


def of_reference(inventory: Inventory, reference: str, gate: str, by: Any) -> Answer:
    found = list(coupons_of(inventory).filter(segment__booking__reference=reference))
    if not found:
        elsewhere = Coupon.objects.filter(
            segment__booking__reference=reference, segment__booking__state=State.CONFIRMED
        )
        if coupon := elsewhere.select_related(*RELATED).first():
            return wrong_flight(coupon.boarding_pass())
    return one_of(found, gate, by)


def one_of(found: list[Coupon], gate: str, by: Any) -> Answer:
    if not found:
        return Answer(Outcome.NOBODY, _("Nobody on this flight has it."))
    if len(found) > 1:
        return Answer(Outcome.CHOOSE, choices=tuple(found))
    return board(found[0], gate, by)


# What was scanned


def is_for(leg: Pass, flight: Flight) -> bool:
    """Whether a pass is for this flight. Its day has no year: the nearest one to today, where the flight departs."""
    same = leg.carrier == flight.airline_id and f"{leg.number}{leg.suffix}" == flight.number.lstrip("0")
    return same and leg.origin == flight.origin_id and date_of(leg.day, today(flight.origin.tz)) == flight.date


def wrong_flight(leg: Pass) -> Answer:
    """Where somebody has to go instead, as far as it is known."""
    day = date_of(leg.day, timezone.localdate())
    number = f"{leg.number}{leg.suffix}"
    words = {
        "flight": f"{leg.carrier} {number}",
        "from": leg.origin,
        "to": leg.destination,
        "day": short_day(day),
    }
    flight = Flight.objects.filter(airline=leg.carrier, number=number, origin=leg.origin, date=day).first()
    if flight and flight.gate:
        words["gate"] = flight.gate
        text = _("The pass is for %(flight)s from %(from)s to %(to)s on %(day)s, gate %(gate)s.")
    else:
        text = _("The pass is for %(flight)s from %(from)s to %(to)s on %(day)s.")
    return Answer(Outcome.WRONG_FLIGHT, text % words)


def of_pass(leg: Pass, inventory: Inventory, gate: str, by: Any) -> Answer:
    of_booking = Coupon.objects.filter(segment__inventory=inventory, segment__booking__reference=leg.reference)
    named = [one for one in of_booking.select_related(*RELATED) if one.boarding_pass().name == leg.name]
    if not named:
        return Answer(Outcome.FORGED, _("No ticket for this flight has this name and reference."))
    coupon = next((one for one in named if one.sequence == leg.sequence), named[0])
    if coupon.segment.booking.state != State.CONFIRMED or coupon.status not in (Status.CHECKED_IN, Status.BOARDED):
        return not_boarding(coupon)
    known = coupon.boarding_pass()
    if (leg.sequence, leg.seat, leg.cabin, leg.destination) != (
        known.sequence,
        known.seat,
        known.cabin,
        known.destination,
    ):
        return not_the_same(leg, coupon)
    return board(coupon, gate, by)


def not_the_same(leg: Pass, coupon: Coupon) -> Answer:
    """A pass that was valid once is old; any other is forged."""
    seat = leg.seat in (coupon.seat, coupon.checked_in_seat, coupon.boarding_pass().seat)
    numbers = coupon.changes.filter(field="sequence").values_list("after", flat=True)
    if not seat or str(leg.sequence) not in numbers:
        return Answer(Outcome.FORGED, _("The seat or the sequence number was never on a pass of this ticket."), coupon)
    if leg.seat != coupon.seat and coupon.seat:
        words = {"old": leg.seat, "new": coupon.seat}
        return Answer(Outcome.OUTDATED, _("The pass says seat %(old)s. The seat is now %(new)s.") % words, coupon)
    return Answer(Outcome.OUTDATED, _("There is a newer pass of this ticket."), coupon)


def not_boarding(coupon: Coupon, text: str = "") -> Answer:
    """Why somebody with a ticket can't board now."""
    booking = coupon.segment.booking
    if booking.state == State.CANCELLED:
        return Answer(Outcome.CANCELLED, _("This booking is cancelled."), coupon)
    if booking.state != State.CONFIRMED:
        return Answer(Outcome.CANCELLED, _("This booking is not paid yet."), coupon)
    if coupon.status == Status.BOARDED:
        return Answer(Outcome.ALREADY, first_time(coupon), coupon)
    outcomes = {
        Status.ISSUED: Outcome.NOT_CHECKED_IN,
        Status.OFFLOADED: Outcome.OFFLOADED,
        Status.VOID: Outcome.CANCELLED,
    }
    status = Status(coupon.status)
    return Answer(outcomes[status], text or coupon.refusal("board", status), coupon)


def first_time(coupon: Coupon) -> str:
    """When and where somebody boarded."""
    tz = coupon.segment.inventory.flight.origin.tz
    words = {"time": short_when(coupon.boarded_at, tz, today(tz)), "gate": coupon.boarded_gate}
    if coupon.boarded_gate:
        return _("This pass was used at %(time)s at gate %(gate)s.") % words
    return _("This pass was used at %(time)s.") % words
