"""The orders that a kitchen has in front of it: in which column each stands, and since when.

They stand in the order in which they are due, which no move changes. A cancelled one stays where it was until somebody there has
said that they saw it. Ages are counted on the server's clock, from when an order came; for one that was ordered for later,
from when it is time to begin.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F, Prefetch, Q, QuerySet, Sum

from checkout.models import Payment
from clocks import MINUTE
from post.models import Message
from tracking.orders.models import Order, Part, Shop, State
from tracking.orders.models.promised import begins_at

OLD, LATE = 15 * MINUTE, 20 * MINUTE
NIGHT = timedelta(hours=12)  # what was cancelled before that is of another day
STAGES = (State.PLACED, State.ACCEPTED, State.MAKING, State.READY)


# What a card shows of a part.
OF_PARTS = (
    *("order_id", "station_id", "name", "extras", "quantity", "ready"),
    *("line__is_void", "line__acknowledged_at", "line__note"),
)


def unseen(now: datetime) -> Q:
    """Cancelled after the kitchen had it, and not acknowledged there."""
    not_seen = Q(acknowledged_at=None) | Q(acknowledged_at__lt=F("ended_at"))
    return Q(state=State.CANCELLED, placed_at__isnull=False, ended_at__gt=now - NIGHT) & not_seen


def orders_of(shop: Shop, states: Iterable[str], now: datetime, station: int | None = None) -> list[Order]:
    """Those in these states, and the cancelled ones that nobody has acknowledged; with what is made of them. With the key of
    a station only those of which it makes something, and only that."""
    found = Order.objects.filter(Q(state__in=tuple(states)) | unseen(now), shop=shop)
    parts = Part.objects.select_related("line").only(*OF_PARTS).order_by("line__position", "pk")
    if station is not None:
        found = found.filter(pk__in=shown_at(station))
        parts = parts.filter(station=station)
    related = found.select_related("flight__airline").prefetch_related(Prefetch("parts", parts))
    orders = list(related.in_order())
    for order in orders:
        order.shop = shop  # which its promise asks for
    return orders


def shown_at(station: int) -> QuerySet[Part, int]:
    """The keys of the orders of which a station makes something: what was taken off counts until somebody has seen it."""
    seen = Q(line__is_void=True, line__acknowledged_at__isnull=False)
    return Part.objects.filter(~seen, station=station).values_list("order")


def states_of(stage: str, station: int | None) -> tuple[str, ...]:
    """The states whose orders may stand in a column: a station has finished with an order before the kitchen has."""
    if station is None:
        return (stage,)
    return (State.ACCEPTED, State.MAKING, State.READY) if stage == State.READY else (stage,)


def stage_of(order: Order, station: int | None = None) -> str:
    """The column in which it stands; for a cancelled one, that in which it stood. With a station, the order has its parts only."""
    if order.state in (State.ACCEPTED, State.MAKING, State.CANCELLED) and station is not None:
        mine = [part for part in order.parts.all() if not part.line.is_void]
        if mine and all(part.is_ready for part in mine):
            return State.READY
    if order.state != State.CANCELLED:
        return order.state
    if order.ready_at:
        return State.READY
    if order.making_at:
        return State.MAKING
    return State.ACCEPTED if order.accepted_at else State.PLACED


def is_for_later(order: Order, shop: Shop, now: datetime) -> bool:
    """Whether it is accepted, and nobody has to begin yet."""
    return order.state == State.ACCEPTED and order.wanted_at is not None and begins_at(order, shop) > now


def age_of(since: datetime, now: datetime) -> str:
    """ "old" from 15 minutes on, "late" from 20."""
    return "late" if now >= since + LATE else "old" if now >= since + OLD else ""


def next_age(since: datetime, now: datetime) -> datetime | None:
    """When it turns old, or late."""
    return next((since + age for age in (OLD, LATE) if since + age > now), None)


def to_pay(orders: Iterable[Order]) -> set[int]:
    """The keys of those that are ready or on their way, and whose customers pay when they get it (``Order.to_pay_at_shop``)."""
    ready = [each for each in orders if each.state in (State.READY, State.OUT) and each.total and not each.source]
    return {order.pk for order in ready} - Payment.objects.came_for_any(ready)


def not_told(orders: Iterable[Order]) -> set[int]:
    """The keys of those of which some mail was not delivered, since the last one that was (``post.models.undelivered_about``)."""
    keys = [str(order.pk) for order in orders]
    about = Message.objects.filter(about_model=Order._meta.label_lower, about_key__in=keys)
    missing = list(about.undelivered().values_list("about_key", "pk"))
    sent = dict(about.filter(state=Message.State.SENT).order_by("pk").values_list("about_key", "pk")) if missing else {}
    return {int(key) for key, pk in missing if pk > sent.get(key, 0)}


def counts_of(orders: QuerySet[Order], station: int | None = None) -> list[tuple[str, int]]:
    """All day: how many of each dish are still to be made of these orders, the most first. What is void or made does not
    count."""
    parts = Part.objects.filter(order__in=orders, line__is_void=False, ready__lt=F("quantity"))
    if station is not None:
        parts = parts.filter(station=station)
    counted = parts.order_by().values("name").annotate(left=Sum(F("quantity") - F("ready")))
    return list(counted.order_by("-left", "name").values_list("name", "left"))
