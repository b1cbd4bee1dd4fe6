"""What the links of customers open."""

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from links.models import LinkedQuerySet
from tracking.orders.models import Order


def orders() -> LinkedQuerySet[Any]:
    """All orders that did not end two weeks ago or more (settings.ORDER_LINKS_KEPT): the links of those open nothing any more."""
    kept = Q(ended_at=None) | Q(ended_at__gt=timezone.now() - settings.ORDER_LINKS_KEPT)
    return Order.objects.filter(kept).select_related("shop__airport", "flight__airline")
