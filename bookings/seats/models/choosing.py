"""The verbs of a booking about its seats: choose others, and hold the same ones again after they have expired."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.seats.fares.rulebook import RuleBook
from bookings.seats.fares.rules import SeatKind
from bookings.seats.fares.terms import SeatChoice, Terms
from bookings.seats.layouts import Seat
from bookings.seats.models.fares import Rules
from bookings.seats.models.holding import HOLD, best_seats, check_sale
from bookings.seats.models.refusals import ExitRow, TooLate, Unfit
from bookings.seats.models.sitting import Sitting, apart, check_sitting
from bookings.seats.models.states import FLYING, State, Status
from bookings.seats.models.travellers import Coupon, PriceLine
from money import Money
from strangers import Asker
from verbs.models import Tracked, verb

SEAT = "seat"  # the code of a price line for a chosen seat


def kinds_of(seat: Seat) -> list[str]:
    """What a seat is, in the words of the fees."""
    preferred = seat.is_window or seat.is_aisle
    return [*([SeatKind.LEGROOM] if seat.has_legroom else []), *([SeatKind.PREFERRED] if preferred else [])]


def fee_of(rules: RuleBook, terms: Terms, seat: Seat) -> int | None:
    """What it costs to choose a seat, in minor units; None where the terms let nobody choose."""
    return rules.seat_fee(seat.cabin, terms, kinds_of(seat))


class SeatVerbs(Tracked):
    """What a customer does with the seats of a booking."""

    segments: Any
    travellers: Any
    lines: Any
    expires_at: datetime | None
    currency: str

    class Meta:
        abstract = True

    @verb
    def choose(self, seats: Mapping[int, str], agreed: bool = False) -> None:
        """A customer chooses seats: ``{coupon: seat}``. A seat that costs something makes a price line while it is held.

        Seats that the booking has may change hands for nothing. Once it is booked, others may not cost more than what was
        paid for the former ones. ``agreed``: to the conditions of seats in exit rows. Raises ExitRow without it, SeatTaken,
        NotTogether, and Unfit.
        """
        now = timezone.now()
        self.check_live(now)
        wanted = self.wanted(seats)
        for segment in self.segments.select_related("inventory__flight"):
            of_segment = {coupon: seat for coupon, seat in wanted.items() if coupon.segment_id == segment.pk}
            if not of_segment:
                continue
            before = self.sitting(segment, {})
            fees = self.fees(segment, of_segment, before, self.sitting(segment, of_segment))
            self.check_exits(segment, of_segment, before, agreed)
            self.reseat(segment, of_segment, now)
            self.charge(segment, fees)

    @verb
    def renew(self) -> None:
        """Hold the seats again after the hold has expired: the same ones if they are free, else the best that are left.

        Its price is asked again when it is booked. Raises Full, NotForSale, TooMany.
        """
        now = timezone.now()
        if not self.is_expired(now):
            return
        type(self).objects.check_holds(Asker(self.asked_from, self.asked_by))
        for segment in self.segments.select_related("inventory__flight__origin"):
            check_sale(segment.inventory, now)
        self.expires_at = now + HOLD
        self.hold_again(list(self.travellers.all()), now)

    # Their rules

    def wanted(self, seats: Mapping[int, str]) -> dict[Any, str]:
        """The seats by coupon, without those that stay as they are. Raises TooLate for who is on board."""
        coupons = self.coupons_for(seats)
        if on_board := [coupon for coupon in coupons.values() if coupon.status == Status.BOARDED]:
            raise TooLate(on_board[0].refusal("choose", Status.BOARDED))
        return {coupons[key]: seat for key, seat in seats.items() if coupons[key].seat != seat}

    def coupons_for(self, seats: Mapping[int, str]) -> dict[int, Any]:
        """The coupons that seats are wanted for, by key. Raises Unfit for those of somebody else, and of infants on laps."""
        coupons = {coupon.pk: coupon for coupon in self.coupons(list(seats))}
        if len(coupons) != len(seats) or any(coupon.status not in FLYING for coupon in coupons.values()):
            raise Unfit(_("Choose a seat for a traveller of this booking."))
        if any(not coupon.traveller.has_seat for coupon in coupons.values()):
            raise Unfit(_("An infant on a lap has no seat of its own."))
        return coupons

    def fees(self, segment: Any, wanted: Mapping[Any, str], before: Sitting, after: Sitting) -> dict[Any, int]:
        """What each of these coupons pays for its new seat. Raises Unfit where the terms don't allow it."""
        paid = dict(self.lines.filter(code=SEAT, segment=segment).values_list("traveller", "amount"))
        own = {seat: paid.get(traveller.pk, 0) for traveller, seat in before if seat}
        plan, rules, terms = segment.inventory.plan, Rules.read(), Terms.of(self.terms)
        if apart(plan, before) and not apart(plan, after):
            return {coupon: paid.get(coupon.traveller_id, 0) for coupon in wanted}  # a child beside its adult is free
        fees = {}
        for coupon, seat in wanted.items():
            if seat not in plan.seats:
                raise Unfit(_("This aircraft has no seat %(seat)s.") % {"seat": seat})
            fee = own[seat] if seat in own else fee_of(rules, terms, plan.seats[seat])
            if fee is None:
                raise Unfit(_("With this fare the seats are assigned. You can only exchange them among yourselves."))
            fees[coupon] = fee
        more = sum(fees.values()) - sum(paid.get(coupon.traveller_id, 0) for coupon in wanted)
        if self.state != State.HELD and terms.seat_choice == SeatChoice.CHARGED and more > 0:
            words = {"more": Money(more, self.currency)}
            raise Unfit(
                _(
                    "This costs %(more)s more than what was paid for seats, and a seat can’t be paid for after booking."
                    " You keep yours. Choose one that costs no more, or ask the airline’s desk for another."
                )
                % words
            )
        return fees

    def check_exits(self, segment: Any, wanted: Mapping[Any, str], before: Sitting, agreed: bool) -> None:
        """Raise Unfit for who may not sit at an exit, and ExitRow where nobody has agreed to the conditions."""
        plan = segment.inventory.plan
        exits = [seat for seat in wanted.values() if seat in plan.seats and plan.seats[seat].is_exit]
        if exits and not agreed:
            check_sitting(plan, self.cabin, before, self.sitting(segment, wanted))
            raise ExitRow(
                _("Seat %(seat)s is in an exit row. Who sits there must be able and willing to help in an emergency.")
                % {"seat": exits[0]}
            )

    def charge(self, segment: Any, fees: Mapping[Any, int]) -> None:
        """Write the price lines of chosen seats. What is booked keeps those it has."""
        if self.state != State.HELD:
            return
        self.drop_fees(segment, list(fees))
        new = [
            PriceLine(booking=self, traveller=coupon.traveller, segment=segment, code=SEAT, amount=fee)
            for coupon, fee in fees.items()
            if fee
        ]
        PriceLine.objects.bulk_create(new)
        self.total += sum(line.amount for line in new)

    def drop_fees(self, segment: Any, coupons: Sequence[Any]) -> None:
        """Take off what these coupons pay for the seats that they had."""
        lines = self.lines.filter(code=SEAT, segment=segment, traveller__in=[each.traveller_id for each in coupons])
        self.total -= sum(lines.values_list("amount", flat=True))
        lines.delete()

    def hold_again(self, travellers: Sequence[Any], now: datetime) -> None:
        """Take its seats once more after they have expired: the same ones, or the best of those that are left. Raises Full."""
        for segment in self.segments.select_related("inventory__flight"):
            seated = [coupon for coupon in self.coupons().filter(segment=segment) if coupon.traveller.has_seat]
            seats = [coupon.seat for coupon in seated]
            if not set(seats) <= segment.inventory.free(self.cabin, now):
                seats = best_seats(segment.inventory, self.cabin, travellers, now).seats
                if self.state == State.HELD:
                    self.drop_fees(segment, seated)
            self.take(segment.inventory, dict(zip(seated, seats, strict=True)), now)

    def coupons(self, keys: list[int] | None = None) -> Any:
        found = Coupon.objects.filter(segment__booking=self)
        found = found.select_related("traveller", "assignment", "segment")
        return found if keys is None else found.filter(pk__in=keys)
