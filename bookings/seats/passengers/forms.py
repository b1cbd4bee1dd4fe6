"""The passenger form: names, contact, and the time of payment."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.seats.models.customer_verbs import Passenger
from post.fields import NameField, your_email, your_phone
from whole_numbers import MOST

NOW, LATER = "now", "later"


class PassengersForm(forms.Form):
    """``given-0``, ``surname-0`` and ``help-0`` of the first traveller, and so on. Any real name: one part of it is enough.

    ``accepted``: the total of the button that was pressed, in minor units.
    """

    email = your_email(gettext_lazy("We send your booking there, with a link to change or cancel it."))
    phone = your_phone(gettext_lazy("Only for news of your flight on the day."))
    pay = forms.ChoiceField(
        label=gettext_lazy("Payment"),
        choices=[(NOW, gettext_lazy("Pay now")), (LATER, gettext_lazy("Pay within 24 hours"))],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    accepted = forms.IntegerField(
        min_value=0, max_value=MOST, error_messages={"required": gettext_lazy("Press the button that names the price.")}
    )

    def __init__(self, booking: Any, data: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.travellers = list(booking.travellers.all())
        for traveller in self.travellers:
            self.add(traveller)
        if not booking.may_pay_later():
            del self.fields["pay"]

    def add(self, traveller: Any) -> None:
        number = traveller.position
        first = "section-passenger" if number == 0 else f"section-passenger-{number}"
        for name, label, hint in (
            ("given", _("Given names"), "given-name"),
            ("surname", _("Surname"), "family-name"),
        ):
            widget = forms.TextInput(attrs={"autocomplete": f"{first} {hint}", "autocapitalize": "words"})
            self.fields[f"{name}-{number}"] = NameField(label=label, max_length=60, required=False, widget=widget)
        if traveller.has_seat:
            label = _("Needs help on board or to get out in an emergency")
            self.fields[f"help-{number}"] = forms.BooleanField(label=label, required=False)

    def clean(self) -> None:
        for traveller in self.travellers:
            names = [f"given-{traveller.position}", f"surname-{traveller.position}"]
            if not any(self.cleaned_data.get(name) or name in self.errors for name in names):
                self.add_error(
                    names[1], _("Write the name as it is in the passport. One name is enough, if it is all.")
                )

    @property
    def passengers(self) -> Iterator[tuple[Any, list[Any]]]:
        """Each traveller with the fields of their name."""
        for traveller in self.travellers:
            names = (f"{name}-{traveller.position}" for name in ("given", "surname", "help"))
            yield traveller, [self[name] for name in names if name in self.fields]

    @property
    def typed(self) -> list[Passenger]:
        """Only after ``is_valid()``."""
        data = self.cleaned_data
        return [
            Passenger(
                *(data[f"{name}-{each.position}"] for name in ("given", "surname")),
                data.get(f"help-{each.position}", False),
            )
            for each in self.travellers
        ]

    @property
    def pays_later(self) -> bool:
        return self.cleaned_data.get("pay") == LATER

    def kept(self) -> dict[str, str]:
        """What was typed, for the form of another hold."""
        return {name: str(self.data[name])[:254] for name in self.fields if self.data.get(name) and name != "accepted"}
