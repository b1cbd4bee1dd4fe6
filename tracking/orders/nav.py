"""What orders add to the frame and to the front page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.landings import landing
from pages.nav import Door, Entry, door, entry, names
from tracking.orders.customers.urls import urls as customers
from tracking.orders.kitchen.urls import urls as kitchen
from tracking.orders.menu.urls import urls as menu
from tracking.orders.models import Shop


@landing(order=30)
def kitchen_of(user: Any) -> str | None:
    """The kitchen of the shop where somebody works; of several, the address that leads to one of them. An administrator lands
    elsewhere. Each page asks this, for its navigation."""
    slugs = Shop.objects.filter(staff=user).values_list("slug", flat=True)[:2] if user.is_authenticated else []
    if len(slugs) > 1:
        return reverse("orders:kitchens")
    return reverse("orders:kitchen", args=slugs) if slugs else None


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
