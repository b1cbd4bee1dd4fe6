"""What screens can show of orders: the pickup screen of a shop."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screens.contents import Content, Settings, register
from tracking.orders.models import Shop
from tracking.orders.wall.regions import PickupScreen


class PickupForm(forms.Form):
    """Its cleaned data are the settings of a screen."""

    shop = forms.ModelChoiceField(label=gettext_lazy("Shop"), queryset=Shop.objects.all(), to_field_name="slug")

    def clean_shop(self) -> Any:
        return self.cleaned_data["shop"].slug


def screen_of(chosen: Settings, languages: Sequence[str]) -> PickupScreen:
    return PickupScreen(query={"languages": "-".join(languages)}, language=languages[0], slug=chosen["shop"])


def page_of(chosen: Settings) -> str:
    """The same on one's phone."""
    return reverse("orders:wall", args=[chosen["shop"]])


def title_of(chosen: Settings) -> str:
    name = Shop.objects.filter(slug=chosen["shop"]).values_list("name", flat=True).first()
    return _("Pickup at %(shop)s") % {"shop": name or chosen["shop"]}


register(Content("pickup", gettext_lazy("Pickup of orders"), PickupForm, screen_of, page_of, title_of))
