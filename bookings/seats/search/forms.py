"""The search, as it stands in an address: from, to, day, travellers, cabin, filters and order."""

import datetime
from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.seats.fares.quote import Party
from bookings.seats.layouts import Cabin
from bookings.seats.search.airports import AirlinesField, AirportField
from bookings.seats.search.itineraries import Place
from clocks import DAY
from once import OnceField
from pages.nav import home_airport
from whole_numbers import MOST, key_of, whole

MOST_TRAVELLERS = 9
DAYS_AHEAD = 330
TRAVELLERS = {"adults": 1, "children": 0, "infants_seated": 0, "infants_lap": 0}  # and how many there are at first

STOPS = [
    ("", gettext_lazy("Any")),
    ("0", gettext_lazy("Direct only")),
    ("1", gettext_lazy("With one stop only")),
]
DEPARTURES = [
    ("", gettext_lazy("Any time")),
    ("night", gettext_lazy("Before 6:00")),
    ("morning", gettext_lazy("6:00 to 12:00")),
    ("afternoon", gettext_lazy("12:00 to 18:00")),
    ("evening", gettext_lazy("After 18:00")),
]
HOURS = {"night": (0, 6), "morning": (6, 12), "afternoon": (12, 18), "evening": (18, 24)}
DEPARTURE, PRICE, DURATION = "departure", "price", "duration"
ORDERS = [
    (DEPARTURE, gettext_lazy("Departure")),
    (PRICE, gettext_lazy("Price")),
    (DURATION, gettext_lazy("Duration")),
]


class Asked(NamedTuple):
    """A search that makes sense."""

    origin: Place
    destination: Place
    day: datetime.date
    party: Party
    cabin: str
    stops: str = ""
    airlines: tuple[str, ...] = ()
    departs: str = ""
    max_price: int | None = None
    order: str = DEPARTURE


def count(label: Any, least: int = 0) -> forms.IntegerField:
    errors = {"min_value": gettext_lazy("At least one adult has to travel.")} if least else None
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=MOST_TRAVELLERS, widget=widget, error_messages=errors
    )


class SearchForm(forms.Form):
    """From a query string, which may leave out all but the destination. Without a query: from here, tomorrow, one adult."""

    to = AirportField(label=gettext_lazy("To"))
    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Choose a day.")},
    )
    adults = count(gettext_lazy("Adults"), 1)
    children = count(gettext_lazy("Children (2 to 13)"))
    infants_seated = count(gettext_lazy("Infants with a seat"))
    infants_lap = count(gettext_lazy("Infants on a lap"))
    cabin = forms.ChoiceField(label=gettext_lazy("Cabin"), choices=Cabin.choices)

    order = forms.ChoiceField(label=gettext_lazy("Order by"), choices=ORDERS)
    stops = forms.ChoiceField(label=gettext_lazy("Stops"), choices=STOPS, required=False)
    departs = forms.ChoiceField(label=gettext_lazy("Departure"), choices=DEPARTURES, required=False)
    max_price = forms.IntegerField(
        label=gettext_lazy("Highest price"),
        min_value=1,
        max_value=10**7,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    airlines = AirlinesField(label=gettext_lazy("Airlines"), required=False)

    field_order = ["from", "to", "day"]
    WHO = ("adults", "children", "infants_seated", "infants_lap")
    NARROW = ("order", "stops", "departs", "max_price")

    def __init__(self, query: Mapping[str, Any]) -> None:
        self.is_asked = bool(query.get("to") or query.get("from"))
        self.home = home_airport()
        today = self.home.today()
        start = {
            "from": settings.HOME_AIRPORT,
            "day": (today + DAY).isoformat(),
            "cabin": Cabin.ECONOMY,
            "order": DEPARTURE,
        }
        start |= {name: str(number) for name, number in TRAVELLERS.items()}
        given = {name: query[name] for name in [*start, *self.base_fields] if query.get(name)}
        given["airlines"] = self.base_fields["airlines"].widget.value_from_datadict(query, {}, "airlines")
        super().__init__(
            {**start, **given, "airlines": ",".join(given["airlines"])} if self.is_asked else None, initial=start
        )
        self.fields["from"] = AirportField(label=gettext_lazy("From"))
        self.order_fields(self.field_order)
        day = self.fields["day"].widget.attrs
        day |= {"min": today - DAY, "max": today + DAYS_AHEAD * DAY}

    def clean_day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["day"]
        origin = self.cleaned_data.get("from") or self.home
        if day < origin.today():
            raise forms.ValidationError(_("That day has passed."))
        if day > origin.today() + DAYS_AHEAD * DAY:
            raise forms.ValidationError(_("Choose a day within the next %(days)s days.") % {"days": DAYS_AHEAD})
        return day

    def clean(self) -> None:
        origin, destination = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if origin and origin == destination:
            self.add_error("to", _("Choose another airport than the one you leave from."))
        numbers = [self.cleaned_data.get(name) for name in self.WHO]
        if None in numbers:
            return
        if sum(numbers) > MOST_TRAVELLERS:
            at_most = _("At most %(most)s travellers can book together.") % {"most": MOST_TRAVELLERS}
            self.add_error("adults", at_most)
        if numbers[3] > numbers[0]:
            self.add_error("infants_lap", _("Each infant on a lap needs an adult of its own. Give others a seat."))

    @property
    def asked(self) -> Asked:
        """Only after ``is_valid()``."""
        found = self.cleaned_data
        return Asked(
            place_of(found["from"]),
            place_of(found["to"]),
            found["day"],
            Party(*(found[name] for name in self.WHO)),
            found["cabin"],
            found["stops"],
            tuple(sorted(found["airlines"])),
            found["departs"],
            found["max_price"],
            found["order"],
        )

    def asked_or_none(self) -> Asked | None:
        return self.asked if self.is_asked and self.is_valid() else None

    # What the page shows of it

    def who(self) -> list[Any]:
        return [self[name] for name in (*self.WHO, "cabin")]

    def narrow(self) -> list[Any]:
        return [self[name] for name in self.NARROW]

    @property
    def party_words(self) -> str:
        """Who travels, and in which cabin, on the line that folds these fields away."""
        if not self.is_bound or any(name in self.errors for name in (*self.WHO, "cabin")):
            return _("Travellers and cabin") if self.is_bound else f"{travellers_words(1)}, {Cabin.ECONOMY.label}"
        number = sum(self.cleaned_data[name] for name in self.WHO)
        return f"{travellers_words(number)}, {Cabin(self.cleaned_data['cabin']).label}"

    @property
    def is_narrowed(self) -> bool:
        """Whether filters or an order are chosen, or one of them is wrong."""
        chosen = [name for name in (*self.NARROW, "airlines") if self.data.get(name) not in (None, "", DEPARTURE)]
        return self.is_bound and bool(chosen)

    @property
    def errors_hide(self) -> bool:
        """Whether an error stands at a field that is folded away."""
        return any(name in self.errors for name in (*self.WHO, "cabin"))


def travellers_words(number: int) -> str:
    return ngettext("%(number)s traveller", "%(number)s travellers", number) % {"number": number}


def place_of(airport: Any) -> Place:
    return Place(airport.iata, airport.city, airport.country, airport.zone)


def query_of(asked: Asked) -> dict[str, str]:
    """The search as an address has it: the same words for the same search, whatever was typed."""
    numbers = dict(zip(SearchForm.WHO, asked.party, strict=True))
    query = {
        "from": asked.origin.iata,
        "to": asked.destination.iata,
        "day": asked.day.isoformat(),
        **{name: str(number) for name, number in numbers.items() if number != TRAVELLERS[name]},
        "cabin": "" if asked.cabin == Cabin.ECONOMY else asked.cabin,
        "stops": asked.stops,
        "airlines": ",".join(asked.airlines),
        "departs": asked.departs,
        "max_price": str(asked.max_price or ""),
        "order": "" if asked.order == DEPARTURE else asked.order,
    }
    return {name: value for name, value in query.items() if value}


class OfferForm(forms.Form):
    """A fare that somebody chose: the button's ``choice`` says flights, family and the price that was seen.

    Cleans to ``legs`` (keys of inventories), ``family``, ``cabin``, ``party``, ``total`` (minor units) and ``key``.
    Without a ``choice`` the first three are fields of their own: legs (with commas), family and total.
    """

    choice = forms.CharField(required=False, max_length=80)
    legs = forms.CharField(required=False, max_length=40)
    family = forms.SlugField(required=False, max_length=20)
    total = forms.IntegerField(required=False, min_value=0, max_value=MOST)
    cabin = forms.ChoiceField(choices=Cabin.choices)
    adults = count("", 1)
    children = count("")
    infants_seated = count("")
    infants_lap = count("")
    key = OnceField()

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if choice := found.get("choice"):
            legs, _slash, rest = choice.partition("/")
            family, _slash, total = rest.partition("/")
            found |= {"legs": legs, "family": family, "total": whole(total)}
        legs = [key_of(leg) for leg in str(found.get("legs") or "").split(",")]
        if None in legs or not found.get("family") or found.get("total") is None:
            raise forms.ValidationError(_("Choose a fare from the list."))
        found["legs"] = legs
        if all(name in found for name in TRAVELLERS):
            found["party"] = Party(*(found[name] for name in TRAVELLERS))
        return found
