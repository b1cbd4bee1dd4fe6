"""A booking is cancelled, for all who travel or for some."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.seats.models.charges import give_back
from bookings.seats.models.disruption import segments_of, trouble_of
from bookings.seats.models.holding import best_seats, has_left
from bookings.seats.models.inventory import Assignment
from bookings.seats.models.refusals import NotTogether, PriceChanged, TooLate, Unfit
from bookings.seats.models.settling import Settlement, Why, due_of, settlement_of
from bookings.seats.models.sitting import apart
from bookings.seats.models.states import FLYING, Kind, State, Status
from bookings.seats.models.travellers import Coupon
from money import Money
from tracking.flights.models.codes import Phase
from verbs.models import Tracked, verb


class CancelVerbs(Tracked):
    """Cancelling, and what comes back."""

    travellers: Any
    lines: Any
    keep_until: Any  # of CustomerVerbs

    class Meta:
        abstract = True

    @verb
    def cancel(
        self, travellers: Sequence[int] | None = None, accepted: int | None = None, in_full: bool = False
    ) -> None:
        """Give up the seats of these travellers, given by key; without any, of all. An infant on a lap goes with its adult.

        ``accepted``: what they were told comes back, in minor units; raises PriceChanged where it is another amount now.
        ``in_full``: staff give back everything.
        """
        now = timezone.now()
        leaving = self.leaving(travellers)
        self.check_not_flown(leaving)
        found = self.settlement(leaving, now, in_full)
        if accepted is not None and accepted != found.back.amount:
            words = {"old": Money(accepted, found.currency), "new": found.back}
            text = _("What comes back is now %(new)s, and no longer %(old)s. Nothing is cancelled yet.") % words
            raise PriceChanged(text, accepted, found.back.amount, found.currency)
        if found.why == Why.UNPAID:
            self.forget_lines(leaving)
        give_back(self, found.parts, _("Cancelled"))
        self.give_up(leaving, now)
        if self.state == State.CONFIRMED and not due_of(self):
            self.keep_until(None)  # a difference that was to be paid is not owed any more

    def leaving(self, travellers: Sequence[int] | None) -> list[Any]:
        """The travellers whom a cancellation takes off the booking. Raises NotTogether if a child would stay without an adult."""
        staying = list(self.party_members())
        if travellers is None:
            return staying
        chosen = {traveller.pk for traveller in staying} & set(travellers)
        if not chosen or len(chosen) != len(set(travellers)):
            raise Unfit(_("Choose travellers of this booking."))
        leaving = [each for each in staying if each.pk in chosen or each.adult_id in chosen]
        left = [each for each in staying if each not in leaving]
        if left and not any(each.kind == Kind.ADULT for each in left):
            names = ", ".join(map(str, left))
            raise NotTogether(_("%(names)s can’t travel without an adult. Cancel for all.") % {"names": names})
        return leaving

    def settlement(self, leaving: Sequence[Any], now: datetime, in_full: bool = False) -> Settlement:
        """What would come back for these travellers."""
        trouble = trouble_of(self, now)
        return settlement_of(self, leaving, now, in_full or bool(trouble and trouble.may_refund))

    def check_not_flown(self, leaving: Sequence[Any]) -> None:
        coupons = Coupon.objects.filter(segment__booking=self, traveller__in=leaving)
        if coupons.filter(status=Status.BOARDED).exists():
            raise TooLate(_("Somebody of this booking is on board already."))
        flights = [segment.inventory.flight for segment in segments_of(self)]
        if flights and flights[0].phase != Phase.CANCELLED and has_left(flights[0], timezone.now()):
            raise TooLate(_("The flight has left. A booking can be cancelled before its departure."))

    def forget_lines(self, leaving: Sequence[Any]) -> None:
        """What nobody has paid is not owed any more either; a booking that ends keeps its lines to be read."""
        if len(leaving) < len(self.party_members()):
            self.lines.filter(traveller__in=leaving).delete()
            self.total = sum(self.lines.values_list("amount", flat=True))

    def keep_together(self, now: datetime) -> None:
        """Give those who stay other seats where a child has lost its adult, if there are any side by side."""
        members = self.party_members()
        seated = {member.pk for member in members if member.has_seat}
        for segment in segments_of(self):
            plan, sitting = segment.inventory.plan, self.sitting(segment, {})
            if not apart(plan, sitting):
                continue
            own = {seat for _traveller, seat in sitting if seat}
            choice = best_seats(segment.inventory, self.cabin, members, now, own)
            if choice.family:
                coupons = self.coupons().filter(segment=segment, traveller__in=seated).order_by("traveller__position")
                self.take(segment.inventory, dict(zip(coupons, choice.seats, strict=True)), now)

    def give_up(self, leaving: Sequence[Any], now: datetime) -> None:
        coupons = Coupon.objects.filter(segment__booking=self, traveller__in=leaving)
        Assignment.objects.filter(coupon__in=coupons).delete()
        coupons.filter(status__in=FLYING).update(status=Status.VOID)
        self.travellers.filter(pk__in=[each.pk for each in leaving]).update(cancelled_at=now)
        self.sequence += 1
        self.keep_together(now)
        if not self.party_members():
            self.state, self.expires_at = State.CANCELLED, None

    def party_members(self) -> list[Any]:
        """Those who travel: all but who was cancelled."""
        return list(self.travellers.filter(cancelled_at=None))
