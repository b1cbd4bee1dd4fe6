"""What the desk gives back of flights that nobody has flown, once the first flight of a booking has left."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.seats import rights
from bookings.seats.models.charges import give_back
from bookings.seats.models.disruption import segments_of, trouble_of
from bookings.seats.models.holding import has_left
from bookings.seats.models.inventory import Assignment
from bookings.seats.models.lapsing import LapseVerbs
from bookings.seats.models.refusals import PriceChanged, TooLate, Unfit
from bookings.seats.models.settling import Settlement, due_of, settlement_of
from bookings.seats.models.states import FLYING, Status
from bookings.seats.models.travellers import Coupon
from money import Money
from tracking.flights.models.codes import Phase
from verbs.models import verb


class UnusedVerbs(LapseVerbs):
    """``cancel`` is for a booking of which nothing is flown."""

    class Meta:
        abstract = True

    @verb
    def give_back_unused(self, travellers: Sequence[int], accepted: int) -> None:
        """End the tickets of these travellers for the flights that they have not flown, by the terms of the fare.

        ``accepted``: what comes back, in minor units. Raises PriceChanged where it is another amount now, TooLate for who is
        on board, and Unfit where nothing is flown yet or nothing is left.
        """
        now = timezone.now()
        leaving = self.leaving(travellers)
        found = self.unused(leaving, now)
        if accepted != found.back.amount:
            words = {"old": Money(accepted, found.currency), "new": found.back}
            text = _("What comes back is now %(new)s, and no longer %(old)s. Nothing is done yet.") % words
            raise PriceChanged(text, accepted, found.back.amount, found.currency)
        coupons = self.unused_coupons(leaving, now)
        give_back(self, found.parts, _("Not flown"))
        Assignment.objects.filter(coupon__in=coupons).delete()
        Coupon.objects.filter(pk__in=[coupon.pk for coupon in coupons]).update(status=Status.VOID)
        self.sequence += 1

    def unused(self, leaving: Sequence[Any], now: datetime) -> Settlement:
        """What would come back for these travellers. Everything, where one of these flights is not as it was booked."""
        coupons = self.unused_coupons(leaving, now)
        if due_of(self):
            raise TooLate(_("The difference for the change of this booking is not paid yet."))
        segments = sorted({coupon.segment_id for coupon in coupons})
        return settlement_of(self, leaving, now, self.is_unused_disrupted(segments, now), segments)

    def unused_coupons(self, leaving: Sequence[Any], now: datetime) -> list[Coupon]:
        """Their tickets for what is left to fly."""
        segments = segments_of(self)
        left = [each for each in segments if not is_flown(each, now)]
        if len(left) == len(segments):
            raise Unfit(_("Nothing of this booking is flown yet: it can be cancelled."))
        coupons = list(Coupon.objects.filter(segment__in=left, traveller__in=leaving, status__in=FLYING))
        if not coupons:
            raise Unfit(_("Nothing is left to fly."))
        if any(coupon.status == Status.BOARDED for coupon in coupons):
            raise TooLate(_("Somebody of this booking is on board already."))
        return coupons

    def is_unused_disrupted(self, segments: Sequence[int], now: datetime) -> bool:
        trouble = trouble_of(self, now)
        if trouble is None or trouble.now.segment.pk not in segments:
            return False
        late = max(abs(trouble.now.departs_later), trouble.now.arrives_later)
        return trouble.event.is_off or late >= rights.refund_from(trouble.journey)


def is_flown(segment: Any, now: datetime) -> bool:
    flight = segment.inventory.flight
    return bool(flight.phase != Phase.CANCELLED and has_left(flight, now))
