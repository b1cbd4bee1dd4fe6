"""How many seats of a cabin each fare family may still sell, and how many seats it is wise to protect for the higher ones.

The nesting is the standard one: a seat that a higher family sells comes out of what is protected for it, since the demand
that was waited for has come. (Under theft nesting the protection stays as it was, and the lower families have less.)
Families are in the order of their ranks, the lowest first. A seat that is held counts as sold.
"""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple


def seats_open(capacity: int, sold_by_rank: Sequence[int], protect_by_rank: Sequence[int]) -> list[int]:
    """How many seats each family may still sell.

    ``protect_by_rank``: how many seats are kept for a family and those above it; what is kept for the lowest one means
    nothing. No family ever has fewer seats than one below it.
    """
    free = max(0, capacity - sum(sold_by_rank))
    left = []
    sold_above = kept = 0
    for sold, protected in zip(reversed(sold_by_rank), reversed(protect_by_rank), strict=True):
        left.append(max(0, free - kept))
        sold_above += sold
        kept = max(kept, protected - sold_above)
    return left[::-1]


class Demand(NamedTuple):
    """What is expected of a fare family: its fare in minor units, and how many seats would be asked for."""

    fare: int
    mean: float
    deviation: float


def littlewood(high: Demand, low: int) -> float:
    """How many seats to protect for the higher of two fares: as long as its chance to sell one more is worth the lower fare."""
    if high.fare <= low or not high.deviation:
        return high.mean if high.fare > low else 0.0
    return max(0.0, NormalDist(high.mean, high.deviation).inv_cdf(1 - low / high.fare))


def emsr_b(demands: Sequence[Demand]) -> list[float]:
    """How many seats to protect for each family and those above it (Belobaba's EMSR-b); nothing for the lowest one.

    Those above are taken together as one family, whose fare is the average by demand.
    """
    protect = [0.0]
    for rank in range(1, len(demands)):
        above = demands[rank:]
        mean = sum(demand.mean for demand in above)
        if not mean:
            protect.append(0.0)
            continue
        fare = sum(demand.fare * demand.mean for demand in above) / mean
        deviation = sqrt(sum(demand.deviation**2 for demand in above))
        together = Demand(round(fare), mean, deviation)
        protect.append(littlewood(together, demands[rank - 1].fare))
    return protect
