"""The receipt of a promise: when an order was expected, each time that it changed, and why, in words."""

from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clocks import clock, short_when, today
from tracking.orders.models import Cause


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
            why_words(promise),
            promise.is_estimated,
        )
        for promise in reversed(list(order.promises.all()))
    ]


def range_of(begins: datetime, ends: datetime, order: Any) -> str:
    first, last = clock(begins, order.shop.tz), clock(ends, order.shop.tz)
    return first if first == last else f"{first}–{last}"


def why_words(promise: Any) -> str:
    """The cause, and the facts that it was reckoned with."""
    facts, found = promise.facts, [str(Cause(promise.cause).label)]
    if promise.cause == Cause.GATE and facts.get("gate"):
        found = [_("The gate is %(gate)s now") % {"gate": facts["gate"]}]
    if (ahead := facts.get("open")) and promise.cause != Cause.READY:
        found.append(ngettext("one order before it", "%(count)s orders before it", ahead) % {"count": ahead})
    if busy := facts.get("busy"):
        found.append(_("the shop is busy: %(minutes)s minutes more") % {"minutes": busy})
    if minutes := facts.get("minutes"):
        found.append(_("%(minutes)s minutes later") % {"minutes": minutes})
    return ", ".join(found)
