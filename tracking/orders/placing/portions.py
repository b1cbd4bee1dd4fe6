"""Counted portions: those of an order are taken whole or not at all, and no network address gets all of them unpaid."""

from collections import Counter
from collections.abc import Mapping

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from live.outbox import publish
from strangers import check_bound
from tracking.orders import topics
from tracking.orders.baskets import left_words
from tracking.orders.models import Line, Order, Shop, State, stock
from tracking.orders.models.states import OPEN
from tracking.orders.placing.asked import LineFault, LineFaults
from tracking.orders.placing.priced import Priced

PARTY = 10  # portions of a dish that an address may have in any case
TOO_MANY_PORTIONS = gettext_lazy(
    "Many portions are being held from your network at the moment. Try again in a few minutes."
)


def take_portions(priced: Priced, shop: Shop, back: Mapping[int, int] = {}) -> dict[int, int]:
    """Take what it needs. Returns how many are left of each counted dish, by key. ``back``: portions that go back at the same
    time. Raises LineFaults at each line that has too few."""
    needed = {key: priced.portions.get(key, 0) - back.get(key, 0) for key in {*priced.portions, *back}}
    left, lacking = stock.take(needed)
    if lacking:
        raise LineFaults(too_few(priced, lacking))
    if left:
        publish(topics.menu(shop.pk))
    return left


def too_few(priced: Priced, lacking: Mapping[int, int]) -> list[LineFault]:
    names = priced.names
    return [
        LineFault(place, "dish" if key == one.dish.pk else "choices", left_words(names[key], left))
        for place, one in enumerate(priced.chosen)
        for key, left in lacking.items()
        if key in one.portions
    ]


def check_share(order: Order, portions: Mapping[int, int], left: Mapping[int, int]) -> None:
    """Raise TooMany where the customers of one address would have more than ``settings.PORTION_SHARE`` per cent of what can
    be had of a dish, without having paid for it.

    ``portions``: those of this order by dish, which are taken already; so the dishes are locked until it is saved.
    ``left``: how many there are now of each that is counted.
    """
    if not order.asked_from or not left:
        return
    held = Counter(portions)
    held.update(stock.of(unpaid_lines(order).prefetch_related("parts")))
    for key, count in left.items():
        most = max(PARTY, (count + held[key]) * settings.PORTION_SHARE // 100)
        check_bound("hold_share", held[key], most + 1, TOO_MANY_PORTIONS)


def unpaid_lines(order: Order) -> "QuerySet[Line]":
    """What the same address has ordered at this shop and not paid. Who pays at the counter has paid when the order is handed over."""
    is_unpaid = Q(order__state=State.UNPAID)
    is_unpaid |= Q(order__state__in=OPEN) if not order.shop.pays_online else Q(order__state__in=OPEN, order__total=0)
    theirs = Line.objects.filter(order__shop=order.shop, order__asked_from=order.asked_from, is_void=False)
    return theirs.filter(is_unpaid)
