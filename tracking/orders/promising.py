"""What is promised for an order that somebody is about to place: read from the shop's own orders, and from no other shop's.

``promise_for`` says when it is ready, or at the gate, and refuses what the kitchen can't make before it closes. Verbs of an
order write promises down: models/promised.py.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from clocks import HOUR, MINUTE
from tracking.orders import opening
from tracking.orders.estimating import FEWEST, Estimate, Seen, Span, estimate, size_class
from tracking.orders.models import Order, Shop, Way
from tracking.orders.models.promised import RUNNER
from tracking.orders.models.states import KITCHEN

RECENT = 2 * HOUR
WEEKS = 4  # in which the same hour of the same weekday is looked at, where there is too little of today
MOST = 200  # orders that are looked at
EARLY = 5 * MINUTE  # before the time that a customer chose


class Done(NamedTuple):
    """An order that was ready."""

    placed_at: datetime
    ready_at: datetime
    items: int

    @property
    def minutes(self) -> float:
        return (self.ready_at - self.placed_at) / MINUTE


def promise_for(
    shop: Shop, size: int, now: datetime, wanted_at: datetime | None = None, way: str = Way.COLLECTION, longest: int = 0
) -> Span:
    """When an order of ``size`` items is ready at the shop, or at the gate for a delivery.

    ``wanted_at``: the time that was chosen, None for as soon as possible; ``longest``: the minutes of its slowest dish.
    Raises Refused where it can't be ready then, or before the kitchen closes.
    """
    return outlook(shop, size, now, longest).promise(wanted_at, way)


class Outlook(NamedTuple):
    """How long the kitchen takes for an order of one size at one moment: read once for all that a page says of it."""

    shop: Shop
    now: datetime
    found: Estimate
    open: int  # orders before it
    busy: int  # minutes that the lever adds

    @property
    def minutes(self) -> int:
        """How many to reckon with."""
        return self.found.high + self.busy

    def walk(self, way: str) -> timedelta:
        """To the gate, for a delivery."""
        return timedelta(minutes=self.shop.walk if way == Way.DELIVERY else 0)

    def times(self, way: str = Way.COLLECTION) -> list[opening.Time]:
        """Those for which it may be ordered: at the shop, or at the gate for a delivery."""
        return opening.times(self.shop, self.now, self.minutes, self.walk(way))

    def promise(self, wanted_at: datetime | None = None, way: str = Way.COLLECTION) -> Span:
        """As ``promise_for``."""
        low, high = (timedelta(minutes=minutes + self.busy) for minutes in (self.found.low, self.found.high))
        walk = self.walk(way)
        opening.check_time(self.shop, wanted_at, self.now, self.minutes, walk)
        facts = {name: value for name, value in (("open", self.open), ("busy", self.busy)) if value}
        if wanted_at:
            earliest = max(wanted_at - EARLY, self.now + low + walk)
            return Span(earliest, wanted_at, self.found.is_estimated, facts)
        wait = RUNNER if walk else timedelta()
        return Span(self.now + low + walk, self.now + high + walk + wait, self.found.is_estimated, facts)


def outlook(shop: Shop, size: int, now: datetime, longest: int = 0) -> Outlook:
    """What is read for a promise; the arguments are those of ``promise_for``."""
    ages = open_ages(shop, now)
    found = at_least(estimate(seen_by(shop, size, now), ages, shop.minutes), longest)
    return Outlook(shop, now, found, len(ages), shop.busy_now(now))


def at_least(found: Estimate, minutes: int) -> Estimate:
    """No dish is made faster because the kitchen has made others fast."""
    more = max(0, minutes - found.low)
    return found._replace(low=found.low + more, high=found.high + more)


def seen_by(shop: Shop, size: int, now: datetime) -> Seen:
    """Its last two hours for orders of this size; the same hour of the last weeks too, where these were too few."""
    done = ready_between(shop, [(now - RECENT, now)])
    if len(same_size(done, size)) < FEWEST:
        local = now.astimezone(shop.tz)  # so that the hour is the same on the clock, though clocks changed meanwhile
        weeks = [(local - timedelta(weeks=number)).astimezone(UTC) for number in range(1, WEEKS + 1)]
        done += ready_between(shop, [(then - HOUR / 2, then + HOUR / 2) for then in weeks])
    alike = same_size(done, size)
    return Seen([order.minutes for order in alike], ahead(alike, done))


def same_size(done: Iterable[Done], size: int) -> list[Done]:
    return [order for order in done if size_class(order.items) == size_class(size)]


def ahead(alike: Iterable[Done], done: Iterable[Done]) -> list[int]:
    """For each of these, how many of all were open when it was placed."""
    placed, ready = sorted(order.placed_at for order in done), sorted(order.ready_at for order in done)
    return [bisect_left(placed, order.placed_at) - bisect_right(ready, order.placed_at) for order in alike]


def ready_between(shop: Shop, times: Iterable[tuple[datetime, datetime]]) -> list[Done]:
    """Those that were wanted as soon as possible: what was ordered for later tells nothing of how fast a kitchen is."""
    within = Q()
    for begins, ends in times:
        within |= Q(ready_at__gt=begins, ready_at__lte=ends)
    found = of(shop).filter(within, wanted_at=None, placed_at__isnull=False).annotate(items=Sum("lines__quantity"))
    return [Done(*row) for row in found.order_by("-ready_at").values_list("placed_at", "ready_at", "items")[:MOST]]


def open_ages(shop: Shop, now: datetime) -> list[float]:
    """The minutes for which the kitchen has had each open order. One for later is on hold until its time comes."""
    rows = of(shop).filter(state__in=KITCHEN, ended_at=None).annotate(came_at=Coalesce("placed_at", "made_at"))
    found = rows.values_list("wanted_at", "making_at", "due_at", "came_at")
    begun = (
        min(now, came_at) if wanted_at is None else making_at or due_at - timedelta(minutes=shop.minutes)
        for wanted_at, making_at, due_at, came_at in found
    )
    return [(now - moment) / MINUTE for moment in begun if moment <= now]


def of(shop: Shop) -> "QuerySet[Order]":
    return Order.objects.filter(shop=shop).order_by()
