"""The field of a form for an amount, as people write it: in units of the currency."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from money import Money

LARGEST = 10**8  # minor units: no price, fee or tax is more


class MoneyField(forms.CharField):
    """An amount of a currency; its value is whole minor units, None where nothing is written."""

    def __init__(self, currency: str, **options: Any) -> None:
        self.currency = currency
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_length=20, **options)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return minor_units(text, self.currency) if text else None

    def run_validators(self, value: Any) -> None:
        """Not those of texts."""

    def prepare_value(self, value: Any) -> Any:
        return Money(value, self.currency).number() if isinstance(value, int) else value


def minor_units(text: str, currency: str) -> int:
    """What somebody typed, as minor units. Raises ValidationError with a sentence."""
    try:
        amount = Money.parse(text, currency).amount
    except ValueError as error:
        raise forms.ValidationError(str(error)) from error
    if not 0 <= amount <= LARGEST:
        words = {"most": Money(LARGEST, currency)}
        raise forms.ValidationError(_("Write an amount from nothing to %(most)s.") % words)
    return amount
