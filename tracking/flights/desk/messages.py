"""The message that the delay socket takes."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.functional import lazy
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracking.flights.models import DELAY_REASONS, Flight


class MomentField(forms.Field):
    """A moment in ISO 8601 with its offset: without the offset it would be ambiguous."""

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            moment = parse_datetime(value) if isinstance(value, str) else None
            if moment:
                moment.astimezone(UTC)  # not so for the last hours of the year 9999
        except (ValueError, OverflowError):
            moment = None
        if moment is None or is_naive(moment):
            raise forms.ValidationError(_("must be a time with its offset, such as 2026-11-21T18:10:00-05:00"))
        return moment


class DelayMessage(forms.Form):
    """``flight`` (its id), ``estimated_departure`` and, if known, ``reason`` (a code of IATA AHM 730)."""

    flight = forms.ModelChoiceField(
        Flight.objects.all(), error_messages={"invalid_choice": gettext_lazy("there is no such flight")}
    )
    estimated_departure = MomentField()
    reason = forms.ChoiceField(
        choices=lazy(lambda: [("", ""), *DELAY_REASONS.items()], list)(),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("must be a code of IATA AHM 730")},
    )

    def sentences(self) -> list[str]:
        """What is wrong with it, a sentence for each field."""
        return [f"{name}: {' '.join(errors).rstrip('.')}." for name, errors in self.errors.items()]

    def delay(self, by: Any) -> Flight:
        """Delay the flight, and return it. Raises Refused."""
        return self.cleaned_data["flight"].delay(
            self.cleaned_data["estimated_departure"], self.cleaned_data["reason"], by=by
        )
