"""The deadline to pay: a booking, or the difference of a change. What is not paid then lapses, and its passengers are told."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.seats.models.cancel_verbs import CancelVerbs
from bookings.seats.models.charges import give_back
from bookings.seats.models.customer_verbs import PAY_LATER, PAY_WITHIN
from bookings.seats.models.disruption import segments_of
from bookings.seats.models.refusals import TooLate
from bookings.seats.models.settling import due_of, settlement_of
from bookings.seats.models.states import MADE, State
from tracking.flights.models.codes import Phase
from verbs.models import verb


class LapseVerbs(CancelVerbs):
    """What follows from a deadline. Its seats are free from that second on, whenever ``lapse`` is called."""

    expires_at: datetime | None
    lapsed_at: datetime | None
    is_expired: Any
    keep_until: Any
    may_pay_later: Any

    class Meta:
        abstract = True

    @verb
    def lapse(self) -> None:
        """It was not paid in time. Raises TooLate where that is not so, or was said before.

        A booking stays as it is: money that comes later is still welcome. Where the difference of a change is not paid, the
        booking is cancelled, and what was paid comes back by the terms of its fare.
        """
        now = timezone.now()
        if self.lapsed_at or self.state not in MADE or not self.is_expired(now):
            raise TooLate(_("This booking has no deadline that has passed."))
        self.lapsed_at = now
        if self.state == State.CONFIRMED:
            leaving = self.party_members()
            is_off = any(segment.inventory.flight.phase == Phase.CANCELLED for segment in segments_of(self))
            give_back(self, settlement_of(self, leaving, now, is_off).parts, _("Not paid in time"))
            self.give_up(leaving, now)

    def set_deadline(self, now: datetime) -> None:
        """Until when the difference of a change has to be paid; a further change does not put it off."""
        if not due_of(self):
            self.keep_until(None)
            return
        deadline = now + (PAY_LATER if self.may_pay_later(now) else PAY_WITHIN)
        self.keep_until(min(self.expires_at or deadline, deadline))
