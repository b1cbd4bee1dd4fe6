"""When an order is expected: each promise is written down with its cause. Verbs of customers, of the kitchen, of flights and of
the clock change it, by ``promise``, inside themselves."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from prometheus_client import Counter

from clocks import MINUTE
from tracking.orders.estimating import Span, remaining
from tracking.orders.models.promises import Cause
from tracking.orders.models.states import KITCHEN, State, Way
from verbs.models import Tracked, verb

RUNNER = timedelta(minutes=5)  # that an order waits at most for somebody who brings it
SPARE = 5 * MINUTE  # before the last moment at which one has to begin

promises = Counter("airside_orders_promises", "Promises of orders that were made or changed, by the cause.", ["cause"])


class Expected(NamedTuple):
    """What is said now: a range that never ends in the past. ``is_late``: later than the promise that is written down."""

    earliest: datetime
    latest: datetime
    is_late: bool


class Promised(Tracked):
    """An order's promise, and the verbs that change nothing else."""

    shop: Any
    state: Any
    way: Any
    promises: Any  # the manager of its rows
    earliest: Any
    latest: Any
    placed_at: Any
    made_at: Any
    ready_at: Any

    class Meta:
        abstract = True

    @verb
    def expect(self, span: Span, cause: str, facts: Mapping[str, Any] | None = None) -> None:
        """Expect it then."""
        self.promise(span, cause, **(facts or {}))

    @verb
    def put_off(self, minutes: int, cause: str) -> None:
        """Expect it so many minutes later."""
        self.promise(self.promised().later(minutes * MINUTE), cause, minutes=minutes)

    @verb
    def be_late(self, now: datetime) -> None:
        """The time that was promised is over: expect it within a new range. Nothing happens where it is not late."""
        expected = self.expected(now)
        if expected.is_late:
            late = round((expected.latest - self.latest) / MINUTE)
            self.promise(Span(expected.earliest, expected.latest), Cause.LATE, minutes=late)

    # For other verbs of the order, which call them inside themselves

    def promise(self, span: Span, cause: str, **facts: Any) -> None:
        """Write a promise down, where it is another than the last."""
        facts = {**span.facts, **facts}
        if self.promises.exists() and (span.earliest, span.latest) == (self.earliest, self.latest) and not facts:
            return
        self.earliest, self.latest = span.earliest, span.latest
        self.promises.create(
            earliest=span.earliest, latest=span.latest, cause=cause, facts=facts, is_estimated=span.is_estimated
        )
        promises.labels(cause).inc()

    def promised(self) -> Span:
        """What is promised now, without the facts that it was made from."""
        last = self.promises.last()
        return Span(self.earliest, self.latest, bool(last and last.is_estimated))

    def promise_ready(self, now: datetime) -> None:
        """It is ready: at the shop now, at the gate once somebody has brought it."""
        walk = self.walk
        span = Span(now + walk, now + walk + RUNNER) if walk else Span(now, now)
        self.promise(span, Cause.READY)

    def promise_out(self, now: datetime) -> None:
        """It has left the shop."""
        self.promise(Span(now + self.walk / 2, now + self.walk), Cause.OUT)

    def promise_again(self, now: datetime) -> None:
        """Something is made again: half of what an order takes at this shop, and the way."""
        again = timedelta(minutes=max(2, self.shop.minutes // 2))
        self.promise(Span(now + again / 2 + self.walk, now + again + self.walk, True), Cause.RECALLED)

    # What pages ask

    @property
    def walk(self) -> timedelta:
        """To the gate, for a delivery."""
        return timedelta(minutes=self.shop.walk if self.way == Way.DELIVERY else 0)

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits for it to be ready, or to be brought."""
        return self.state in (*KITCHEN, State.OUT) or (self.state == State.READY and self.way == Way.DELIVERY)

    @property
    def is_made(self) -> bool:
        """Whether it was ready, and nobody waits for it any more: there is no promise then, only when it was ready."""
        return bool(self.ready_at) and not self.is_awaited

    def expected(self, now: datetime) -> Expected:
        """The range to show. What shows it is stale at its end (``stale_at``: ``latest``)."""
        if not self.is_awaited or now < self.latest:
            return Expected(self.earliest, self.latest, False)
        more = remaining((now - begins_at(self, self.shop)) // MINUTE)
        return Expected(now + more.low * MINUTE, now + more.high * MINUTE, True)


def begins_at(order: Any, shop: Any) -> datetime:
    """When it is time to begin: at once, or for one that was ordered for later as late as the shop's time for it allows."""
    came: datetime = order.placed_at or order.made_at
    if order.wanted_at is None:
        return came
    walk = shop.walk if order.way == Way.DELIVERY else 0
    return max(came, order.due_at - (shop.minutes + walk) * MINUTE - SPARE)
