"""Orders know their flight: what can't be ready before boarding is refused before anybody pays, and a gate that changes or a
boarding call reaches the customer, the kitchen and the runner."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from clocks import clock
from tracking.flights.boarding import gate_and_boarding
from tracking.orders.estimating import Span
from tracking.orders.models import Order, Shop, Way
from tracking.orders.models.promised import RUNNER
from verbs.each import each
from verbs.refusals import Refused


class TooLateToBoard(Refused):
    """It can't be ready before boarding. ``collect_by``: until then something quicker could be collected; None if it is over."""

    def __init__(self, text: str, collect_by: datetime | None) -> None:
        super().__init__(text)
        self.collect_by = collect_by


def check_in_time(span: Span, flight: Any, way: str, shop: Shop, now: datetime) -> Span:
    """Raise TooLateToBoard where an order that is promised so can't be had before its flight boards.

    Who collects it has to walk to the gate then. What is brought must be there at its latest time: nobody waits for it.
    Returns the promise; where something that is collected may be late, the time to leave is one of its facts.
    """
    boarding, walk = gate_and_boarding(flight), timedelta(minutes=shop.walk)
    leave_by = boarding.starts_at - walk
    words = {
        "flight": flight.designator,
        "boarding": clock(boarding.starts_at, shop.tz),
        "earliest": clock(span.earliest, shop.tz),
        "latest": clock(span.latest, shop.tz),
        "collect": clock(leave_by, shop.tz),
    }
    if boarding.is_over or boarding.is_called or now >= leave_by:
        raise TooLateToBoard(
            _("It is too late to order for %(flight)s: boarding starts at %(boarding)s.") % words, None
        )
    if way == Way.DELIVERY and span.latest > boarding.starts_at:
        is_soon = span.latest - walk - RUNNER <= leave_by  # without the wait for a runner
        raise TooLateToBoard((collect_it() if is_soon else bring_less()) % words, leave_by)
    if way == Way.COLLECTION and span.earliest > leave_by:
        raise TooLateToBoard(quicker() % words, leave_by)
    if way == Way.COLLECTION and span.latest > leave_by:
        return span._replace(facts={**span.facts, "leave_by": leave_by.isoformat()})
    return span


def collect_it() -> str:
    return _(
        "Boarding for %(flight)s starts at %(boarding)s, and this may be at the gate as late as %(latest)s: "
        "collect it at the shop by %(collect)s or choose something quicker."
    )


def bring_less() -> str:
    return _(
        "Boarding for %(flight)s starts at %(boarding)s, and this may be at the gate as late as %(latest)s: "
        "choose something quicker."
    )


def quicker() -> str:
    return _(
        "Boarding for %(flight)s starts at %(boarding)s; earliest ready %(earliest)s: "
        "choose something quicker that you can collect by %(collect)s."
    )


def follow_flights(now: datetime) -> int:
    """Let all open orders hear of what their flights have done. Returns how many did.

    What an order was told is kept with it, so that a process that dies, or two at once, tell nobody twice.
    """
    behind = Order.objects.open().filter(flight__revision__gt=F("flight_seen"), ended_at=None).order_by("pk")
    return each(behind, lambda order: order.follow_flight(now), "orders were not told")
