"""Fields for amounts and shares, as people write them: amounts in units of the currency, shares in per cent."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from bookings.seats.fares.shares import WHOLE
from bookings.seats.fares.terms import percent
from money import Money

LARGEST = 10**8  # minor units: no fare, fee or tax is more
CLOSED = "x"  # written where a fare is not sold


class MoneyField(forms.CharField):
    """An amount of a currency; its value is whole minor units, None where nothing is written."""

    def __init__(self, currency: str, **options: Any) -> None:
        self.currency = currency
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_length=20, **options)

    def to_python(self, value: Any) -> int | None:
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


class PercentField(forms.DecimalField):
    """A share in per cent; its value is whole basis points, None where nothing is written. ``most``: basis points."""

    def __init__(self, most: int = WHOLE, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        most_percent = Decimal(most).scaleb(-2)
        super().__init__(min_value=0, max_value=most_percent, decimal_places=2, localize=True, **options)

    def clean(self, value: Any) -> Any:
        share: Decimal | None = super().clean(value)
        return None if share is None else int(share.scaleb(2))

    def prepare_value(self, value: Any) -> Any:
        return percent(value) if isinstance(value, int) else value


class StepField(PercentField):
    """The part of a price, or CLOSED where a fare is not sold any more."""

    def clean(self, value: Any) -> Any:
        typed = str(value or "").strip().lower()
        return CLOSED if typed == CLOSED else super().clean(value)
