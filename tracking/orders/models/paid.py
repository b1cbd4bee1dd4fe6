"""What an order owes, what happens when it is paid (checkout), and what goes back: line by line, so that the sum is exact."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from checkout.models import Payment, Refund
from checkout.payable import Payable
from money import Money
from tracking.orders.models.states import OPEN, State
from verbs.refusals import Refused


class PaidFor(Payable):
    """The part of an order that is paid for. What is paid at the shop owes nothing here."""

    state: str
    total: int
    currency: str
    source: str
    expires_at: datetime | None
    token: str
    given_back: int

    checks: ClassVar[list[Callable[[Any], None]]] = []  # what can speak against it; apps.py names those of placing/

    class Meta:
        abstract = True

    def check_payable(self) -> None:
        for check in self.checks:
            check(self)

    def amount_due(self) -> Money:
        return Money(self.total if self.state == State.UNPAID else 0, self.currency)

    def payable_until(self) -> datetime | None:
        return self.expires_at if self.state == State.UNPAID else None

    def payment_title(self) -> str:
        return _("Order %(reference)s") % {"reference": str(self)}

    def payment_url(self) -> str:
        return reverse("orders:order", args=[self.token])

    def paid(self, payment: Payment) -> None:
        """It is placed. Raises Refused where it can't be any more: the money goes back."""
        if self.state != State.UNPAID:
            raise Refused(_("This order was not paid in time, so it was not placed."))
        if payment.amount != self.total:
            raise Refused(_("The price of this order is another one now."))
        self.pay()

    def pay(self) -> Any:
        raise NotImplementedError

    @property
    def to_pay_at_shop(self) -> Money:
        """What its customer still pays when it is handed over; nothing of what was paid here or at a till."""
        is_owed = self.state in OPEN and not self.source and not self.was_paid
        return Money(self.total if is_owed else 0, self.currency)

    @property
    def was_paid(self) -> bool:
        """Whether money has come for it here."""
        return bool(Payment.objects.came_for(self))

    def give_back(self, lines: Sequence[Any], reason: str) -> int:
        """Give back what these lines cost and was not given back of them yet, where it was paid here. In a verb of the order.
        Returns the amount, in minor units."""
        amount = sum(line.amount - line.given_back for line in lines) if self.was_paid else 0
        if not amount:
            return 0
        for line in lines:
            line.given_back = line.amount
            line.save(update_fields=["given_back"])
        self.given_back += amount
        Refund.objects.give_back(self, Money(amount, self.currency), reason)
        return amount

    def is_late_to_pay(self, now: datetime | None = None) -> bool:
        """Whether the time to pay is over, so that its portions are anybody's."""
        return self.state == State.UNPAID and bool(self.expires_at) and self.expires_at <= (now or timezone.now())
