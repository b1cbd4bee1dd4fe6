"""The receipt of a promise: when an order was expected, each time that it changed, and why, in words."""

from datetime import datetime
from typing import Any, NamedTuple

from clocks import clock, short_when, today


class Expectation(NamedTuple):
    at: str
    expected: str
    why: str
    is_estimated: bool


def expectations_of(order: Any) -> list[Expectation]:
    """The latest first."""
    tz = order.shop.tz
    day = today(tz)
    return [
        Expectation(
            short_when(promise.at, tz, day),
            range_of(promise.earliest, promise.latest, order),
            " ".join(promise.reasons),
            promise.is_estimated,
        )
        for promise in reversed(list(order.promises.select_related("order__shop__airport")))
    ]


def range_of(begins: datetime, ends: datetime, order: Any) -> str:
    first, last = clock(begins, order.shop.tz), clock(ends, order.shop.tz)
    return first if first == last else f"{first}–{last}"
