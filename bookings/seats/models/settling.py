"""What a cancellation gives back: by the terms that were frozen, of the amounts that were charged, line by line."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import F, Sum

from bookings.seats.fares.refunds import keep, refund
from bookings.seats.fares.terms import Terms
from bookings.seats.models.states import State
from bookings.seats.models.travellers import CHANGE_FEE, PriceLine
from money import Money


class Why(StrEnum):
    """Which rule decides."""

    UNPAID = "unpaid"  # nothing was charged
    FREE = "free"  # within 24 hours of the booking, a week ahead
    DISRUPTED = "disrupted"  # the flight is not as it was booked
    TERMS = "terms"


class Part(NamedTuple):
    """What one price line gives back and keeps, in minor units."""

    line: PriceLine
    back: int
    kept: int
    forgiven: int = 0  # a share of a difference that nobody has paid: it is not owed any more


class Settlement(NamedTuple):
    """What travellers get back. ``back + kept`` is what was charged, to the unit."""

    why: Why
    parts: list[Part]
    currency: str

    @property
    def back(self) -> Money:
        return Money(sum(part.back for part in self.parts), self.currency)

    @property
    def kept(self) -> Money:
        return Money(sum(part.kept for part in self.parts), self.currency)


def settlement_of(
    booking: Any,
    travellers: Sequence[Any],
    now: datetime,
    in_full: bool = False,
    segments: Sequence[int] | None = None,
) -> Settlement:
    """What these travellers of a booking would get back now. ``in_full``: everything, as their flight is not as booked.

    ``segments``: only what they paid for these, given by key.
    """
    if booking.state != State.CONFIRMED:
        return Settlement(Why.UNPAID, [], booking.currency)
    is_free = booking.free_until is not None and now < booking.free_until
    why = Why.DISRUPTED if in_full else Why.FREE if is_free else Why.TERMS
    parts = []
    for traveller in travellers:
        theirs = booking.lines.filter(traveller=traveller, is_replaced=False)
        if segments is not None:
            theirs = theirs.filter(segment__in=segments)
        lines = list(theirs.select_related("segment__inventory__flight").order_by("pk"))
        if why == Why.TERMS:  # they give nothing back of a change that was made
            parts += [Part(line, 0, line.amount - line.refunded) for line in lines if line.code == CHANGE_FEE]
            lines = [line for line in lines if line.code != CHANGE_FEE]
        charged = [line.amount - line.refunded for line in lines]
        found = refund(charged, Terms.of(booking.terms)) if why == Why.TERMS else keep(charged, 0, booking.currency)
        parts += [Part(*part) for part in zip(lines, found.back, found.kept, strict=True)]
    return Settlement(why, less(parts, unpaid_of(booking, parts)), booking.currency)


def unpaid_of(booking: Any, parts: Sequence[Part]) -> int:
    """The share of these parts in a difference that is still to be paid, in minor units."""
    owed, theirs = worth_of(booking), sum(part.back + part.kept for part in parts)
    return due_of(booking) * theirs // owed if owed else 0


def less(parts: Sequence[Part], unpaid: int) -> list[Part]:
    """The same, without what was never paid: the difference of a change.

    It is taken off the fee of that change, then off what comes back, then off what is kept.
    """
    found = list(parts)
    fees = [place for place, part in enumerate(found) if part.line.code == CHANGE_FEE]
    for name, places in (("kept", reversed(fees)), ("back", range(len(found))), ("kept", range(len(found)))):
        for place in places:
            part = found[place]
            taken = min(getattr(part, name), unpaid)
            unpaid -= taken
            found[place] = part._replace(**{name: getattr(part, name) - taken}, forgiven=part.forgiven + taken)
    return found


def worth_of(booking: Any) -> int:
    """What its price lines come to, less what was given back of them, in minor units."""
    lines = booking.lines.filter(is_replaced=False)
    return lines.aggregate(sum=Sum(F("amount") - F("refunded")))["sum"] or 0


def due_of(booking: Any) -> int:
    """What is still to be paid for a change, in minor units."""
    if booking.state != State.CONFIRMED:
        return 0
    return max(0, worth_of(booking) - int(booking.charged))
