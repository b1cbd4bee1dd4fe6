"""Choosing an airport by its code, its city or its name, and the list to choose from."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.cache import cache
from django.db.models import Q
from django.utils.translation import gettext as _

from tracking.flights.models import Airport, Flight

MOST = 400  # airports in the list
KEPT = 300  # seconds
LONGEST = 40  # characters that are looked up


class NoAirport(ValueError):
    """A text that names no airport, or several. Its message is a sentence for who typed it."""


def airport_of(text: str) -> Airport:
    """“JFK”, “Boston”, “New York JFK” or a part of the name. Raises NoAirport."""
    words = text.strip()[:LONGEST]
    code = words[-3:].upper() if len(words) == 3 or words[-4:-3] == " " else ""
    if airport := Airport.objects.filter(pk=code).first():
        return airport
    for where in (Q(city__iexact=words), Q(name__icontains=words)):
        found = list(Airport.objects.filter(where)[:5]) if len(words) > 2 else []
        if len(found) == 1:
            return found[0]
        if found:
            codes = ", ".join(airport.iata for airport in found)
            raise NoAirport(
                _("“%(text)s” has several airports: %(codes)s. Choose one.") % {"text": words, "codes": codes}
            )
    raise NoAirport(_("We know no airport “%(text)s”. Choose one from the list.") % {"text": words})


def offered() -> list[tuple[str, str]]:
    """(what is typed, name) of the airports that flights for sale leave from or go to, by city."""

    def read() -> list[tuple[str, str]]:
        # Asked of each airport of the world whether it has such a flight, a database takes minutes.
        on_sale = Flight.objects.filter(inventory__isnull=False).order_by()
        codes = {*on_sale.values_list("origin", flat=True).distinct()}
        codes |= {*on_sale.values_list("destination", flat=True).distinct()}
        return [(str(airport), airport.name) for airport in Airport.objects.filter(pk__in=codes)[:MOST]]

    found: list[tuple[str, str]] = cache.get_or_set("flight-search-airports", read, KEPT)
    return found


class AirportsInput(forms.TextInput):
    """A text field with a list of airports below it (templates/seats/search/page.html)."""

    def __init__(self) -> None:
        attrs = {"list": "airports", "autocomplete": "off", "spellcheck": "false", "maxlength": LONGEST}
        super().__init__(attrs)


class AirportField(forms.CharField):
    """Cleans to an Airport."""

    widget = AirportsInput

    def clean(self, value: Any) -> Airport:
        text = super().clean(value)
        try:
            return airport_of(text)
        except NoAirport as fault:
            raise forms.ValidationError(str(fault)) from None


class CodesInput(forms.CheckboxSelectMultiple):
    """Boxes to tick. Their values stand in an address one by one, or in one value with commas."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given: Iterable[str] = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        return [code for value in given for code in value.split(",") if code]


class AirlinesField(forms.MultipleChoiceField):
    """Codes of airlines; which ones can be chosen is known only after the search."""

    widget = CodesInput
    MOST = 10

    def validate(self, value: list[str]) -> None:
        if len(value) > self.MOST or not all(code.isalnum() and len(code) <= 3 for code in value):
            raise forms.ValidationError(_("Choose airlines from the list."))
