"""Fields that several of the hosts' forms have."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.restaurants.hosts.tables import TableOption, tables_of
from bookings.restaurants.models import Restaurant, Table, Taken
from bookings.restaurants.models.venue import LARGEST_PARTY
from verbs.forms import ActionForm, Alternative, Words
from verbs.refusals import Refused


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(attrs={"step": 900}, format="%H:%M")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day of this century: far ones have no time that can be counted with."""

    widget = DayInput

    def __init__(self) -> None:
        super().__init__(label=gettext_lazy("Day"))

    def clean(self, value: Any) -> date:
        day: date = super().clean(value)
        if not 2000 <= day.year < 2100:
            raise forms.ValidationError(_("Write a day of this century."))
        return day


class QuarterInput(TimeInput):
    """The time that was typed, or that of the button that was pressed."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data.get("at") or super().value_from_datadict(data, files, name)


class TablesInput(forms.Select):
    """The tables that were chosen, or those of the button that was pressed."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data.get("instead") or super().value_from_datadict(data, files, name)


class QuarterField(forms.TimeField):
    """A time at which guests may come: a full quarter of an hour."""

    widget = QuarterInput
    default_error_messages = {"invalid": gettext_lazy("Write a time, such as 18:15.")}

    def __init__(self) -> None:
        super().__init__(label=gettext_lazy("Time"))

    def clean(self, value: Any) -> time:
        at = super().clean(value)
        if at.minute % 15 or at.second:
            raise forms.ValidationError(_("Write a full quarter of an hour, such as 18:15."))
        return at


class TablesField(forms.ChoiceField):
    """Tables as ``12-13``. It accepts all tables of the restaurant: the verb decides whether they are still free."""

    widget = TablesInput

    def valid_value(self, value: str) -> bool:
        return True


def guests_field(**options: Any) -> forms.IntegerField:
    """A field for the number of guests."""
    return forms.IntegerField(
        label=gettext_lazy("Guests"),
        min_value=1,
        max_value=LARGEST_PARTY,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "min_value": gettext_lazy("At least one guest."),
            "max_value": gettext_lazy("At most %(limit_value)s guests."),
        },
        **options,
    )


class TablesForm(ActionForm):
    """A form that gives tables to a party. If another host was faster, it offers the next best tables.

    A subclass has ``restaurant``, and says the ``options``.
    """

    tables = TablesField(label=gettext_lazy("Tables"))
    restaurant: Restaurant

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tables"].choices = self.choices()

    @cached_property
    def options(self) -> list[TableOption]:
        """The tables that are free, the best first."""
        raise NotImplementedError(f"{type(self).__name__} needs options")

    def choices(self) -> list[Any]:
        return table_choices(self.options)

    def clean_tables(self) -> Any:
        return known_tables(self.restaurant, self.cleaned_data["tables"])

    def refuse(self, refusal: Refused) -> None:
        super().refuse(refusal)
        if isinstance(refusal, Taken) and (best := next((option for option in self.options if option.fits), None)):
            label: Words = _("%(verb)s: %(tables)s") % {"verb": self.label, "tables": best.label}
            self.alternatives = [Alternative("instead", best.value, label)]


def table_choices(options: list[TableOption]) -> list[Any]:
    """Free tables as choices: the best fit by itself, then the others that fit, then other sizes."""
    fitting = [(option.value, option.label) for option in options if option.fits]
    others = [(option.value, option.label) for option in options if not option.fits]
    groups = [(_("Best fit"), fitting[:1]), (_("Also fit"), fitting[1:]), (_("Other sizes"), others)]
    return [group for group in groups if group[1]]


def known_tables(restaurant: Restaurant, value: str) -> list[Table]:
    tables = tables_of(restaurant, value)
    if tables is None:
        raise forms.ValidationError(_("There is no such table. Choose one from the list."))
    return tables
