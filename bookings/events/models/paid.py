"""What a registration owes, what happens when it is paid (checkout), and what goes back: ticket by ticket, so that the sum is exact."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from bookings.events.models.event_verbs import EventState
from bookings.events.models.states import State
from bookings.events.models.tickets import Ticket
from checkout.models import Payment, Refund
from checkout.payable import Payable
from money import Money
from verbs.refusals import Refused


class PaidFor(Payable):
    """The part of a registration that is paid for. Amounts are minor units of ``currency``."""

    state: str
    total: int
    currency: str
    reference: str
    event: Any
    expires_at: datetime | None

    get_absolute_url: Callable[[], str]  # of Linked

    class Meta:
        abstract = True

    @property
    def price(self) -> Money:
        return Money(self.total, self.currency)

    def price_of(self, ticket: Ticket) -> Money:
        return Money(ticket.price, self.currency)

    def amount_due(self) -> Money:
        """Nothing for an event that is cancelled, whose registrations a job ends."""
        is_owed = self.state == State.UNPAID and self.event.state != EventState.CANCELLED
        return Money(self.total if is_owed else 0, self.currency)

    def payable_until(self) -> datetime | None:
        return self.expires_at if self.state == State.UNPAID else None

    def payment_title(self) -> str:
        return _("%(event)s, registration %(reference)s") % {"event": self.event.title, "reference": self.reference}

    def payment_url(self) -> str:
        return str(self.get_absolute_url())

    def paid(self, payment: Any) -> None:
        """It is confirmed. Raises Refused where it can't be any more: the money goes back, and nobody else's payment is touched."""
        if payment.amount != self.total:
            raise Refused(_("The price of this registration is another one now."))
        self.confirm()

    @property
    def was_paid(self) -> bool:
        """Whether money has come for it here."""
        return bool(Payment.objects.came_for(self))

    def give_back(self, tickets: Sequence[Ticket], reason: str) -> None:
        """Give back what these tickets cost and was not given back yet, where it was paid here."""
        amount = sum(ticket.price - ticket.given_back for ticket in tickets)
        if amount and self.was_paid:
            Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).update(given_back=F("price"))
            Refund.objects.give_back(self, Money(amount, self.currency), reason)

    def confirm(self) -> Any:
        raise NotImplementedError
