"""What hosts fill in: a booking by telephone, who is at the door, who waits, and what is closed."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.restaurants.hosts.capacity import nearest, slot_at
from bookings.restaurants.hosts.forms.fields import (
    DayInput,
    QuarterField,
    TablesField,
    best_of,
    choices,
    guests,
    known_tables,
)
from bookings.restaurants.hosts.tables import offers_now
from bookings.restaurants.models import Closed, Full, QueueEntry, Reservation, Service, Table
from bookings.restaurants.models.forecast import quote, quotes
from once import OnceField


class NewBooking(forms.Form):
    """A booking by telephone. The key makes one of it, however often it is sent."""

    key = OnceField()
    date = forms.DateField(label=gettext_lazy("Day"), widget=DayInput)
    time = QuarterField()
    party = guests()
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    notes = forms.CharField(label=gettext_lazy("Notes"), max_length=400, required=False)
    allergies = forms.CharField(label=gettext_lazy("Allergies"), max_length=200, required=False)
    tables = forms.CharField(
        label=gettext_lazy("Tables"),
        required=False,
        help_text=gettext_lazy("Such as T3 or T3 + T4; empty: the best fit"),
        max_length=60,
    )
    nearest = ()

    def __init__(self, restaurant, data=None, **start):
        self.restaurant = restaurant
        super().__init__(data, initial={"party": 2, **start}, auto_id="new-%s")

    def clean_tables(self):
        names = [name for name in self.cleaned_data["tables"].replace("+", " ").replace(",", " ").split() if name]
        tables = list(Table.objects.filter(area__restaurant=self.restaurant, name__in=names).select_related("area"))
        if unknown := set(names) - {table.name for table in tables}:
            raise forms.ValidationError(_("There is no table %(names)s.") % {"names": ", ".join(sorted(unknown))})
        return tables

    def do(self, by):
        """The Reservation. Raises Refused."""
        given = dict(self.cleaned_data)
        slot = slot_at(self.restaurant, given.pop("date"), given.pop("time"))
        party = given.pop("party")
        try:
            return Reservation.objects.book(self.restaurant, slot, party, by=by, **given)
        except (Closed, Full):
            self.nearest = nearest(self.restaurant, slot, party)
            raise


class SeatNowForm(forms.Form):
    """Something for so many guests at tables that are free now."""

    label = gettext_lazy("Seat")
    party = guests()
    tables = TablesField(label=gettext_lazy("Tables"))

    def __init__(self, restaurant, party, data=None, **start):
        self.restaurant, self.party = restaurant, party
        super().__init__(data, initial={"party": party, **start}, auto_id="door-%s")
        self.fields["tables"].choices = choices(self.offers)

    @cached_property
    def offers(self):
        return offers_now(self.restaurant, self.party)

    def look_again(self):
        """Somebody was first: offer what is free now, the next best as ``next_best``."""
        del self.offers
        self.fields["tables"].choices = choices(self.offers)
        self.next_best = best_of(self.offers)

    def clean_tables(self):
        return known_tables(self.restaurant, self.cleaned_data["tables"])


class WalkIn(SeatNowForm):
    """A party without a booking. The key makes one of it, however often it is sent."""

    key = OnceField()
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, required=False)
    field_order = ["party", "name", "tables"]

    def do(self, by):
        return Reservation.objects.walk_in(self.restaurant, **self.cleaned_data, by=by)


class SeatQueueEntry(SeatNowForm):
    """A party of the queue gets its table."""

    def __init__(self, entry, data=None):
        self.entry = entry
        super().__init__(entry.restaurant, entry.party, data)
        del self.fields["party"]

    def do(self, by):
        return self.entry.seat(self.cleaned_data["tables"], by=by).reservation


class JoinQueue(forms.Form):
    """A party that waits for a table now, and how long it is told that this takes."""

    key = OnceField()
    party = guests()
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    notes = forms.CharField(label=gettext_lazy("Notes"), max_length=200, required=False)
    quoted = forms.IntegerField(
        label=gettext_lazy("Quoted wait (min)"),
        required=False,
        min_value=0,
        max_value=300,
        help_text=gettext_lazy("Empty: what we expect now"),
    )

    def __init__(self, restaurant, data=None):
        self.restaurant = restaurant
        super().__init__(data, initial={"party": 2}, auto_id="queue-%s")

    @property
    def expected(self):
        """What parties of each size would be told now, ``{size: minutes}``; None where no table takes them."""
        return quotes(self.restaurant, range(1, 9))

    def do(self, by):
        """The QueueEntry. Raises Unfit for a size that no table takes."""
        asked = self.cleaned_data
        expected = quote(self.restaurant, asked["party"])
        minutes = expected if asked["quoted"] is None else asked["quoted"]
        return QueueEntry.objects.join(self.restaurant, minutes=minutes, by=by, **self.entry_fields())

    def entry_fields(self):
        return {name: self.cleaned_data[name] for name in ("party", "name", "phone", "notes", "key")}


class CloseForm(forms.Form):
    """A day, or one service of it."""

    date = forms.DateField(widget=forms.HiddenInput)
    service = forms.ModelChoiceField(
        Service.objects.none(), label=gettext_lazy("What"), required=False, empty_label=gettext_lazy("The whole day")
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason that guests read"), max_length=120, required=False, empty_value=""
    )

    def __init__(self, restaurant, data=None, **start):
        super().__init__(data, initial=start, auto_id="close-%s")
        self.restaurant = restaurant
        self.fields["service"].queryset = restaurant.services.all()

    def do(self, by):
        asked = self.cleaned_data
        return self.restaurant.close(asked["date"], asked["service"], asked["reason"], by=by)
