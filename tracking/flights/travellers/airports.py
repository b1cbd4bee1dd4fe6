"""Choosing an airport by its code."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracking.flights.models import Airport


class AirportField(forms.CharField):
    """The IATA code of an airport that is known, in capitals."""

    def __init__(self, **options: Any) -> None:
        usual = {"label": gettext_lazy("Airport"), "initial": settings.HOME_AIRPORT, "help_text": "JFK"}
        super().__init__(min_length=3, max_length=3, **{**usual, **options})

    def clean(self, value: Any) -> str:
        iata: str = super().clean(value).upper()
        if not Airport.objects.filter(iata=iata).exists():
            raise forms.ValidationError(_("There is no airport %(iata)s.") % {"iata": iata})
        return iata
