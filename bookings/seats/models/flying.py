"""What becomes of a ticket on the day of the flight: check-in, boarding, and being taken off the flight."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.seats.layouts import Cabin
from bookings.seats.layouts.choosing import why_not
from bookings.seats.models.refusals import ExitRow, Refused, TooEarly, TooLate
from bookings.seats.models.sitting import kind_of
from bookings.seats.models.states import FLYING, Kind, State, Status
from bookings.seats.passes import bcbp
from bookings.seats.passes.names import pass_name
from tracking.flights.models.codes import Phase
from verbs.models import Tracked, verb

OPENS = timedelta(hours=24)  # before the scheduled departure
CLOSES = timedelta(minutes=30)  # before the departure, as it is expected
BOARDS = timedelta(minutes=30)  # before the departure, as it is expected
CHECKING_IN = (Phase.SCHEDULED, Phase.CHECK_IN, Phase.LOUNGE, Phase.GATE_OPEN, Phase.BOARDING)
GETTING_ON = (*CHECKING_IN, Phase.FINAL_CALL)

COMPARTMENTS = {Cabin.FIRST: "F", Cabin.BUSINESS: "J", Cabin.PREMIUM: "W", Cabin.ECONOMY: "Y"}


def departure_of(flight: Any) -> datetime:
    """When it leaves, as far as it is known. A flight that is expected too early keeps its schedule."""
    return at_utc(max(filter(None, (flight.off_block_scheduled, flight.off_block_estimated))))


def check_in_opens(flight: Any) -> datetime:
    """24 hours that pass, whatever the clocks of the airport do in that night."""
    return at_utc(flight.off_block_scheduled) - OPENS


def at_utc(moment: datetime) -> datetime:
    """Subtracting from the time of a zone moves its clock; subtracting from UTC counts hours that pass."""
    return moment.astimezone(UTC)


def check_in_closes(flight: Any) -> datetime:
    return departure_of(flight) - CLOSES


def boards_at(flight: Any) -> datetime:
    return departure_of(flight) - BOARDS


class CouponVerbs(Tracked):
    """The verbs of a coupon. ``by`` is who is at the desk or at the gate, and None for what passengers do themselves."""

    segment: Any
    traveller: Any
    status: str
    sequence: int | None
    reason: str
    seat: Any

    class Meta:
        abstract = True

    @verb
    def check_in(self, agrees: bool = False) -> None:
        """Give it the next sequence number of the flight. ``agrees``: to the conditions of a seat in an exit row.

        Raises TooEarly, TooLate, ExitRow where nobody has agreed, and Refused for what is not paid or does not fly.
        """
        self.check_paid()
        if self.segment.booking.due > 0:
            raise Refused(_("The change of this booking is not paid yet."))
        self.check_time(timezone.now())
        if self.traveller.has_seat and not self.seat:
            raise Refused(_("%(name)s has no seat on this flight yet. Please speak to the airline.") % self.words())
        self.check_exit(agrees)
        if (adult := self.of_adult()) and adult.status == Status.ISSUED:
            words = {**self.words(), "adult": adult.display_name}
            raise Refused(_("%(name)s travels with %(adult)s. Check in %(adult)s first.") % words)
        inventory = self.segment.inventory
        inventory.last_sequence += 1
        inventory.save(update_fields=["last_sequence"])
        self.status, self.sequence = Status.CHECKED_IN, inventory.last_sequence
        self.checked_in_at, self.checked_in_seat = timezone.now(), self.seat

    @verb
    def undo_check_in(self) -> None:
        """The pass is worthless from now on: the next one has another sequence number. An infant goes with its adult."""
        for infant in self.infants().filter(status=Status.CHECKED_IN):
            infant.undo_check_in(**(self.context or {}))
        self.end_check_in(Status.ISSUED)

    @verb
    def board(self, gate: str = "") -> None:
        """The passenger goes on board. A second boarding is refused, so two gates can't admit the same pass."""
        self.check_paid()
        flight = self.segment.inventory.flight
        if flight.phase not in GETTING_ON:
            words = {"flight": flight.designator, "state": flight.get_phase_display()}
            raise TooLate(_("Nobody can board %(flight)s now. Its state is “%(state)s”.") % words)
        if (adult := self.of_adult()) and adult.status != Status.BOARDED:
            raise Refused(adult.refusal("board_first", adult.status))
        self.status, self.boarded_at, self.boarded_gate = Status.BOARDED, timezone.now(), gate

    @verb
    def undo_boarding(self) -> None:
        self.status, self.boarded_at, self.boarded_gate = Status.CHECKED_IN, None, ""

    @verb
    def offload(self, reason: str = "") -> None:
        """Take somebody off the flight, and an infant with its adult. The seat is free."""
        for infant in self.infants():
            infant.offload(reason, **(self.context or {}))
        if assignment := getattr(self, "assignment", None):
            assignment.delete()
        self.boarded_at, self.boarded_gate, self.reason = None, "", reason
        self.end_check_in(Status.OFFLOADED)

    # The pass

    def boarding_pass(self) -> bcbp.Pass:
        """What its code says. It has room for four digits and one letter of the flight number."""
        segment = self.segment
        flight = segment.inventory.flight
        number = re.search(r"(\d{1,4})([A-Z]?)$", flight.number)
        return bcbp.Pass(
            name=pass_name(self.traveller.surname, self.traveller.given),
            reference=segment.booking.reference,
            origin=flight.origin_id,
            destination=flight.destination_id,
            carrier=flight.airline_id,
            number=int(number[1]) if number else 0,
            suffix=number[2] if number else "",
            day=flight.date.timetuple().tm_yday,
            cabin=COMPARTMENTS[segment.cabin],
            seat=bcbp.INFANT if self.traveller.kind == Kind.INFANT_LAP else self.seat,
            sequence=self.sequence or 0,
            status="1" if self.has_pass else "0",
        )

    @property
    def has_pass(self) -> bool:
        return self.status in (Status.CHECKED_IN, Status.BOARDED) and self.segment.booking.state == State.CONFIRMED

    @property
    def in_exit_row(self) -> bool:
        seat = self.segment.inventory.plan.seats.get(self.seat)
        return bool(seat and seat.is_exit)

    # Their rules

    def check_paid(self) -> None:
        booking = self.segment.booking
        if booking.state == State.CANCELLED:
            raise Refused(_("This booking is cancelled."))
        if booking.state != State.CONFIRMED:
            raise Refused(_("This booking is not paid yet."))
        if booking.due:
            raise Refused(_("The difference for the change of this booking is not paid yet."))

    def check_time(self, now: datetime) -> None:
        flight = self.segment.inventory.flight
        words = {"flight": flight.designator}
        if flight.phase == Phase.CANCELLED:
            raise TooLate(_("%(flight)s is cancelled.") % words)
        if now < check_in_opens(flight):
            raise TooEarly(_("Check-in of %(flight)s opens 24 hours before the departure.") % words)
        if flight.phase not in CHECKING_IN or now >= check_in_closes(flight):
            raise TooLate(_("Check-in of %(flight)s has closed.") % words)

    def check_exit(self, agrees: bool) -> None:
        if not self.in_exit_row:
            return
        seat = self.segment.inventory.plan.seats[self.seat]
        traveller = self.traveller
        has_infant = self.infants().exists()
        if reason := why_not(seat, kind_of(traveller), needs_help=traveller.needs_help, with_infant=has_infant):
            raise ExitRow(reason)
        if not agrees:
            raise ExitRow(_("%(name)s: agree to the conditions for a seat at an emergency exit first.") % self.words())

    def end_check_in(self, status: Status) -> None:
        self.status, self.sequence, self.checked_in_at, self.checked_in_seat = status, None, None, ""

    def of_adult(self) -> Any:
        """The coupon of the adult who holds this infant; None if the traveller is no infant on a lap."""
        return type(self)._base_manager.filter(segment=self.segment, traveller=self.traveller.adult_id).first()

    def infants(self) -> Any:
        """The coupons of infants on this traveller's lap, who are still to fly."""
        found = type(self)._base_manager.filter(segment=self.segment, traveller__adult=self.traveller)
        return found.filter(status__in=FLYING).select_related("traveller")

    def words(self) -> dict[str, str]:
        return {"name": self.display_name, "seat": self.seat}
