"""The forms for parties that come now or call: a booking by telephone, and a walk-in."""

from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.restaurants.hosts.capacity import nearest_times, slot_at
from bookings.restaurants.hosts.forms.fields import DayField, QuarterField, TablesForm, guests_field
from bookings.restaurants.hosts.tables import TableOption, options_now, table_names
from bookings.restaurants.models import Closed, Full, Reservation, Restaurant, Table
from clocks import when
from once import OnceField
from post.fields import NameField
from verbs.forms import ActionForm
from verbs.refusals import Refused


class NewBooking(ActionForm):
    """A booking by telephone."""

    label, button, tone = gettext_lazy("New booking"), pgettext_lazy("verb", "Book"), "first"
    done_text = gettext_lazy("%(name)s is booked for %(time)s.")
    key = OnceField()
    date = DayField()
    time = QuarterField()
    party = guests_field()
    name = NameField(label=gettext_lazy("Name"), max_length=80)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    notes = forms.CharField(label=gettext_lazy("Notes"), max_length=400, required=False)
    allergies = forms.CharField(label=gettext_lazy("Allergies"), max_length=200, required=False)
    tables = forms.CharField(
        label=gettext_lazy("Tables"),
        required=False,
        help_text=gettext_lazy("Such as T3 or T3 + T4. Leave it empty for the best fit."),
        max_length=60,
    )

    def __init__(self, restaurant: Restaurant, data: Mapping[str, Any] | None = None, **initial: Any) -> None:
        self.restaurant = restaurant
        super().__init__(data, initial={"party": 2, **initial}, auto_id="new-%s")

    @property
    def action(self) -> str:
        return reverse("restaurants:book-new", args=[self.restaurant.slug])

    def clean_tables(self) -> list[Table]:
        names = self.cleaned_data["tables"].replace("+", " ").replace(",", " ").split()
        tables = list(Table.objects.filter(area__restaurant=self.restaurant, name__in=names).select_related("area"))
        if unknown := set(names) - {table.name for table in tables}:
            raise forms.ValidationError(_("There is no table %(names)s.") % {"names": ", ".join(sorted(unknown))})
        return tables

    @property
    def slot(self) -> int:
        return slot_at(self.restaurant, self.cleaned_data["date"], self.cleaned_data["time"])

    def do(self, by: Any) -> Reservation:
        fields = {name: value for name, value in self.cleaned_data.items() if name not in ("date", "time")}
        return Reservation.objects.book(self.restaurant, self.slot, by=by, **fields)

    def refuse(self, refusal: Refused) -> None:
        super().refuse(refusal)
        if isinstance(refusal, Closed | Full):
            self.alternatives = nearest_times(self.restaurant, self.slot, self.cleaned_data["party"])

    def words(self, result: Reservation) -> dict[str, Any]:
        return {**super().words(result), "time": when(result.starts_at, result.tz)}


class WalkIn(TablesForm):
    """A party without a booking, seated now at tables that are free."""

    label, button, tone = gettext_lazy("Walk-in"), gettext_lazy("Seat now"), "first"
    done_text = gettext_lazy("%(name)s was seated at %(tables)s.")
    key = OnceField()
    party = guests_field()
    name = NameField(label=gettext_lazy("Name"), max_length=80, required=False)
    field_order = ["party", "name", "tables"]

    def __init__(
        self, restaurant: Restaurant, party: int, data: Mapping[str, Any] | None = None, **initial: Any
    ) -> None:
        self.restaurant, self.party = restaurant, party
        super().__init__(data, initial={"party": party, **initial}, auto_id="walk-in-%s")

    @property
    def action(self) -> str:
        return reverse("restaurants:book-walk-in", args=[self.restaurant.slug])

    @cached_property
    def options(self) -> list[TableOption]:
        return options_now(self.restaurant, self.party)

    def do(self, by: Any) -> Reservation:
        return Reservation.objects.walk_in(self.restaurant, **self.cleaned_data, by=by)

    def again(self) -> Self:
        """The same form with the tables that are free now, after somebody else has taken one."""
        fresh = type(self)(self.restaurant, self.party, self.data)
        fresh.full_clean()
        return fresh

    def words(self, result: Reservation) -> dict[str, Any]:
        names = table_names(result.tables.all())
        return {**super().words(result), "tables": names}
