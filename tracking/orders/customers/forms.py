"""The form that makes an order of a basket: how and when one gets it, and who orders. Prices and dishes are not its matter."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from once import OnceField
from post.fields import your_email, your_name, your_phone
from tracking.flights.models import Flight
from tracking.flights.models.codes import AT_GATE
from tracking.orders.models import Way
from tracking.orders.placing import Customer
from whole_numbers import MOST

SOON = "soon"
WHEN = {Way.COLLECTION: "when", Way.DELIVERY: "when_at_gate"}  # the field of the time, by the way
NO_SUCH_TIME = {
    "required": gettext_lazy("Choose a time."),
    "invalid_choice": gettext_lazy("That time isn’t possible any more. Choose another."),
}

Choices = Sequence[tuple[str, str]]


class PlaceForm(forms.Form):
    """``key``: the basket's. ``accepted``: the total of the button that was pressed, in minor units; what the order costs is
    never taken from it. ``ways``: (value, words). ``times``: by the way, (value, words) of the times that one may choose:
    at the shop, or at the gate. ``not_now``: why nothing can be had at once."""

    not_now = ""

    key = OnceField()
    way = forms.ChoiceField(
        label=gettext_lazy("How do you get it?"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose how you get it.")},
    )
    when = forms.ChoiceField(label=gettext_lazy("When do you collect it?"), error_messages=NO_SUCH_TIME)
    when_at_gate = forms.ChoiceField(label=gettext_lazy("When at your gate?"), error_messages=NO_SUCH_TIME)
    flight = forms.CharField(
        label=gettext_lazy("Your flight, if you have one"),
        max_length=12,
        required=False,
        help_text=gettext_lazy(
            "Such as B6 415. Then we know your gate, and tell you if it can’t be ready before boarding."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    gate = forms.CharField(
        label=gettext_lazy("Your gate, if you give no flight"),
        max_length=8,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    name = your_name(gettext_lazy("Name"), gettext_lazy("We call it when your order is ready."), max_length=60)
    email = your_email(gettext_lazy("We send you the link to your order, and write when it is ready."))
    phone = your_phone()
    note = forms.CharField(label=gettext_lazy("A note to the shop (optional)"), max_length=200, required=False)
    accepted = forms.IntegerField(
        min_value=0,
        max_value=MOST,
        error_messages={"required": gettext_lazy("Press the button that names the price.")},
    )

    def __init__(
        self, shop: Any, times: Mapping[str, Choices], ways: Choices, data: Any = None, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.shop = shop
        fields: Any = self.fields
        fields["way"].choices = ways
        for way, name in WHEN.items():
            if way in times:
                fields[name].choices = times[way]
            else:
                del fields[name]

    def clean_flight(self) -> Flight | None:
        """The next flight of that number that leaves here; None for an empty field."""
        typed = self.cleaned_data["flight"].strip()
        if not typed:
            return None
        leaving = Flight.objects.found(typed).filter(origin=self.shop.airport, phase__in=AT_GATE)
        found = leaving.filter(best_departure__gt=timezone.now()).select_related("airline").first()
        if found is None or not any(letter.isdigit() for letter in typed):
            words = {"airport": self.shop.airport}
            raise forms.ValidationError(
                _("We know no such flight that still leaves %(airport)s. Check its number.") % words
            )
        return found

    def clean(self) -> None:
        """A time is asked for where one gets it. The other field says nothing."""
        for way, name in WHEN.items():
            if way != self.cleaned_data.get("way"):
                self.errors.pop(name, None)

    @property
    def wanted(self) -> str:
        """For when it was asked for, as it was sent: SOON or a moment; "" before that, or if it is none."""
        data = getattr(self, "cleaned_data", {})
        return str(data.get(WHEN.get(data.get("way"), ""), ""))

    @property
    def wanted_at(self) -> datetime | None:
        return None if self.wanted == SOON else datetime.fromisoformat(self.wanted)

    def asked(self) -> dict[str, Any]:
        """What ``place`` is called with, after ``is_valid()``."""
        data = self.cleaned_data
        return {
            "customer": Customer(data["name"], data["email"], data["phone"], data["note"]),
            "way": data["way"],
            "flight": data["flight"],
            "gate": data["gate"] if data["way"] == Way.DELIVERY else "",
            "wanted_at": self.wanted_at,
            "accepted": data["accepted"],
        }
