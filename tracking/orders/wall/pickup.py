"""What a pickup screen shows: what is made and what is ready, by reference alone. Nobody's name is on it."""

from datetime import datetime
from typing import NamedTuple

from clocks import MINUTE, clock, earliest
from tracking.orders.kitchen.queue import begins_at, is_for_later
from tracking.orders.models import Order, Shop, State, Way

READY_FOR = 30 * MINUTE  # after that it is off the screen, and still waits at the shop
MOST = 60


class Pickup(NamedTuple):
    """``time``: since when it is ready, or by when it is."""

    id: int
    reference: str
    is_ready: bool
    time: str


def orders_for(shop: Shop, now: datetime) -> list[Order]:
    """What is collected at the shop: the ready ones first, the last of them on top; then as they are due."""
    here = Order.objects.filter(shop=shop, way=Way.COLLECTION)
    ready = here.filter(state=State.READY, ready_at__gt=now - READY_FOR).order_by("-ready_at", "-pk")
    made = here.filter(state__in=(State.ACCEPTED, State.MAKING)).in_order()
    return [*ready[:MOST], *made[: 2 * MOST]]


def pickups(orders: list[Order], shop: Shop, now: datetime) -> list[Pickup]:
    due = [order for order in orders if not is_for_later(order, shop, now)]
    return [
        Pickup(
            order.pk,
            order.reference,
            order.state == State.READY,
            clock(order.ready_at if order.state == State.READY else order.latest, shop.tz),
        )
        for order in due[:MOST]
    ]


def next_change(orders: list[Order], shop: Shop, now: datetime) -> datetime | None:
    """When one leaves the screen by itself, or one for later comes onto it."""
    leave = [order.ready_at + READY_FOR for order in orders if order.ready_at and order.state == State.READY]
    begin = [begins_at(order, shop) for order in orders if order.state == State.ACCEPTED]
    return earliest(*leave, *(moment for moment in begin if moment > now))
