"""Portions of a day: they come back when a shop opens for the day, once a day."""

from datetime import datetime

from clocks import today
from tracking.orders.models import Dish, Shop, stock
from tracking.orders.opening import day_began
from verbs.each import each


def restock(now: datetime) -> int:
    """Give each dish its portions of the day, where its shop has opened since it last had them. Returns how many dishes."""
    shops = Shop.objects.filter(dishes__portions_a_day__isnull=False).distinct().select_related("airport")
    opened = {shop: day_began(shop, now) for shop in shops.prefetch_related("hours", "closings")}
    due = [(dish, began) for shop, began in opened.items() if began for dish in due_dishes(shop, began)]
    return each(due, lambda found: stock.restock(*found), "dishes were not restocked")


def due_dishes(shop: Shop, began: datetime) -> list[Dish]:
    """A shop that opens twice a day has its portions at the first opening."""
    day = today(shop.tz, began)
    counted = shop.dishes.exclude(portions_a_day=None).select_related("shop__airport").order_by("pk")
    return [dish for dish in counted if dish.restocked_at is None or today(shop.tz, dish.restocked_at) < day]
