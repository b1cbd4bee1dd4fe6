"""The forms of the waitlist."""

from typing import Any
from uuid import uuid5

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.events.models import Event, WaitlistEntry
from bookings.events.models.queueing import offers_end_at
from once import OnceField
from post.fields import NameField
from strangers import Asker, contact_of


class JoinForm(forms.Form):
    """A party joins the waitlist. ``preset``: the ticket type and the size that somebody came with."""

    type = forms.TypedChoiceField(label=gettext_lazy("Ticket type"), coerce=int)
    size = forms.IntegerField(
        label=gettext_lazy("How many of you?"),
        min_value=1,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    least = forms.IntegerField(
        label=gettext_lazy("We’d also take fewer: at least (optional)"),
        min_value=1,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("Empty: all of you together, or none. With fewer you are offered what there is."),
    )
    name = NameField(label=gettext_lazy("Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    key = OnceField()

    def __init__(self, event: Event, data: QueryDict | None = None, preset: Any = None) -> None:
        self.event = event
        super().__init__(data, auto_id="waitlist-%s", initial=preset or {})
        open_types = offers_end_at(event, timezone.now())
        self.types = [type_ for type_ in event.types.all() if type_.pk in open_types]
        self.fields["type"].choices = [(type_.pk, type_.name) for type_ in self.types]
        self.fields["size"].max_value = event.most_places
        self.fields["size"].widget.attrs["max"] = self.fields["least"].widget.attrs["max"] = event.most_places
        words = ngettext(
            "We write there as soon as there are places. You then have one minute to take them.",
            "We write there as soon as there are places. You then have %(minutes)s minutes to take them.",
            event.offer_minutes,
        )
        self.fields["email"].help_text = words % {"minutes": event.offer_minutes}

    def clean_size(self) -> int:
        size: int = self.cleaned_data["size"]
        if size > self.event.most_places:
            text = _("One registration has at most %(most)s places.") % {"most": self.event.most_places}
            raise forms.ValidationError(text)
        return size

    def clean(self) -> None:
        size, least = self.cleaned_data.get("size"), self.cleaned_data.get("least")
        if size and least and least > size:
            self.add_error("least", _("Choose no more than you are."))

    def save(self, user: Any, asker: Asker) -> WaitlistEntry:
        """The new entry; if the form was sent before, the entry that it made then. Raises Refused."""
        fields = dict(self.cleaned_data)
        chosen = fields.pop("type")
        type_ = next(one for one in self.types if one.pk == chosen)
        fields["least"] = fields["least"] or 0
        # One key for each address: by sending it again with another, nobody sees whether it was used for the first.
        fields["key"] = uuid5(fields["key"], f"{self.event.pk} {contact_of(fields['email'])}")
        entry: WaitlistEntry = WaitlistEntry.objects.join(
            self.event, type_, fields.pop("size"), user=user, asker=asker, **fields
        )
        return entry


class FewerForm(forms.Form):
    """How few places a group would also take."""

    least = forms.TypedChoiceField(label=gettext_lazy("We’d also take"), coerce=int)

    def __init__(self, entry: WaitlistEntry, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="fewer-%s", initial={"least": entry.least})
        self.fields["least"].choices = [
            (count, ngettext("%(count)s place", "%(count)s places", count) % {"count": count})
            for count in range(entry.size, 0, -1)
        ]
