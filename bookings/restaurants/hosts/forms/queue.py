"""The forms of the queue and of the waitlist: joining the queue, and one form for each verb of an entry."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.restaurants.hosts.forms.fields import TablesForm, guests_field
from bookings.restaurants.hosts.tables import TableOption, options_now, table_names
from bookings.restaurants.models import QueueEntry, Restaurant, WaitlistEntry
from bookings.restaurants.models.forecast import quote, quotes
from once import OnceField
from post.fields import NameField
from verbs.forms import ActionForm, VerbForm, by_verb


class JoinQueue(ActionForm):
    """A party that waits for a table now, with the wait that it is quoted."""

    label, tone = gettext_lazy("Add to queue"), "first"
    done_text = gettext_lazy("%(name)s is in the queue.")
    key = OnceField()
    party = guests_field()
    name = NameField(label=gettext_lazy("Name"), max_length=80)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    notes = forms.CharField(label=gettext_lazy("Notes"), max_length=200, required=False)
    quoted = forms.IntegerField(
        label=gettext_lazy("Quoted wait (min)"),
        required=False,
        min_value=0,
        max_value=300,
        help_text=gettext_lazy("Leave it empty for the expected wait."),
    )

    def __init__(self, restaurant: Restaurant, data: Mapping[str, Any] | None = None) -> None:
        self.restaurant = restaurant
        super().__init__(data, initial={"party": 2}, auto_id="queue-%s")

    @property
    def action(self) -> str:
        return reverse("restaurants:book-queue", args=[self.restaurant.slug])

    @property
    def expected(self) -> dict[int, int | None]:
        """The expected wait by party size, in minutes; None for a size that no table takes."""
        return quotes(self.restaurant, range(1, 9))

    def do(self, by: Any) -> QueueEntry:
        """Raises Unfit for a party size that no table takes."""
        fields = dict(self.cleaned_data)
        quoted, expected = fields.pop("quoted"), quote(self.restaurant, fields["party"])
        minutes = expected if quoted is None else quoted
        return QueueEntry.objects.join(self.restaurant, minutes=minutes, by=by, **fields)


class QueueForm(VerbForm):
    instance: QueueEntry

    @property
    def action(self) -> str:
        entry = self.instance
        return reverse("restaurants:book-change-queue-entry", args=[entry.restaurant.slug, entry.pk, self.slug])


class Call(QueueForm):
    verb, label = "call", pgettext_lazy("verb", "Call")
    done_text = gettext_lazy("%(name)s was called.")


class Seat(TablesForm, QueueForm):
    verb, label, button, tone = "seat", gettext_lazy("Seat"), gettext_lazy("Seat now"), "first"
    done_text = gettext_lazy("%(name)s was seated at %(tables)s.")

    @property
    def restaurant(self) -> Restaurant:  # type: ignore[override]
        return self.instance.restaurant

    @cached_property
    def options(self) -> list[TableOption]:
        return options_now(self.restaurant, self.instance.party)

    def words(self, result: QueueEntry) -> dict[str, Any]:
        return {**super().words(result), "tables": table_names(result.reservation.tables.all())}


class Leave(QueueForm):
    verb, label, tone = "leave", gettext_lazy("Has left"), "bad"
    done_text = gettext_lazy("%(name)s has left the queue.")


QUEUE_FORMS = by_verb([Call, Seat, Leave])


class WaitlistForm(VerbForm):
    instance: WaitlistEntry

    @property
    def action(self) -> str:
        entry = self.instance
        return reverse("restaurants:book-change-waitlist-entry", args=[entry.restaurant.slug, entry.pk, self.slug])


class Withdraw(WaitlistForm):
    verb, label, tone = "leave", gettext_lazy("Take off the waitlist"), "bad"
    done_text = gettext_lazy("%(name)s was taken off the waitlist.")


WAITLIST_FORMS = by_verb([Withdraw])
