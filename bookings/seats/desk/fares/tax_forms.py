"""The forms of taxes: a new one, what one is, and a new rate from a day on."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.seats.desk.fares.fields import PercentField
from bookings.seats.fares.taxes import Dated, Reach, TaxKind, TaxRule
from bookings.seats.fares.terms import percent
from bookings.seats.models import Tax
from money import Money
from money_fields import minor_units
from tracking.flights.models import Airport
from verbs.forms import ActionForm, VerbForm, by_verb

MOST_TIMES = 20


def day_field(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def amount_of(text: str, kind: str, currency: str) -> int:
    """What was written for a tax of this kind. Raises ValidationError."""
    return int(PercentField().clean(text)) if kind == TaxKind.FARE else minor_units(text, currency)


def text_of(tax: Tax) -> str:
    """A tax's amount as its field has it."""
    return percent(tax.amount) if tax.kind == TaxKind.FARE else Money(tax.amount, tax.currency).number()


class TaxFields(forms.Form):
    """What a tax is. ``amount`` is per cent where it is a share of the fare, else an amount of the currency."""

    currency = ""

    code = forms.RegexField(r"^[A-Z0-9]{2,4}$", label=_("Code"), max_length=4, help_text=_("Such as US or XF."))
    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(label=_("Counted by"), choices=TaxKind.choices)
    amount = forms.CharField(label=_("Amount, or per cent of the fare"), max_length=20)
    country = forms.RegexField(r"^[A-Z]{2}$", label=_("Country of departure"), max_length=2, required=False)
    airport = forms.CharField(
        label=_("Airport of departure"),
        max_length=3,
        required=False,
        help_text=_("There it takes the place of the country’s tax with the same code."),
    )
    reach = forms.ChoiceField(label=_("Due on"), choices=Reach.choices)
    dated = forms.ChoiceField(
        label=_("Its days are"),
        choices=Dated.choices,
        help_text=_("Which day must be between the first and the last one: the law of each tax says it."),
    )
    valid_from = day_field(_("First day"), required=False)
    valid_to = day_field(_("Last day"), required=False)
    most = forms.IntegerField(
        label=_("At most so often in one direction"), min_value=0, max_value=MOST_TIMES, help_text=_("0 for no limit.")
    )
    for_lap_infants = forms.BooleanField(label=_("Infants on a lap pay it too"), required=False)

    def clean_airport(self) -> str:
        code: str = self.cleaned_data["airport"].upper()
        if code and not Airport.objects.filter(pk=code).exists():
            raise forms.ValidationError(_("There is no such airport."))
        return code

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if "amount" in values and "kind" in values:
            try:
                values["amount"] = amount_of(values["amount"], values["kind"], self.currency)
            except forms.ValidationError as error:
                self.add_error("amount", error)
        return values

    @property
    def rule(self) -> TaxRule:
        return TaxRule(**{name: self.cleaned_data[name] for name in TaxRule._fields})


class NewTax(TaxFields, ActionForm):
    label, button, tone = _("New tax"), _("Add the tax"), "first"
    done_text = _("Added: %(name)s.")

    def __init__(self, currency: str, data: Any = None) -> None:
        self.currency = currency
        super().__init__(data, initial={"most": 0, "dated": Dated.TRAVEL}, auto_id="add-%s")

    @property
    def action(self) -> str:
        return reverse("seats:add-tax")

    def do(self, by: Any) -> Tax:
        return Tax.objects.add(self.rule, self.currency, by=by)


class TaxForm(VerbForm):
    @property
    def action(self) -> str:
        return reverse("seats:change-tax", args=[self.instance.pk, self.slug])


class NewRate(TaxForm):
    """The tax as it is until the day before, and at another rate from that day on."""

    verb, label, button, tone = "change_rate", _("New rate"), _("Charge the new rate"), "first"
    done_text = _("Saved. The former rate ends the day before.")

    amount = forms.CharField(label=_("Amount, or per cent of the fare"), max_length=20)
    since = day_field(_("First day"))

    def clean_amount(self) -> int:
        return amount_of(self.cleaned_data["amount"], self.instance.kind, self.instance.currency)


class Revise(TaxFields, TaxForm):
    verb, label, button, folds = "revise", _("Correct this tax"), _("Save"), True
    done_text = _("Saved. What is booked keeps its price.")

    def __init__(self, instance: Any, data: Any = None) -> None:
        self.currency = instance.currency
        super().__init__(instance, data)

    def start(self) -> dict[str, Any]:
        return {**self.instance.rule()._asdict(), "amount": text_of(self.instance)}

    def arguments(self) -> dict[str, Any]:
        return {"rule": self.rule}


FORMS = by_verb([NewRate, Revise])
