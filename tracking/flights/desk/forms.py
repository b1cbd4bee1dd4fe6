"""The forms of the flight desk, one for each verb."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

import clocks
from tracking.flights.models import Airport, Flight
from tracking.flights.models.reasons import reason_choices
from tracking.flights.models.times import is_in_range
from verbs.forms import VerbForm, by_verb


def delays() -> list[Any]:
    return [(minutes, _("+%(minutes)s min") % {"minutes": minutes}) for minutes in (15, 30, 60)]


class FlightForm(VerbForm):
    instance: Flight

    @property
    def action(self) -> str:
        return reverse("flights:change", args=[self.instance.pk, self.slug])


class ReasonForm(FlightForm):
    reason_code = forms.ChoiceField(label=gettext_lazy("Reason"), choices=reason_choices, required=False)


class OpenCheckIn(FlightForm):
    verb, label = "open_check_in", gettext_lazy("Open check-in")
    desks = forms.CharField(label=gettext_lazy("Desks"), max_length=20)

    def start(self) -> dict[str, Any]:
        return {"desks": self.instance.desks}


class AssignGate(FlightForm):
    verb, label = "assign_gate", gettext_lazy("Assign gate")
    gate = forms.CharField(label=gettext_lazy("Gate"), max_length=6)
    terminal = forms.CharField(label=gettext_lazy("Terminal"), max_length=4, required=False)

    def start(self) -> dict[str, Any]:
        return {"gate": self.instance.gate, "terminal": self.instance.terminal}

    def clean_gate(self) -> str:
        return self.cleaned_data["gate"].upper()

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "terminal": self.cleaned_data["terminal"] or None}


class Delay(ReasonForm):
    """A new departure time: typed, or some minutes after the best known one (``later``, a button)."""

    verb, label, button_field = "delay", gettext_lazy("Delay"), "later"
    time = forms.TimeField(
        label=gettext_lazy("New time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Write a time, such as 18:10.")},
    )
    day = forms.DateField(
        label=gettext_lazy("Day, if another"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    later = forms.TypedChoiceField(
        label=gettext_lazy("Or later by"),
        choices=delays,
        coerce=int,
        empty_value=None,
        required=False,
    )
    field_order = ["seen", "time", "day", "reason_code", "later"]

    def start(self) -> dict[str, Any]:
        local = self.instance.best_departure.astimezone(self.instance.origin.tz)
        return {"time": local.time(), "reason_code": self.instance.delay_code}

    def clean(self) -> None:
        if self.errors:
            return
        if self.cleaned_data["later"]:
            self.until = self.instance.best_departure + datetime.timedelta(minutes=self.cleaned_data["later"])
        elif self.cleaned_data["time"] is None:
            self.add_error("time", _("Write a time, such as 18:10."))
        else:
            self.until = self.moment(self.cleaned_data["time"], self.cleaned_data["day"])
            if not is_in_range(self.until):
                self.add_error("day", _("This is no day of a flight."))
            elif self.until <= self.instance.off_block_scheduled:
                scheduled = clocks.clock(self.instance.off_block_scheduled, self.instance.origin.tz)
                words = _("It is scheduled for %(time)s, and a delay is later. To end a delay, withdraw it.")
                self.add_error("time", words % {"time": scheduled})

    def moment(self, clock: datetime.time, day: datetime.date | None) -> datetime.datetime:
        """The time at the origin; without a day, on the scheduled day or, for a flight around midnight, the next."""
        zone = self.instance.origin.tz
        scheduled = self.instance.off_block_scheduled.astimezone(zone)
        if day:
            return datetime.datetime.combine(day, clock, zone)
        until = datetime.datetime.combine(scheduled.date(), clock, zone)
        # 00:40 for a flight of 23:50 is the next day's; 16:00 for one of 16:45 is a slip, not a day's delay
        early = scheduled - until > datetime.timedelta(hours=12)
        return datetime.datetime.combine(scheduled.date() + datetime.timedelta(days=1), clock, zone) if early else until

    def arguments(self) -> dict[str, Any]:
        return {"until": self.until, "reason_code": self.cleaned_data["reason_code"]}


class WithdrawDelay(FlightForm):
    verb, label = "withdraw_delay", gettext_lazy("Withdraw the delay")

    @classmethod
    def suits(cls, instance: Flight) -> bool:
        return instance.off_block_estimated is not None


class Board(FlightForm):
    verb, label = "board", pgettext_lazy("verb", "Board")


class FinalCall(FlightForm):
    verb, label = "final_call", gettext_lazy("Final call")


class CloseGate(FlightForm):
    verb, label = "close_gate", gettext_lazy("Close gate")


class Depart(FlightForm):
    verb, label = "depart", gettext_lazy("Departed now")


class Land(FlightForm):
    verb, label = "land", gettext_lazy("Landed now")


class Arrive(FlightForm):
    verb, label = "arrive", gettext_lazy("At the gate now")


class Divert(FlightForm):
    verb, label = "divert", gettext_lazy("Divert")
    to = forms.ModelChoiceField(
        Airport.objects.all(),
        label=gettext_lazy("To airport"),
        widget=forms.TextInput(attrs={"maxlength": 3, "autocapitalize": "characters", "autocomplete": "off"}),
        help_text=gettext_lazy("Its three letters, such as PHL"),
        error_messages={"invalid_choice": gettext_lazy("There is no airport with this code.")},
    )

    def __init__(self, instance: Flight, data: Mapping[str, Any] | None = None) -> None:
        if data is not None and "to" in data:
            data = data.copy()  # type: ignore[attr-defined]
            data["to"] = data["to"].strip().upper()
        super().__init__(instance, data)


class Cancel(ReasonForm):
    verb, label, tone = "cancel", gettext_lazy("Cancel the flight"), "bad"


class Reinstate(FlightForm):
    verb, label = "reinstate", gettext_lazy("Reinstate")


FORMS = by_verb(
    [
        *(OpenCheckIn, AssignGate, Delay, WithdrawDelay, Board, FinalCall, CloseGate),
        *(Depart, Land, Arrive, Divert, Cancel, Reinstate),
    ]
)
