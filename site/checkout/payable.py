"""What can be paid: a booking, an order, a ticket. A model says what is owed, and hears when it is paid::

class Booking(Payable, Tracked):
    def amount_due(self) -> Money: ...
    def paid(self, payment): self.confirm()

payment = Payment.objects.begin(booking)          # in a view; then redirect to payment.get_absolute_url()
Refund.objects.give_back(booking, amount, "Cancelled")   # in a verb
"""

from datetime import datetime
from typing import Any

from django.db import models

from money import Money


class Payable(models.Model):
    """A model whose rows are paid for. It is found again by its model and key."""

    class Meta:
        abstract = True

    def lock(self) -> None:
        """Lock the row, and read it again. Money is taken note of under this lock, which comes before that of the payment."""
        self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update())

    def amount_due(self) -> Money:
        """What has to be paid now; nothing is asked for where it is zero. Asked again when money has come."""
        raise NotImplementedError

    def payable_until(self) -> datetime | None:
        """No payment begins after this moment; None for no deadline."""
        return None

    def check_payable(self) -> None:
        """Raise Refused where money for it would have to go back. Asked each time before somebody pays."""

    def payment_title(self) -> str:
        """What is paid for, in words of the page: "Flight booking 7KQ2MX"."""
        return str(self)

    def payment_url(self) -> str:
        """Where somebody goes once it is paid, or to try again."""
        raise NotImplementedError

    def paid(self, payment: Any) -> None:
        """The money has come. Called once for each payment, in the transaction that records it.

        If it raises Refused, the whole amount is given back, with the sentence as the reason.
        """
        raise NotImplementedError
