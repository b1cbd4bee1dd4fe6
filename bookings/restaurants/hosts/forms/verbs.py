"""What hosts may ask of a reservation: one form for each verb."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.restaurants.hosts.capacity import nearest, room_to_change, slot_at
from bookings.restaurants.hosts.forms.fields import (
    DayInput,
    QuarterField,
    TablesField,
    best_of,
    choices,
    guests,
    known_tables,
)
from bookings.restaurants.hosts.tables import offers_for
from bookings.restaurants.models import Closed, Full, Stage, State


class VerbForm(forms.Form):
    """One verb on one reservation. ``seen`` is the revision that whoever fills it in has looked at."""

    verb = label = button = ""
    tone = ""
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, reservation, data=None):
        self.reservation = reservation
        start = {"seen": reservation.revision, **self.start(reservation)}
        super().__init__(data, initial=start, auto_id=f"{self.verb}-%s")

    def start(self, reservation):
        """What stands in the fields to begin with."""
        return {}

    @classmethod
    def suits(cls, reservation):
        """Whether it makes sense now, of a verb that is legal."""
        return True

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
        """Do it. Raises Refused, or its Changed or Taken, with nothing done."""
        getattr(self.reservation, self.verb)(**self.arguments(), by=by, seen=self.cleaned_data["seen"])


class TablesForm(VerbForm):
    """A verb that gives tables."""

    tables = TablesField(label=gettext_lazy("Tables"))

    def __init__(self, reservation, data=None):
        super().__init__(reservation, data)
        self.fields["tables"].choices = self.choices

    @cached_property
    def offers(self):
        return offers_for(self.reservation, self.verb)

    @property
    def choices(self):
        return choices(self.offers)

    def look_again(self):
        """Somebody was first: offer the next best as ``next_best``."""
        self.next_best = best_of(self.offers)

    def clean_tables(self):
        return known_tables(self.reservation.restaurant, self.cleaned_data["tables"])


EARLY = timedelta(hours=3)  # before its time that a party may come: until then there is no button for it


class Arrive(VerbForm):
    verb, label = "arrive", pgettext_lazy("verb", "Arrived")
    tone = "first"

    @classmethod
    def suits(cls, reservation):
        return reservation.starts_at - timezone.now() <= EARLY


class Seat(TablesForm):
    """At its own tables, which stand first in the list, or at others."""

    verb, label = "seat", gettext_lazy("Seat")
    tone = "first"
    suits = Arrive.suits

    @property
    def choices(self):
        own = sorted(self.reservation.tables.all(), key=lambda table: table.name)
        names = " + ".join(table.name for table in own)
        return [("", _("%(tables)s, its own") % {"tables": names}), *super().choices] if own else super().choices

    def __init__(self, reservation, data=None):
        super().__init__(reservation, data)
        self.fields["tables"].required = False

    def clean_tables(self):
        return super().clean_tables() if self.cleaned_data["tables"] else None


class Move(TablesForm):
    verb, label = "move", gettext_lazy("Move")


class Join(TablesForm):
    verb, label = "join", gettext_lazy("Join a table")


class Split(TablesForm):
    verb, label = "split", pgettext_lazy("verb", "Split")
    guests = guests(help_text=gettext_lazy("so many of them sit elsewhere"))
    field_order = ["seen", "guests", "tables"]

    @classmethod
    def suits(cls, reservation):
        return reservation.party > 1

    @property
    def choices(self):
        own = sorted(self.reservation.tables.all(), key=lambda table: table.name)
        own = [(str(table.pk), table.name) for table in own] if len(own) > 1 else []
        return [(_("Its own"), own), *super().choices] if own else super().choices


class Extend(VerbForm):
    """So many minutes longer: the value of the button pressed."""

    verb, label = "extend", gettext_lazy("Stays longer")
    LATER = (15, 30)
    minutes = forms.TypedChoiceField(choices=[(n, n) for n in LATER], coerce=int)

    buttons = [(str(n), f"+{n}′") for n in LATER]


class Progress(VerbForm):
    verb, label = "progress", gettext_lazy("Course")
    stage = forms.ChoiceField(choices=[choice for choice in Stage.choices if choice[0]])

    @property
    def buttons(self):
        return [(stage, words) for stage, words in Stage.choices if stage and stage != self.reservation.stage]


class Finish(VerbForm):
    verb, label = "finish", pgettext_lazy("verb", "Finished")


class NoShow(VerbForm):
    verb, label, tone = "no_show", gettext_lazy("No-show"), "bad"

    @classmethod
    def suits(cls, reservation):
        return reservation.starts_at <= timezone.now()


class Cancel(VerbForm):
    verb, label, tone = "cancel", gettext_lazy("Cancel it"), "bad"


class Undo(VerbForm):
    verb, label = "undo", gettext_lazy("Undo")

    @property
    def label_now(self):
        return _("Undo “%(state)s”") % {"state": State(self.reservation.state).label}


class Annotate(VerbForm):
    verb, label = "annotate", gettext_lazy("Guest and notes")
    button = gettext_lazy("Save")
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    notes = forms.CharField(label=gettext_lazy("Notes"), max_length=400, required=False)
    allergies = forms.CharField(label=gettext_lazy("Allergies"), max_length=200, required=False)

    def start(self, reservation):
        return {name: getattr(reservation, name) for name in ("name", "phone", "email", "notes", "allergies")}


class Transfer(VerbForm):
    verb, label = "transfer", gettext_lazy("Hand on to somebody else")
    button = gettext_lazy("Hand on")
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    email = forms.EmailField(label=gettext_lazy("E-mail"), help_text=gettext_lazy("gets a link; the old one ends"))
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)


class Change(VerbForm):
    """Another time or size; on the same tables where they are free then, else on the best that are."""

    verb, label = "change", gettext_lazy("Time and guests")
    button = gettext_lazy("Change")
    date = forms.DateField(label=gettext_lazy("Day"), widget=DayInput)
    time = QuarterField()
    party = guests()
    nearest = ()

    def start(self, reservation):
        local = reservation.starts_at.astimezone(reservation.tz)
        return {"date": local.date(), "time": local.time(), "party": reservation.party}

    def do(self, by):
        asked = self.cleaned_data
        slot = slot_at(self.reservation.restaurant, asked["date"], asked["time"])
        try:
            time, tables = room_to_change(self.reservation, slot, asked["party"])
        except (Closed, Full):
            self.nearest = nearest(self.reservation.restaurant, slot, asked["party"], self.reservation.pk)
            raise
        self.reservation.change(time, asked["party"], tables, by=by, seen=asked["seen"])


FORMS = {
    form.verb: form
    for form in (
        *(Arrive, Seat, Finish, Undo, NoShow, Cancel),
        *(Extend, Progress, Move, Join, Split, Change, Annotate, Transfer),
    )
}
