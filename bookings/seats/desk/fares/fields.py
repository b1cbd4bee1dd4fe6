"""Fields for shares, as people write them: in per cent."""

from decimal import Decimal
from typing import Any

from django import forms

from bookings.seats.fares.shares import WHOLE
from bookings.seats.fares.terms import percent

CLOSED = "x"  # written where a fare is not sold


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
