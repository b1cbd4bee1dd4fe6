"""Baskets that nobody has touched for a day go."""

from django.utils import timezone

from live.periodic import every
from tracking.orders.models import Basket

HOUR = 3600


@every(HOUR)
def forget_baskets() -> None:
    Basket.objects.forgotten(timezone.now()).delete()
