"""What was charged for a booking, and what is given back of it."""

from collections.abc import Sequence
from typing import Any

from bookings.seats.models.settling import Part
from checkout.models import Refund
from money import Money


def give_back(booking: Any, parts: Sequence[Part], reason: str) -> Money:
    """Give back these parts of price lines. The caller saves the booking. Returns their sum.

    What did not come through checkout, such as cash at a desk, is given back there.
    """
    for part in parts:
        if part.back or part.forgiven:
            part.line.refunded += part.back
            part.line.amount -= part.forgiven
            part.line.save(update_fields=["refunded", "amount"])
    booking.total -= sum(part.forgiven for part in parts)
    back = sum(part.back for part in parts)
    booking.charged -= back
    came = booking.paid_so_far()
    through = Money(min(back, max(0, came.amount)), booking.currency)
    if through.amount:
        Refund.objects.give_back(booking, through, reason)
    return Money(back, booking.currency)
