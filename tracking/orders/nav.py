"""What orders add to the frame and to the front page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from pages.nav import Door, Entry, door, entry, names
from tracking.orders.menu.urls import urls as menu


@entry(order=35)
def food(user: Any) -> Entry:
    return Entry(_("Food"), reverse("orders:shops"), names("orders", menu))


@door(order=45)
def to_food(user: Any) -> Door:
    return Door(_("Food and drink"), reverse("orders:shops"), "orders")
