"""Fields of hosts' forms."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.restaurants.hosts.tables import tables_of
from bookings.restaurants.models.venue import LARGEST_PARTY


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self):
        super().__init__(attrs={"step": 900}, format="%H:%M")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class QuarterInput(TimeInput):
    """What is typed, or the nearer time whose button was pressed."""

    def value_from_datadict(self, data, files, name):
        return data.get("at") or super().value_from_datadict(data, files, name)


class TablesInput(forms.Select):
    """What is chosen, or the next best whose button was pressed."""

    def value_from_datadict(self, data, files, name):
        return data.get("instead") or super().value_from_datadict(data, files, name)


class QuarterField(forms.TimeField):
    """A time at which guests may come."""

    widget = QuarterInput
    default_error_messages = {"invalid": gettext_lazy("Write a time, such as 18:15.")}

    def __init__(self):
        super().__init__(label=gettext_lazy("Time"))

    def clean(self, value):
        at = super().clean(value)
        if at.minute % 15 or at.second:
            raise forms.ValidationError(_("Write a full quarter of an hour, such as 18:15."))
        return at


class TablesField(forms.ChoiceField):
    """Tables as ``12-13``: it offers those that are free, and takes any of the restaurant, since who is first decides."""

    widget = TablesInput

    def valid_value(self, value):
        return True


def guests(**options):
    """A field for how many guests."""
    return forms.IntegerField(
        label=gettext_lazy("Guests"),
        min_value=1,
        max_value=LARGEST_PARTY,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **options,
    )


def best_of(offers):
    return next((offer for offer in offers if offer.fits), None)


def choices(offers):
    """Free tables as choices: the best fit by itself, then the others that fit, then those of another size."""
    fitting = [(offer.value, offer.words) for offer in offers if offer.fits]
    others = [(offer.value, offer.words) for offer in offers if not offer.fits]
    groups = [(_("Best fit"), fitting[:1]), (_("Fit too"), fitting[1:]), (_("Of another size"), others)]
    return [group for group in groups if group[1]]


def known_tables(restaurant, value):
    tables = tables_of(restaurant, value)
    if tables is None:
        raise forms.ValidationError(_("There is no such table. Choose one of the list."))
    return tables
