"""What may be asked of a flight: one form for each verb of the desk, and the message of the delay socket."""

from datetime import datetime, timedelta

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tracking.flights.models import DELAY_REASONS, Airport, Flight

GROUPS = {
    "1": gettext_lazy("Passengers and baggage"),
    "2": gettext_lazy("Cargo and mail"),
    "3": gettext_lazy("Work on the ground"),
    "4": gettext_lazy("Technical"),
    "5": gettext_lazy("Damage and computers"),
    "6": gettext_lazy("Crew and flight plan"),
    "7": gettext_lazy("Weather"),
    "8": gettext_lazy("Traffic control and authorities"),
    "9": gettext_lazy("Late aircraft, and others"),
}


def reasons():
    """The reasons of IATA AHM 730 as choices, in the standard's own groups of ten."""
    groups = [
        (
            group,
            [(code, format_lazy("{} ({})", words, code)) for code, words in DELAY_REASONS.items() if code[0] == ten],
        )
        for ten, group in GROUPS.items()
    ]
    return [("", gettext_lazy("No reason given")), *groups]


class VerbForm(forms.Form):
    """One verb on one flight. ``seen`` is the revision that whoever fills it in has looked at."""

    verb = ""
    label = ""
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, flight, data=None):
        self.flight = flight
        super().__init__(data, initial={"seen": flight.revision, **self.start()}, auto_id=f"{self.verb}-%s")

    def start(self):
        """What stands in the fields to begin with."""
        return {}

    @property
    def address(self):
        return self.verb.replace("_", "-")

    @property
    def is_bare(self):
        """Whether it is a button alone."""
        return not self.visible_fields()

    def arguments(self):
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def do(self, by):
        """Do it. Raises Refused, or its Changed, with nothing done."""
        getattr(self.flight, self.verb)(**self.arguments(), by=by, seen=self.cleaned_data["seen"])


class ReasonForm(VerbForm):
    reason_code = forms.ChoiceField(label=gettext_lazy("Reason"), choices=reasons, required=False)


class OpenCheckIn(VerbForm):
    verb, label = "open_check_in", gettext_lazy("Open check-in")
    desks = forms.CharField(label=gettext_lazy("Desks"), max_length=20)

    def start(self):
        return {"desks": self.flight.desks}


class AssignGate(VerbForm):
    verb, label = "assign_gate", gettext_lazy("Assign gate")
    gate = forms.CharField(label=gettext_lazy("Gate"), max_length=6)
    terminal = forms.CharField(label=gettext_lazy("Terminal"), max_length=4, required=False)

    def start(self):
        return {"gate": self.flight.gate, "terminal": self.flight.terminal}

    def clean_gate(self):
        return self.cleaned_data["gate"].upper()

    def arguments(self):
        return {**super().arguments(), "terminal": self.cleaned_data["terminal"] or None}


class Delay(ReasonForm):
    """A new time, typed or so many minutes later than what is known: ``later`` is the value of the button pressed."""

    verb, label = "delay", gettext_lazy("Delay")
    LATER = (15, 30, 60)
    time = forms.TimeField(
        label=gettext_lazy("New time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Write a time, such as 18:10.")},
    )
    day = forms.DateField(
        label=gettext_lazy("Day, if another"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    field_order = ["seen", "time", "day", "reason_code"]

    def start(self):
        local = self.flight.best_departure.astimezone(self.flight.origin.tz)
        return {"time": local.time(), "reason_code": self.flight.delay_code}

    def clean(self):
        if self.errors:
            return
        if self.data.get("later") in map(str, self.LATER):
            self.until = self.flight.best_departure + timedelta(minutes=int(self.data["later"]))
        elif self.cleaned_data["time"] is None:
            self.add_error("time", _("Write a time, such as 18:10."))
        else:
            self.until = self.moment(self.cleaned_data["time"], self.cleaned_data["day"])
            if self.until <= self.flight.off_block_scheduled:
                scheduled = self.flight.off_block_scheduled.astimezone(self.flight.origin.tz)
                words = _("It is scheduled for %(time)s: a delay is later. To take one back, withdraw it.")
                self.add_error("time", words % {"time": scheduled.strftime("%H:%M")})

    def moment(self, time, day):
        """The time on the origin's clocks; without a day, the first such time after the schedule's day began it."""
        zone = self.flight.origin.tz
        scheduled = self.flight.off_block_scheduled.astimezone(zone)
        if day:
            return datetime.combine(day, time, zone)
        until = datetime.combine(scheduled.date(), time, zone)
        # 00:40 for a flight of 23:50 is the next day's; 16:00 for one of 16:45 is a slip, not a day's delay
        early = scheduled - until > timedelta(hours=12)
        return datetime.combine(scheduled.date() + timedelta(days=1), time, zone) if early else until

    def arguments(self):
        return {"until": self.until, "reason_code": self.cleaned_data["reason_code"]}


class WithdrawDelay(VerbForm):
    verb, label = "withdraw_delay", gettext_lazy("Withdraw the delay")


class Board(VerbForm):
    verb, label = "board", pgettext_lazy("verb", "Board")


class FinalCall(VerbForm):
    verb, label = "final_call", gettext_lazy("Final call")


class CloseGate(VerbForm):
    verb, label = "close_gate", gettext_lazy("Close gate")


class Depart(VerbForm):
    verb, label = "depart", gettext_lazy("Departed now")


class Land(VerbForm):
    verb, label = "land", gettext_lazy("Landed now")


class Arrive(VerbForm):
    verb, label = "arrive", gettext_lazy("At the gate now")


class Divert(VerbForm):
    verb, label = "divert", gettext_lazy("Divert")
    to = forms.ModelChoiceField(
        Airport.objects.all(),
        label=gettext_lazy("To airport"),
        widget=forms.TextInput(attrs={"maxlength": 3, "autocapitalize": "characters", "autocomplete": "off"}),
        help_text=gettext_lazy("Its three letters, such as PHL"),
        error_messages={"invalid_choice": gettext_lazy("There is no airport of these three letters.")},
    )

    def __init__(self, flight, data=None):
        if data is not None and "to" in data:
            data = data.copy()
            data["to"] = data["to"].strip().upper()
        super().__init__(flight, data)


class Cancel(ReasonForm):
    verb, label = "cancel", gettext_lazy("Cancel the flight")


class Reinstate(VerbForm):
    verb, label = "reinstate", gettext_lazy("Reinstate")


FORMS = {form.verb: form for form in VerbForm.__subclasses__() + ReasonForm.__subclasses__() if form.verb}


class MomentField(forms.Field):
    """A moment in ISO 8601 with its offset: without one it would be anybody's guess."""

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            moment = parse_datetime(value) if isinstance(value, str) else None
        except ValueError:
            moment = None
        if moment is None or is_naive(moment):
            raise forms.ValidationError(_("must be a time with its offset, such as 2026-11-21T18:10:00-05:00"))
        return moment


class DelayMessage(forms.Form):
    """A delay told over the socket: ``flight`` (its id), ``estimated_departure``, ``reason`` (may be left out)."""

    flight = forms.ModelChoiceField(
        Flight.objects.all(), error_messages={"invalid_choice": gettext_lazy("there is no such flight")}
    )
    estimated_departure = MomentField()
    reason = forms.ChoiceField(
        choices=lazy(lambda: [("", ""), *DELAY_REASONS.items()], list)(),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("must be a code of IATA AHM 730")},
    )

    def sentences(self):
        return [f"{name}: {' '.join(errors)}." for name, errors in self.errors.items()]

    def delay(self, by):
        """The flight, delayed. Raises Refused."""
        return self.cleaned_data["flight"].delay(
            self.cleaned_data["estimated_departure"], self.cleaned_data["reason"], by=by
        )
