"""What a booking owes, and what happens when it is paid (checkout)."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.seats.models.refusals import Refused
from bookings.seats.models.states import State
from checkout.models import Payment
from checkout.payable import Payable
from money import Money


class PaidFor(Payable):
    """The part of a booking that is paid for."""

    state: str
    total: int
    currency: str
    expires_at: datetime | None
    price_until: datetime
    due: int
    token: str

    class Meta:
        abstract = True

    def paid_so_far(self) -> Money:
        """What has come, less what was given back or is on its way back."""
        return Money(Payment.objects.came_for(self), self.currency)

    def amount_due(self) -> Money:
        """What is still to be paid; nothing for a hold, and for what is cancelled."""
        if self.state == State.CONFIRMED:
            return Money(self.due, self.currency)  # of a change
        if self.state != State.BOOKED:
            return Money(0, self.currency)
        return Money(max(self.total - self.paid_so_far().amount, 0), self.currency)

    def payable_until(self) -> datetime | None:
        """Until the price is asked again. Money of before that comes later is still welcome."""
        if self.state == State.CONFIRMED:
            return self.expires_at  # of the difference of a change, whose price is agreed
        return min(self.expires_at, self.price_until) if self.expires_at and self.state == State.BOOKED else None

    def payment_title(self) -> str:
        return _("Flight booking %(reference)s") % {"reference": str(self)}

    def payment_url(self) -> str:
        return reverse("seats:booked", args=[self.token])

    def paid(self, payment: Payment) -> None:
        """Its tickets are issued. Raises Refused where it can't be confirmed any more: the money goes back."""
        if self.state == State.CONFIRMED:
            if payment.amount != self.due:
                raise Refused(_("The price of this booking is another one now."))
            self.settle_change()
            return
        if payment.amount != self.total:
            raise Refused(_("The price of this booking is another one now."))
        self.confirm()

    def settle_change(self) -> Any:
        raise NotImplementedError

    def confirm(self) -> Any:
        raise NotImplementedError
