"""The widget that shows an order on another site: its state and when it is expected, by a key that its owner made."""

from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from embeds.registry import OwnThingForm, Widget, register, row_of
from live.regions import Region
from tracking.flights.models import Airport
from tracking.orders.customers.regions import OrderByLink
from tracking.orders.models import Order


class OrderCard(OrderByLink):
    """An order in short: where it is from, how far it is, and when it is expected. It names nobody, and not what was ordered."""

    path, stays = "embed/order/<str:token>/", True
    template = "orders/customers/widgets/_order.html"

    @property
    def place(self) -> Airport:
        order: Any = self.thing
        airport: Airport = order.shop.airport
        return airport


def own_orders(user: Any) -> Any:
    return Order.objects.filter(user=user).exclude(placed_at=None).select_related("shop__airport")


class OrderForm(OwnThingForm):
    chooses = "order"
    order = forms.ModelChoiceField(label=gettext_lazy("Order"), queryset=Order.objects.none(), empty_label=None)

    def own(self, user: Any) -> Any:
        return own_orders(user).open()

    def words(self, row: Order) -> str:
        return f"{row.shop.name}, {row.reference}"


def order_of(thing: str) -> Order:
    order: Order = row_of(Order.objects.select_related("shop__airport"), thing)
    return order


def region(thing: str, query: dict[str, str]) -> Region:
    return OrderCard(token=order_of(thing).token)


def url(thing: str) -> str:
    """All orders of its owner: the address of this one alone would let everybody cancel it."""
    order_of(thing)
    return reverse("orders:mine")


def title(thing: str) -> str:
    return _("Order at %(shop)s") % {"shop": order_of(thing).shop.name}


def may(user: Any, thing: str) -> bool:
    try:
        return bool(user.is_authenticated) and order_of(thing).user_id == user.pk
    except Http404:
        return False


register(
    Widget(
        "order",
        gettext_lazy("An order of yours"),
        OrderForm,
        region,
        url,
        title,
        may,
        is_private=True,
        css="css/orders.css",
        pages={"orders:order": "", "orders:mine": ""},
    )
)
