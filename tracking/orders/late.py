"""Orders that are later than was promised. A page says so by itself (``Order.expected``); here the new range is written down."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tracking.orders.models import Order, State, Way
from tracking.orders.models.states import KITCHEN
from verbs.refusals import Refused

AWAITED = Q(state__in=(*KITCHEN, State.OUT)) | Q(state=State.READY, way=Way.DELIVERY)  # as Order.is_awaited


def follow_late(now: datetime) -> int:
    """Give each order whose time is over a new promise. Returns how many."""
    return each(late(now), lambda order: order.be_late(now))


def late(now: datetime) -> QuerySet[Order]:
    return Order.objects.open().filter(AWAITED, latest__lte=now, ended_at=None).order_by("latest", "pk")


def each(orders: Iterable[Order], act: Callable[[Any], Any]) -> int:
    """Do it for every order, also where one fails: the others must hear of it. The faults are raised in the end."""
    done, faults = 0, []
    for order in orders:
        try:
            with suppress(Refused):  # it has ended at this moment
                act(order)
                done += 1
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise ExceptionGroup("orders were not told", faults)
    return done
