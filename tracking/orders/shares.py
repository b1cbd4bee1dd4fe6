"""How many counted portions the customers of one network address may hold without having paid for them."""

from collections import Counter
from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext_lazy

from strangers import check_bound
from tracking.orders.models import Dish, Line, Order, State, stock

PARTY = 10  # portions of a dish that an address may hold in any case
TOO_MANY_PORTIONS = gettext_lazy(
    "Many portions are being held from your network at the moment. Try again in a few minutes."
)


def check_share(order: Order, portions: Mapping[int, int]) -> None:
    """Raise TooMany where they would have more than ``settings.PORTION_SHARE`` per cent of what can be had of a dish.

    ``portions``: those of this order by dish, which are taken already; so the dishes are locked until it is saved.
    """
    left = dict(Dish.objects.filter(pk__in=list(portions)).exclude(stock=None).values_list("pk", "stock"))
    if not order.asked_from or not left:
        return
    theirs = Line.objects.filter(order__shop=order.shop, order__state=State.UNPAID, order__asked_from=order.asked_from)
    held = Counter(portions)
    held.update(stock.unmade(theirs.prefetch_related("parts")))
    for key, count in left.items():
        most = max(PARTY, (count + held[key]) * settings.PORTION_SHARE // 100)
        check_bound("hold_share", held[key], most + 1, TOO_MANY_PORTIONS)
