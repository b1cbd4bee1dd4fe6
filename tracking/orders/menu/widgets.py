"""The widget of a menu: what a shop sells now, with links to the dishes here."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from embeds.registry import ThingForm, Widget, everybody, register
from tracking.flights.models import Airport
from tracking.orders.menu.addresses import shop_or_404
from tracking.orders.menu.regions import ShopMenu
from tracking.orders.models import Shop


class EmbeddedMenu(ShopMenu):
    path, stays = "embed/menu/<slug:slug>/", True
    template, row_template = "orders/menu/widgets/_menu.html", "orders/menu/widgets/_menu_row.html"

    @property
    def place(self) -> Airport:
        return self.shop.airport

    def context(self) -> dict[str, Any]:
        return {"url": reverse("orders:menu", args=[self.slug]), **super().context()}


class MenuForm(ThingForm):
    shop = forms.ModelChoiceField(
        label=gettext_lazy("Shop"), queryset=Shop.objects.all(), to_field_name="slug", empty_label=None
    )

    @property
    def thing(self) -> str:
        slug: str = self.cleaned_data["shop"].slug
        return slug

    @property
    def attributes(self) -> dict[str, str]:
        return {"shop": self.thing}


def menu_region(thing: str, query: Mapping[str, str]) -> EmbeddedMenu:
    return EmbeddedMenu(slug=shop_or_404(thing).slug)


def menu_url(thing: str) -> str:
    return reverse("orders:menu", args=[shop_or_404(thing).slug])


def menu_title(thing: str) -> str:
    return _("Menu of %(name)s") % {"name": shop_or_404(thing).name}


register(
    Widget(
        "menu",
        gettext_lazy("Menu of a shop"),
        MenuForm,
        menu_region,
        menu_url,
        menu_title,
        everybody,
        css="css/orders.css",
        pages={"orders:menu": "{slug}"},
        height=480,
        template="orders/menu/widgets/menu.html",
    )
)
