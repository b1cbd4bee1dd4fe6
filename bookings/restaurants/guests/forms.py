"""The forms of guests: search, hold, book, change, transfer, waitlist and queue."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.restaurants.models import (
    Area,
    NotHere,
    Presence,
    QueueEntry,
    Refused,
    Reservation,
    Restaurant,
    TooMany,
    WaitlistEntry,
)
from bookings.restaurants.models.forecast import quote
from bookings.restaurants.models.room import check_online
from bookings.restaurants.models.slots import slot_of
from bookings.restaurants.models.venue import LARGEST_PARTY
from clocks import DAY, clock, day_words
from once import OnceField
from post.fields import NameField, your_email, your_name, your_phone
from strangers import Asker


class FindForm(forms.Form):
    """Party, day and area at one restaurant, from the query of an address. Without a query: two guests, today.

    ``but_for`` is a reservation that its guest wants to change: the form starts with its party and day.
    """

    party = forms.IntegerField(
        label=gettext_lazy("Guests"),
        min_value=1,
        max_value=LARGEST_PARTY,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    date = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Choose a day.")},
    )
    area = forms.ModelChoiceField(
        label=gettext_lazy("Where"), queryset=Area.objects.none(), required=False, empty_label=gettext_lazy("Anywhere")
    )

    def __init__(
        self, restaurant: Restaurant, query: Mapping[str, str] | None = None, but_for: Reservation | None = None
    ) -> None:
        self.restaurant = restaurant
        start = {"party": but_for.party, "date": but_for.day} if but_for else {"party": 2, "date": restaurant.today()}
        given = {name: query[name] for name in ("party", "date", "area") if query and query.get(name)}
        super().__init__({**{name: str(value) for name, value in start.items()}, **given})
        self.fields["area"].queryset = restaurant.areas.all()
        self.fields["date"].widget.attrs |= {"min": restaurant.today(), "max": restaurant.last_day()}
        if len(restaurant.table_plan.areas) < 2:
            del self.fields["area"]

    def clean_party(self) -> int:
        party: int = self.cleaned_data["party"]
        try:
            check_online(self.restaurant, party)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return party

    def clean_date(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["date"]
        if day < self.restaurant.today() - DAY:
            raise forms.ValidationError(_("That day has passed."))
        if day > (last := self.restaurant.last_day()):
            raise forms.ValidationError(_("Tables can be booked until %(day)s.") % {"day": day_words(last)})
        return day

    @property
    def asked(self) -> tuple[int, datetime.date, int | None]:
        """Party, day, and the key of an area or None. Only after ``is_valid()``."""
        area = self.cleaned_data.get("area")
        return self.cleaned_data["party"], self.cleaned_data["date"], area.pk if area else None


class AllForm(forms.Form):
    """Party and day at all restaurants. The limits of one restaurant show on its own page."""

    party = forms.IntegerField(label=gettext_lazy("Guests"), min_value=1, max_value=LARGEST_PARTY)
    date = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Choose a day.")},
    )

    def __init__(self, query: Mapping[str, str], today: datetime.date) -> None:
        self.today = today
        super().__init__({"party": query.get("party") or "2", "date": query.get("date") or today.isoformat()})

    @property
    def asked(self) -> tuple[int, datetime.date]:
        """Party and day; two guests and today if the query is not valid."""
        self.is_valid()
        return self.cleaned_data.get("party", 2), self.cleaned_data.get("date", self.today)


class SlotForm(forms.Form):
    """A time that a guest chose. ``key`` is the page's: choosing a time twice on one page makes one hold."""

    slot = forms.IntegerField(min_value=0, max_value=slot_of(datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)))
    party = forms.IntegerField(min_value=1, max_value=LARGEST_PARTY)
    area = forms.IntegerField(required=False)
    key = OnceField(required=False)

    @property
    def choice(self) -> list[Any]:
        """Slot, party, and the key of an area or None."""
        return [self.cleaned_data["slot"], self.cleaned_data["party"], self.cleaned_data["area"]]


class GuestForm(forms.Form):
    """The guest who books."""

    name = your_name(gettext_lazy("Name"))
    email = your_email(gettext_lazy("We send your booking there, with a link to change or cancel it."))
    phone = your_phone()
    allergies = forms.CharField(label=gettext_lazy("Allergies"), max_length=200, required=False)
    notes = forms.CharField(
        label=gettext_lazy("Anything we should know"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class TransferForm(forms.Form):
    """The guest who comes instead."""

    name = NameField(label=gettext_lazy("Their name"), max_length=80)
    email = forms.EmailField(
        max_length=254,
        label=gettext_lazy("Their e-mail"),
        help_text=gettext_lazy("They get a link of their own. Your link no longer works from then on."),
    )


class ContestNoShowForm(forms.Form):
    objection = forms.CharField(label=gettext_lazy("What happened?"), max_length=200)


class ChangeForm(SlotForm):
    """Another time or party for a booking, by its guest. ``do()`` raises Refused, with nothing changed."""

    def do(self, reservation: Reservation) -> None:
        reservation.rebook(*self.choice)


class WaitlistForm(forms.Form):
    """The earliest and latest time at which a party on the waitlist would come."""

    first = forms.TypedChoiceField(label=pgettext_lazy("a time", "From"), coerce=int)
    last = forms.TypedChoiceField(label=pgettext_lazy("a time", "To"), coerce=int)
    name = your_name(gettext_lazy("Name"))
    email = your_email(gettext_lazy("We write as soon as there is a table. It is then kept for you for 15 minutes."))
    key = OnceField()

    def __init__(
        self,
        restaurant: Restaurant,
        party: int,
        day: datetime.date,
        times: Iterable[Any],
        data: QueryDict | None = None,
    ) -> None:
        self.restaurant, self.party, self.day = restaurant, party, day
        super().__init__(data, auto_id="waitlist-%s")
        choices = [(time.slot, clock(time.at, restaurant.tz)) for time in times]
        self.fields["first"].choices = self.fields["last"].choices = choices
        if choices:
            self.initial |= {"first": choices[0][0], "last": choices[-1][0]}

    @property
    def has_times(self) -> bool:
        return bool(self.fields["first"].choices)

    def clean(self) -> None:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", _("Choose a time that is not before the first one."))

    def save(self, user: Any, asker: Asker) -> WaitlistEntry:
        """The new entry; if the form was sent before, the entry that it made then. Raises Refused."""
        join = WaitlistEntry.objects.join
        return join(self.restaurant, self.day, party=self.party, user=user, asker=asker, **self.cleaned_data)


class QueueForm(forms.Form):
    """A party at the door joins the queue from a phone, with the sign of presence that the restaurant asks for."""

    code = forms.CharField(
        label=gettext_lazy("Code from the card at the door"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Write the code. It is on the card at the door.")},
    )
    party = forms.IntegerField(label=gettext_lazy("Guests"), min_value=1, max_value=LARGEST_PARTY, initial=2)
    name = your_name(gettext_lazy("Name that we call"))
    email = your_email(gettext_lazy("We send a link there: you are in the queue once you have opened it."))
    phone = your_phone()
    key = OnceField()

    def __init__(self, restaurant: Restaurant, data: QueryDict | None = None, code: str = "") -> None:
        self.restaurant = restaurant
        super().__init__(data, initial={"code": code}, auto_id="queue-%s")
        if restaurant.presence != Presence.CODE:
            del self.fields["code"]
        if restaurant.presence != Presence.MAIL:
            del self.fields["email"]

    def clean_party(self) -> int:
        try:
            self.quoted = quote(self.restaurant, self.cleaned_data["party"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return int(self.cleaned_data["party"])

    def save(self, asker: Asker) -> QueueEntry | None:
        """The new entry with the wait that was quoted, or the one that this form or this browser has made before.

        None if it was refused: its errors say why.
        """
        join = QueueEntry.objects.join_from_phone
        try:
            return join(self.restaurant, minutes=self.quoted, asker=asker, **self.cleaned_data)
        except NotHere as refusal:
            self.add_error("code" if "code" in self.fields else None, str(refusal))
        except Refused as refusal:
            self.add_error(None, str(refusal))
            self.is_beyond_bound = isinstance(refusal, TooMany)
        return None

    is_beyond_bound = False
