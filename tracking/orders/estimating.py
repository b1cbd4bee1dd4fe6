"""How long an order takes, from how long the shop's last ones took. Pure: minutes in, minutes out, no database and no clock.

Only orders that are ready have a known time, so a kitchen that is stuck would look fast. Those that are still open have
taken *at least* as long as they are old: the quantiles are those of Kaplan and Meier (1958), which count such lower bounds.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from types import MappingProxyType
from typing import Any, NamedTuple

CEILING = 45  # minutes; an order that took longer was forgotten, or nobody pressed the button
FORGOTTEN = 180  # minutes after which an open order says nothing about the kitchen
FEWEST = 5  # recent orders that are needed to know more than the shop's setting
USUAL, SAFE = 50, 90  # from the median to the time within which nine of ten are ready
NARROWEST, SHORTEST, LONGEST = 3, 2, 90  # minutes: the range, its beginning, its end
AT_ONCE = 4  # orders that a kitchen makes at once, unless it has been seen to make more
SIZES = (2, 5)  # up to 2 items, up to 5, more


class Span(NamedTuple):
    """A promise: two moments. ``facts`` says what it was made from: ``{"open": 12, "busy": 10}``."""

    earliest: datetime
    latest: datetime
    is_estimated: bool = False
    facts: Mapping[str, Any] = MappingProxyType({})

    def later(self, by: timedelta) -> "Span":
        return self._replace(earliest=self.earliest + by, latest=self.latest + by)


class Estimate(NamedTuple):
    """From ``low`` to ``high`` minutes from now. ``is_estimated``: from the shop's setting, since too little is known."""

    low: int
    high: int
    is_estimated: bool


class Seen(NamedTuple):
    """What a kitchen has done lately: the minutes of each order that is ready, and how many were open when it came."""

    minutes: Sequence[float] = ()
    ahead: Sequence[int] = ()


def estimate(seen: Seen, ages: Collection[float], setting: int) -> Estimate:
    """For an order that comes now. ``ages``: of the shop's open orders that are not on hold, in minutes.

    More open orders, or older ones, never make it earlier.
    """
    waiting = [age for age in ages if age <= FORGOTTEN]
    known = [minutes for minutes in seen.minutes if minutes <= CEILING]
    is_estimated = len(known) < FEWEST
    load = load_factor(len(waiting), 0 if is_estimated else typical(seen.ahead))
    if is_estimated:
        low, high = float(setting), float(setting + NARROWEST)
    else:
        low, high = quantile(known, waiting, USUAL), quantile(known, waiting, SAFE)
    high = max(high * load, *waiting, 0)
    return clamped(low * load, high, is_estimated)


def clamped(low: float, high: float, is_estimated: bool) -> Estimate:
    """Whole minutes within the bounds, and a range that is not narrower than anybody can keep."""
    first = min(max(SHORTEST, ceil(low - 1e-9)), LONGEST - NARROWEST)
    return Estimate(first, min(max(first + NARROWEST, ceil(high - 1e-9)), LONGEST), is_estimated)


def load_factor(open_now: int, usual: int) -> float:
    """How much longer it takes than usual: as often as more orders are open than the kitchen makes at once. At least 1.

    By Little's law: a kitchen that had ``usual`` orders open and took m minutes for each sends one out every
    m / usual minutes.
    """
    return max(1.0, (open_now + 1) / max(usual + 1, AT_ONCE))


def typical(counts: Sequence[int]) -> int:
    """The median, rounded down; 0 for none."""
    return sorted(counts)[(len(counts) - 1) // 2] if counts else 0


def quantile(times: Collection[float], bounds: Collection[float], percent: int) -> float:
    """The shortest time within which ``percent`` of all end. ``bounds``: of those that go on, how long they have so far.

    Without bounds this is the nearest rank. Where so many go on that nobody knows, it is the longest of all. One more
    bound, or a longer one, never makes it shorter.
    """
    left, survival, goal = len(times) + len(bounds), 1.0, 1 - percent / 100
    # at the same moment ends come before bounds: what goes on was seen going on at that time
    events = sorted([(time, 0) for time in times] + [(bound, 1) for bound in bounds])
    for moment, goes_on in events:
        if not goes_on:
            survival *= 1 - 1 / left
            if survival <= goal + 1e-9:
                return moment
        left -= 1
    return max([*times, *bounds], default=0)


def size_class(items: int) -> int:
    """0 for one or two items, 1 for three to five, 2 for more."""
    return sum(items > most for most in SIZES)


def remaining(age: int) -> Estimate:
    """How many more minutes an order takes that should be ready by now: the later it is, the less is known."""
    return Estimate(max(1, age // 10), max(5, ceil(age / 4)), True)
