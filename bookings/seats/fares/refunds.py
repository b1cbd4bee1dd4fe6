"""What is given back of amounts that were charged: line by line, and to the last minor unit."""

from collections.abc import Sequence
from typing import NamedTuple

from bookings.seats.fares.shares import share
from bookings.seats.fares.terms import Terms
from money import Money


class Refund(NamedTuple):
    """What each line gives back and keeps, in minor units. ``back[i] + kept[i]`` is what line ``i`` was charged."""

    back: list[int]
    kept: list[int]


def refund(charged: Sequence[int], terms: Terms, travellers: int = 1) -> Refund:
    """What is given back of these lines, by the terms that were frozen when they were charged.

    The fee is due once for each of the ``travellers`` in these lines. What is kept is at most what was charged.
    """
    paid = sum(charged)
    kept = paid - share(paid, terms.refund_rate) + terms.refund_fee * travellers
    return keep(charged, kept, terms.currency)


def keep(charged: Sequence[int], amount: int, currency: str) -> Refund:
    """Keep an amount of these lines, in proportion, and give the rest back."""
    paid = sum(charged)
    left = max(0, paid - max(0, amount))
    back = [part.amount for part in Money(left, currency).allocate(charged)] if paid else list(charged)
    return Refund(back, [line - part for line, part in zip(charged, back, strict=True)])
