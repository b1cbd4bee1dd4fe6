"""Orders that are later than was promised. A page says so by itself (``Order.expected``); here the new range is written down."""

from datetime import datetime

from django.db.models import Q, QuerySet

from tracking.orders.models import Order, State, Way
from tracking.orders.models.states import KITCHEN
from verbs.each import each

AWAITED = Q(state__in=(*KITCHEN, State.OUT)) | Q(state=State.READY, way=Way.DELIVERY)  # as Order.is_awaited


def follow_late(now: datetime) -> int:
    """Give each order whose time is over a new promise. Returns how many."""
    return each(late(now), lambda order: order.be_late(now), "orders were not told")


def late(now: datetime) -> QuerySet[Order]:
    return Order.objects.open().filter(AWAITED, latest__lte=now, ended_at=None).order_by("latest", "pk")
