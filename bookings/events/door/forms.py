"""The forms of a door: where one stands, a scan, and a scan that was queued on a device."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.events.models import CheckInList, Event, Reason, Way
from bookings.events.models.door_rules import Sync, moment_of
from bookings.events.models.scanning import Queued
from once import OnceField

LONGEST = 300  # characters of what is scanned: an address with a code in it
LATEST = 4_102_444_800_000  # milliseconds: the year 2100


class DoorForm(forms.Form):
    """The door of a device, and its check-in list."""

    list = forms.ModelChoiceField(
        CheckInList.objects.none(), label=_("List"), empty_label=None, widget=forms.RadioSelect, required=False
    )
    door = forms.CharField(
        label=_("Your door"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("North")}),
    )

    def __init__(self, event: Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        field: Any = self.fields["list"]
        field.queryset = event.lists.all()

    def chosen(self) -> CheckInList:
        """The list. An event without lists gets one for all tickets."""
        found: CheckInList | None = self.cleaned_data["list"] or self.event.lists.first()
        if found is None:
            found, _made = CheckInList.objects.get_or_create(event=self.event, name=_("All tickets"))
        return found


class ScanForm(forms.Form):
    text = forms.CharField(
        label=_("Ticket code or reference"),
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "enterkeyhint": "go"}
        ),
    )
    way = forms.ChoiceField(label=_("Direction"), choices=Way, widget=forms.RadioSelect)
    door = forms.CharField(max_length=40, widget=forms.HiddenInput)
    key = OnceField()


class ChosenForm(ScanForm):
    """One of the tickets of a reference: its key is in the address."""

    text = None  # type: ignore[assignment]


class Milliseconds(forms.IntegerField):
    """A moment, as milliseconds since 1970."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=LATEST, **options)

    def clean(self, value: Any) -> datetime | None:
        number = super().clean(value)
        return None if number is None else datetime.fromtimestamp(number / 1000, UTC)


class QueuedForm(forms.Form):
    """A scan that a device could not send when it was made. The times are of the device's clock, but for ``sync_server``."""

    text = forms.CharField(max_length=LONGEST)
    way = forms.ChoiceField(choices=Way)
    door = forms.CharField(max_length=40)
    key = forms.UUIDField()
    token = forms.CharField(max_length=300, required=False)
    let_in = forms.BooleanField(required=False)
    reason = forms.ChoiceField(choices=[("", ""), *Reason.choices], required=False)
    device_at = Milliseconds()
    sent_at = Milliseconds()
    sync_server = Milliseconds(required=False)
    sync_device = Milliseconds(required=False)
    since_sync = forms.IntegerField(min_value=0, max_value=LATEST, required=False)

    def queued(self, received_at: datetime) -> Queued:
        said = self.cleaned_data
        is_synced = said["sync_server"] and said["sync_device"]
        sync = Sync(said["sync_server"], said["sync_device"]) if is_synced else None
        since = said["since_sync"]
        at = moment_of(
            said["device_at"],
            said["sent_at"],
            received_at,
            sync,
            None if since is None else timedelta(milliseconds=since),
        )
        return Queued(said["let_in"], at, said["device_at"], "" if said["let_in"] else said["reason"])
