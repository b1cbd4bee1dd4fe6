"""What screens can show of flights."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screens.contents import Content, Settings, register
from tracking.flights.kiosk.regions import KioskBoard
from tracking.flights.travellers.airports import AirportField
from tracking.flights.travellers.gates import check_gates
from tracking.flights.travellers.regions import HOURS

FILTERS = ("terminal", "airline", "gates", "hours")


class BoardForm(forms.Form):
    """Its cleaned data are the settings of a screen."""

    leg = forms.ChoiceField(
        label=gettext_lazy("Shows"),
        choices=[("departures", gettext_lazy("Departures")), ("arrivals", gettext_lazy("Arrivals"))],
    )
    iata = AirportField()
    terminal = forms.CharField(label=gettext_lazy("Terminal"), max_length=4, required=False)
    airline = forms.RegexField(
        label=gettext_lazy("Airlines"),
        regex=r"^\s*([A-Za-z0-9]{2}\s*,?\s*)*$",
        max_length=40,
        required=False,
        help_text=gettext_lazy("Their codes, such as DL, AF. Empty: all."),
    )
    gates = forms.CharField(
        label=gettext_lazy("Gates"),
        max_length=40,
        required=False,
        validators=[check_gates],
        help_text=gettext_lazy("Such as B1-B12, C3. Empty: all."),
    )
    hours = forms.TypedChoiceField(
        label=gettext_lazy("Hours ahead"),
        choices=[(hours, hours) for hours in sorted(HOURS)],
        coerce=int,
        initial=HOURS[0],
        required=False,
        empty_value=HOURS[0],
    )

    def clean_airline(self) -> str:
        return ",".join(self.cleaned_data["airline"].upper().replace(",", " ").split())


def filters_of(chosen: Settings) -> dict[str, str]:
    return {name: str(value) for name in FILTERS if (value := chosen.get(name))}


def board_of(chosen: Settings, languages: Sequence[str]) -> KioskBoard:
    query = {**filters_of(chosen), "languages": "-".join(languages)}
    return KioskBoard(query=query, language=languages[0], iata=chosen["iata"], leg=chosen["leg"])


def page_of(chosen: Settings) -> str:
    """The same board for one's phone."""
    address = reverse(f"flights:{chosen['leg']}", args=[chosen["iata"]])
    filters = filters_of(chosen)
    return f"{address}?{urlencode(filters)}" if filters else address


def title_of(chosen: Settings) -> str:
    words: list[Any] = [_("Departures") if chosen["leg"] == "departures" else _("Arrivals"), chosen["iata"]]
    if terminal := chosen.get("terminal"):
        words.append(_("terminal %(terminal)s") % {"terminal": terminal})
    if airline := chosen.get("airline"):
        words.append(airline.replace(",", ", "))
    if gates := chosen.get("gates"):
        words.append(_("gates %(gates)s") % {"gates": gates})
    return ", ".join([f"{words[0]} {words[1]}", *words[2:]])


register(Content("flights", gettext_lazy("Flights"), BoardForm, board_of, page_of, title_of))
