"""What orders add to the frame and to the front page."""

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.landings import landing
from pages.nav import Door, Entry, door, entry, names
from tracking.orders import opening
from tracking.orders.customers.urls import urls as customers
from tracking.orders.kitchen.urls import urls as kitchen
from tracking.orders.menu.urls import urls as menu
from tracking.orders.models import Order, Shop


@landing(order=30)
def kitchen_of(user: Any) -> str | None:
    """The kitchen of the shop where somebody works; of several the one with the most open orders, else one that is open. An
    administrator lands elsewhere."""
    shops = list(Shop.objects.filter(staff=user).select_related("airport")) if user.is_authenticated else []
    shop = busiest(shops) if len(shops) > 1 else next(iter(shops), None)
    return reverse("orders:kitchen", args=[shop.slug]) if shop else None


def busiest(shops: list[Shop]) -> Shop:
    now = timezone.now()
    counted = Order.objects.open().filter(shop__in=shops).order_by().values("shop").annotate(count=Count("pk"))
    open_orders = dict(counted.values_list("shop", "count"))
    if open_orders:
        return max(shops, key=lambda shop: open_orders.get(shop.pk, 0))
    return next((shop for shop in shops if opening.is_open(shop, now)), shops[0])


@entry(order=35)
def food(user: Any) -> Entry:
    return Entry(_("Food"), reverse("orders:shops"), names("orders", [*menu, *customers]))


@entry(order=45)
def kitchen_entry(user: Any) -> Entry | None:
    address = kitchen_of(user)
    return Entry(_("Kitchen"), address, names("orders", kitchen)) if address else None


@door(order=45)
def to_food(user: Any) -> Door:
    return Door(_("Food and drink"), reverse("orders:shops"), "orders")
