"""The widget that shows an order on another site: its state and when it is expected, by a key that its owner made."""

from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from embeds.registry import ThingForm, Widget, register
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


class OrderForm(ThingForm):
    order = forms.ModelChoiceField(label=gettext_lazy("Order"), queryset=Order.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.user is not None:
            field: Any = self.fields["order"]
            field.queryset = own_orders(self.user).open()
            field.label_from_instance = lambda order: f"{order.shop.name}, {order.reference}"

    @property
    def thing(self) -> str:
        return str(self.cleaned_data["order"].pk)


def order_of(thing: str) -> Order:
    is_key = thing.isascii() and thing.isdecimal() and len(thing) < 19
    order = Order.objects.select_related("shop__airport").filter(pk=int(thing)).first() if is_key else None
    if order is None:
        raise Http404(f"No order {thing}")
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
