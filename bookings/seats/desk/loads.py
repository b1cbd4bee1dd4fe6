"""How full flights are and what they have brought in, for many flights with a few queries."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, Q, Sum

from bookings.seats.layouts import Cabin
from bookings.seats.models import Assignment, Coupon, Inventory, PriceLine, State, Status
from money import Money

EARNED = ("fare", "seat")  # taxes are the states'


class CabinLoad(NamedTuple):
    cabin: str
    seats: int
    sold: int
    held: int
    blocked: int

    @property
    def free(self) -> int:
        return self.seats - self.sold - self.held - self.blocked

    @property
    def percent(self) -> int:
        """Of the seats that may be sold, in whole per cent; below 100 unless all of them are."""
        return 100 * self.sold // (self.seats - self.blocked) if self.seats > self.blocked else 0

    @property
    def name(self) -> str:
        return str(Cabin(self.cabin).label)


class Load(NamedTuple):
    cabins: tuple[CabinLoad, ...] = ()
    checked_in: int = 0  # and not on board yet
    boarded: int = 0
    revenue: tuple[str, ...] = ()  # as printed, one for each currency

    def total(self, what: str) -> int:
        return sum(getattr(cabin, what) for cabin in self.cabins)

    @property
    def sold(self) -> int:
        return self.total("sold")

    @property
    def held(self) -> int:
        return self.total("held")

    @property
    def blocked(self) -> int:
        return self.total("blocked")

    @property
    def free(self) -> int:
        return self.total("free")


def loads(inventories: Sequence[Inventory], now: datetime) -> dict[int, Load]:
    """By the keys of the flights."""
    keys = [inventory.pk for inventory in inventories]
    by_cabin = cabin_counts(keys, now)
    aboard = dict.fromkeys(keys, (0, 0)) | on_the_day(keys)
    earned = revenue(keys)
    return {
        inventory.pk: Load(
            tuple(
                CabinLoad(cabin, inventory.plan.capacity(cabin), *by_cabin[inventory.pk, cabin])
                for cabin in inventory.plan.cabins
            ),
            *aboard[inventory.pk],
            tuple(earned[inventory.pk]),
        )
        for inventory in inventories
    }


def cabin_counts(keys: Sequence[int], now: datetime) -> dict[tuple[int, str], tuple[int, int, int]]:
    """Sold, held and blocked seats by flight and cabin."""
    found: dict[tuple[int, str], tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    counted = Assignment.objects.filter(inventory__in=keys).values("inventory", "cabin").order_by()
    for row in counted.annotate(
        sold=Count("pk", Q(held_until=None, rank__isnull=False)),
        held=Count("pk", Q(held_until__gt=now)),
        blocked=Count("pk", Q(rank=None)),
    ):
        found[row["inventory"], row["cabin"]] = row["sold"], row["held"], row["blocked"]
    return found


def on_the_day(keys: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many are checked in, and how many are on board, by flight."""
    sold = Coupon.objects.sold().filter(segment__inventory__in=keys).order_by().values("segment__inventory")
    counted = sold.annotate(
        checked_in=Count("pk", Q(status=Status.CHECKED_IN)), boarded=Count("pk", Q(status=Status.BOARDED))
    )
    return {row["segment__inventory"]: (row["checked_in"], row["boarded"]) for row in counted}


def revenue(keys: Sequence[int]) -> dict[int, list[str]]:
    """What was paid for fares and seats and not given back, by flight, as it is printed."""
    found: dict[int, list[str]] = defaultdict(list)
    paid = PriceLine.objects.filter(
        segment__inventory__in=keys, booking__state=State.CONFIRMED, code__in=EARNED, is_replaced=False
    )
    sums = paid.order_by("booking__currency").values_list("segment__inventory", "booking__currency")
    for key, currency, amount in sums.annotate(earned=Sum(F("amount") - F("refunded"))):
        found[key].append(Money(amount, currency).format())
    return found
