"""The forms of a reservation's panel, one for each verb."""

from datetime import timedelta
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.restaurants.hosts.capacity import nearest_times, room_to_change, slot_at
from bookings.restaurants.hosts.forms.fields import DayField, QuarterField, TablesForm, guests_field
from bookings.restaurants.hosts.tables import TableOption, options_for, table_names
from bookings.restaurants.models import Closed, Full, Reservation, Restaurant, Stage, State
from clocks import when
from post.fields import NameField
from verbs.forms import VerbForm, Words, by_verb
from verbs.refusals import Refused

EARLY = timedelta(hours=3)  # how long before its time the panel offers that a party has arrived


class ReservationForm(VerbForm):
    instance: Reservation
    folds = True

    @property
    def action(self) -> str:
        return reverse("restaurants:book-change", args=[self.restaurant.slug, self.instance.reference, self.slug])

    @property
    def restaurant(self) -> Restaurant:
        return self.instance.restaurant

    def words(self, result: Reservation) -> dict[str, Any]:
        return {
            **super().words(result),
            "tables": table_names(result.tables.all()),
            "time": when(result.starts_at, result.tz),
            "state": State(result.state).label,
            "stage": Stage(result.stage).label,
        }


class ReservationTablesForm(TablesForm, ReservationForm):
    """A verb that gives tables."""

    @cached_property
    def options(self) -> list[TableOption]:
        return options_for(self.instance, self.verb)


class Arrive(ReservationForm):
    verb, label, tone = "arrive", pgettext_lazy("verb", "Arrived"), "first"
    done_text = gettext_lazy("%(name)s has arrived.")

    @classmethod
    def suits(cls, instance: Reservation) -> bool:
        return instance.starts_at - timezone.now() <= EARLY


class Seat(ReservationTablesForm):
    """At its own tables, which are the first choice, or at others."""

    verb, label, tone = "seat", gettext_lazy("Seat"), "first"
    done_text = gettext_lazy("%(name)s was seated at %(tables)s.")
    is_open = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tables"].required = False

    @classmethod
    def suits(cls, instance: Reservation) -> bool:
        return Arrive.suits(instance)

    def choices(self) -> list[Any]:
        own = table_names(self.instance.tables.all())
        return [("", _("%(tables)s, as booked") % {"tables": own}), *super().choices()] if own else super().choices()

    def clean_tables(self) -> Any:
        return super().clean_tables() if self.cleaned_data["tables"] else None


class Move(ReservationTablesForm):
    verb, label = "move", gettext_lazy("Move")
    done_text = gettext_lazy("%(name)s was moved to %(tables)s.")


class Join(ReservationTablesForm):
    verb, label = "join", gettext_lazy("Join a table")
    done_text = gettext_lazy("%(name)s has %(tables)s now.")


class Split(ReservationTablesForm):
    """Some of the guests go to other tables, or to one of their own."""

    verb, label = "split", pgettext_lazy("verb", "Split")
    done_text = gettext_lazy("The party of %(name)s was split.")
    guests = guests_field(help_text=gettext_lazy("How many of them sit elsewhere"))
    field_order = ["seen", "guests", "tables"]

    @classmethod
    def suits(cls, instance: Reservation) -> bool:
        return instance.party > 1

    def choices(self) -> list[Any]:
        tables = sorted(self.instance.tables.all(), key=lambda table: table.name)
        own = [(str(table.pk), table.name) for table in tables] if len(tables) > 1 else []
        return [(_("Its own tables"), own), *super().choices()] if own else super().choices()


class Extend(ReservationForm):
    verb, label, button_field = "extend", gettext_lazy("Stays longer"), "minutes"
    done_text = gettext_lazy("%(name)s stays %(minutes)s minutes longer.")
    minutes = forms.TypedChoiceField(choices=[(n, f"+{n}′") for n in (15, 30)], coerce=int)

    def words(self, result: Reservation) -> dict[str, Any]:
        return {**super().words(result), "minutes": self.cleaned_data["minutes"]}


class Progress(ReservationForm):
    verb, label, button_field = "progress", gettext_lazy("Course"), "stage"
    done_text = gettext_lazy("The course of %(name)s is “%(stage)s”.")
    stage = forms.ChoiceField(choices=[choice for choice in Stage.choices if choice[0]])

    @property
    def buttons(self) -> list[tuple[str, Words]]:
        return [(stage, words) for stage, words in super().buttons if stage != self.instance.stage]


class Finish(ReservationForm):
    verb, label = "finish", pgettext_lazy("verb", "Finished")
    done_text = gettext_lazy("%(name)s has left. Free now: %(tables)s.")


class NoShow(ReservationForm):
    verb, label, tone = "no_show", gettext_lazy("No-show"), "bad"
    done_text = gettext_lazy("%(name)s was marked as a no-show.")

    @classmethod
    def suits(cls, instance: Reservation) -> bool:
        return instance.starts_at <= timezone.now()


class Cancel(ReservationForm):
    verb, label, tone = "cancel", gettext_lazy("Cancel the booking"), "bad"
    done_text = gettext_lazy("The booking of %(name)s was cancelled.")


class Undo(ReservationForm):
    verb, label = "undo", gettext_lazy("Undo")
    done_text = gettext_lazy("Undone: the state of %(name)s is “%(state)s” again.")

    @property
    def button(self) -> Words:  # type: ignore[override]
        return _("Undo “%(state)s”") % {"state": State(self.instance.state).label}


class Annotate(ReservationForm):
    verb, label, button = "annotate", gettext_lazy("Guest and notes"), gettext_lazy("Save")
    done_text = gettext_lazy("The details of %(name)s were saved.")
    name = NameField(label=gettext_lazy("Name"), max_length=80)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    notes = forms.CharField(label=gettext_lazy("Notes"), max_length=400, required=False)
    allergies = forms.CharField(label=gettext_lazy("Allergies"), max_length=200, required=False)

    def start(self) -> dict[str, Any]:
        return {name: getattr(self.instance, name) for name in ("name", "phone", "email", "notes", "allergies")}


class Transfer(ReservationForm):
    verb, label, button = "transfer", gettext_lazy("Transfer to another guest"), gettext_lazy("Transfer")
    done_text = gettext_lazy("The booking was transferred to %(name)s.")
    name = NameField(label=gettext_lazy("Name"), max_length=80)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), help_text=gettext_lazy("They get a new link. The old one stops working.")
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)


class Change(ReservationForm):
    """Another time or party size, on its own tables if they are free then, else on the best that are."""

    verb, label, button = "change", gettext_lazy("Time and guests"), gettext_lazy("Change")
    done_text = gettext_lazy("%(name)s is now booked for %(time)s.")
    date = DayField()
    time = QuarterField()
    party = guests_field()

    def start(self) -> dict[str, Any]:
        local = self.instance.starts_at.astimezone(self.instance.tz)
        return {"date": local.date(), "time": local.time(), "party": self.instance.party}

    @property
    def slot(self) -> int:
        return slot_at(self.restaurant, self.cleaned_data["date"], self.cleaned_data["time"])

    def arguments(self) -> dict[str, Any]:
        party = self.cleaned_data["party"]
        time, tables = room_to_change(self.instance, self.slot, party)
        return {"time": time, "party": party, "tables": tables}

    def refuse(self, refusal: Refused) -> None:
        super().refuse(refusal)
        if isinstance(refusal, Closed | Full):
            party = self.cleaned_data["party"]
            self.alternatives = nearest_times(self.restaurant, self.slot, party, self.instance.pk)


FORMS = by_verb(
    [
        *(Arrive, Seat, Finish, Undo, NoShow, Cancel),
        *(Extend, Progress, Move, Join, Split, Change, Annotate, Transfer),
    ]
)
