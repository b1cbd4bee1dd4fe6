"""Placing, from what is asked for to the order.

One transaction. Locks: the shop, where strangers order, so that their open orders are counted one after the other; the counted
dishes in the order of their keys; then the order is made. Orders whose time to pay is over give their portions back before
that, each in a transaction of its own.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from post.text import one_line
from strangers import NOBODY, Asker, bounds, check_bound
from tracking.orders.estimating import Span
from tracking.orders.flights import check_in_time
from tracking.orders.models import Order, Shop, Way
from tracking.orders.models.handing_verbs import new_pin
from tracking.orders.placing.asked import Asked, Customer, Unfit, clean_gate
from tracking.orders.placing.checks import check_way
from tracking.orders.placing.keys import digest_of, same
from tracking.orders.placing.portions import check_share, take_portions
from tracking.orders.placing.priced import Priced, price
from tracking.orders.placing.saved import save
from tracking.orders.promising import promise_for
from verbs.refusals import Refused

bounds("orders")

TOO_MANY = gettext_lazy("Many orders of your network are open at this shop. Try again in a few minutes.")


def place(
    shop: Shop,
    lines: Iterable[Any],
    customer: Customer,
    way: str = Way.COLLECTION,
    flight: Any = None,
    gate: str = "",
    wanted_at: datetime | None = None,
    key: UUID | None = None,
    asker: Asker = NOBODY,
    user: Any = None,
    by: Any = None,
    till: Any = None,
    accepted: int | None = None,
    **fields: Any,
) -> Order:
    """Order these lines (``Wanted``, or those of a basket). The same key with the same content gives the same order.

    ``wanted_at`` None: as soon as possible. ``accepted``: the total that the customer saw, in minor units; None takes that of
    now. ``fields``: further ones of the order, as a till sets them: ``source``, ``external``, ``external_version``; what has
    a source is paid at the till.
    Raises LineFaults, Unfit, OtherBody, KeyUsed, TooMany, or another Refused where the shop takes no orders; nothing is
    ordered then. Not inside another transaction: it gives back the portions of unpaid orders first.
    """
    now = timezone.now()
    asked = Asked(shop, list(lines), customer, way, flight, clean_gate(gate), wanted_at)
    scope = {"shop_id": shop.pk, "asked_by": asker.browser, "source": fields.get("source", "")}
    digest = digest_of(asked)
    if made := Order.objects.made_with(key, **scope):
        return same(made, digest)
    Order.objects.filter(shop=shop).lapse(now)
    try:
        order, priced, span = made_of(asked, now, accepted)  # reads only, so that the locks are taken late
        for name, value in {"key": key, "body_hash": digest, "user": user, **fields}.items():
            setattr(order, name, value)
        order.set_asker(asker)
        with transaction.atomic():
            check_address(order)
            left = take_portions(priced, shop)
            check_share(order, priced.portions, left)
            return save(order, asked, priced, span, by=by, till=till)
    except (IntegrityError, Refused):
        if made := Order.objects.made_with(key, **scope):  # at the same moment, so that its portions seem to be gone
            return same(made, digest)
        raise


def made_of(asked: Asked, now: datetime, accepted: int | None) -> tuple[Order, Priced, Span]:
    """The unsaved order with its price and promise, once nothing but its portions speaks against it."""
    shop = asked.shop
    priced = price(asked, now)
    if accepted is not None and accepted != priced.bill.total:
        raise Unfit(_("The price has changed. Look at it, then send the order again."), "total")
    check_way(asked, now)
    span = promise_for(shop, priced.size, now, asked.wanted_at, asked.way, priced.longest)
    if asked.flight:
        span = check_in_time(span, asked.flight, asked.way, shop, now)
    order = Order(
        shop=shop,
        way=asked.way,
        currency=shop.currency,
        total=priced.bill.total,
        discount=priced.bill.discount,
        flight=asked.flight,
        flight_seen=asked.flight.revision if asked.flight else 0,
        gate=(asked.flight.gate if asked.flight else "") or asked.gate,
        pin=new_pin() if asked.way == Way.DELIVERY else "",
        wanted_at=asked.wanted_at,
        due_at=span.latest,
        earliest=span.earliest,
        latest=span.latest,
        made_at=now,
        **{name: one_line(text) for name, text in asked.customer._asdict().items()},
    )
    order.due_at -= order.walk
    return order, priced, span


def check_address(order: Order) -> None:
    """Raise TooMany where the same network address has as many open orders at this shop as it may have.

    Under the lock of the shop: two requests that count at the same moment would both pass.
    """
    if not order.asked_from:
        return
    order.shop.lock()
    theirs = Order.objects.open_or_unpaid().filter(shop=order.shop, asked_from=order.asked_from).order_by()
    check_bound("orders", theirs.count(), settings.ORDERS_PER_ADDRESS, TOO_MANY)
