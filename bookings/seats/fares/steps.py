"""How the price of a fare family moves: by how full the cabin is, and how near the departure."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from bookings.seats.fares.shares import WHOLE

ANY_DAY = 365  # days before the departure: longer than anything is sold


class Step(NamedTuple):
    """From this load (basis points of the cabin) and from so many days before the departure, this part of the family's price.

    ``rate``: basis points; None where the family is not sold. Of several steps that apply the dearest counts.
    """

    load: int
    days: int
    rate: int | None


class Steps:
    """The steps of one family, as a table that is computed once."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.loads = sorted({step.load for step in steps})
        self.days = sorted({step.days for step in steps})
        columns = [*self.days, ANY_DAY + 1]
        self.table = [[dearest(steps, load, days) for days in columns] for load in [-1, *self.loads]]

    def rate(self, sold: int, capacity: int, days: int) -> int | None:
        """The part of the family's price in basis points; None where it is not sold."""
        load = sold * WHOLE // capacity if capacity else WHOLE
        return self.table[bisect_right(self.loads, load)][bisect_left(self.days, days)]


def dearest(steps: Sequence[Step], load: int, days: int) -> int | None:
    """The rate of the steps that apply, and at least the family's own price: it never falls as seats go and days pass."""
    rates = [step.rate for step in steps if step.load <= load and days <= step.days]
    if None in rates:
        return None
    return max([WHOLE, *(rate for rate in rates if rate is not None)])
