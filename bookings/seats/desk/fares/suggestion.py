"""How much of a cabin EMSR-b would protect, by what was sold on flights that are about to leave or have left."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import fmean, pstdev
from typing import NamedTuple

from django.db.models import Count

from bookings.seats.fares.nesting import Demand, emsr_b
from bookings.seats.fares.rules import TariffRule
from bookings.seats.fares.shares import WHOLE
from bookings.seats.fares.terms import percent
from bookings.seats.layouts import Cabin
from bookings.seats.models import Assignment, Inventory

AGO, AHEAD = timedelta(days=30), timedelta(days=3)
FEWEST, MOST = 10, 500  # flights


class Suggestion(NamedTuple):
    """``protect``: basis points of the cabin by rank. ``flights``: of how many flights the demand was counted."""

    protect: list[int]
    flights: int

    @property
    def words(self) -> list[str]:
        """In per cent, without that of the lowest family, which needs no protection."""
        return [percent(share) for share in self.protect[1:]]


def suggestion(tariff: TariffRule, now: datetime) -> Suggestion | None:
    """What the flights of the last month and the next days suggest; None where they are too few."""
    shares = sold_shares(tariff, now)
    if len(shares) < FEWEST:
        return None
    demands = [
        Demand(family.rate, fmean(by_family), pstdev(by_family))
        for family, by_family in zip(tariff.families, zip(*shares, strict=True), strict=True)
    ]
    protect = emsr_b(demands)
    return Suggestion([min(WHOLE, round(seats)) for seats in protect], len(shares))


def sold_shares(tariff: TariffRule, now: datetime) -> list[Sequence[int]]:
    """For each flight how much of the cabin each family sold, in basis points."""
    left = {"flight__off_block_scheduled__gt": now - AGO, "flight__off_block_scheduled__lt": now + AHEAD}
    flights = Inventory.objects.filter(**left).order_by("-flight__off_block_scheduled", "pk")[:MOST]
    capacities = {inventory.pk: inventory.plan.capacity(Cabin(tariff.cabin)) for inventory in flights}
    sold: dict[int, dict[int, int]] = defaultdict(dict)
    taken = Assignment.objects.current(now).filter(inventory__in=capacities, cabin=tariff.cabin).exclude(rank=None)
    for pk, rank, seats in taken.order_by().values_list("inventory", "rank").annotate(Count("pk")):
        sold[pk][rank] = seats
    return [
        [sold[pk].get(family.rank, 0) * WHOLE // capacity for family in tariff.families]
        for pk, capacity in capacities.items()
        if capacity and pk in sold
    ]
