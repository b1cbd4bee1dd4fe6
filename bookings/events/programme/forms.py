"""The forms of a programme: verbs of a session, a new one, and a file that is imported."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.events.models import Event, Room, Session, Unfit
from bookings.events.models.programme_verbs import LONGEST
from bookings.events.programme import frab
from local_times import LocalMomentField
from once import OnceField
from verbs.forms import ActionForm, VerbForm, by_verb


class SpeakersField(forms.CharField):
    """Names, one a line; its value is a list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip()[:80] for line in str(super().clean(value)).splitlines() if line.strip()]


class SessionForm(VerbForm):
    instance: Session

    @property
    def action(self) -> str:
        return reverse("events:session-change", args=[self.instance.event.slug, self.instance.pk, self.slug])

    def words(self, result: Any) -> dict[str, Any]:
        return {"name": result.title}


class Move(SessionForm):
    verb, label, tone = "move", gettext_lazy("Move it"), "first"
    done_text = gettext_lazy("%(name)s is moved. Everybody sees it now; who has chosen it gets a mail.")

    def __init__(self, instance: Session, data: Any = None) -> None:
        super().__init__(instance, data)
        self.fields |= time_and_place(instance.event)
        self.initial |= {"starts_at": instance.starts_at, "minutes": instance.minutes, "room": instance.room_id}


class Edit(SessionForm):
    verb, label, folds = "edit", gettext_lazy("Change its words"), True
    done_text = gettext_lazy("The words of %(name)s are changed.")
    title = forms.CharField(label=gettext_lazy("Title"), max_length=255)
    subtitle = forms.CharField(label=gettext_lazy("Subtitle"), max_length=255, required=False)
    speakers = SpeakersField(label=gettext_lazy("Speakers, one a line"))
    track = forms.CharField(label=gettext_lazy("Track"), max_length=120, required=False)
    abstract = forms.CharField(
        label=gettext_lazy("Summary"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def start(self) -> dict[str, Any]:
        return {name: getattr(self.instance, name) for name in ("title", "subtitle", "speakers", "track", "abstract")}


class CallOff(SessionForm):
    verb, label, tone = "call_off", gettext_lazy("Cancel this session"), "bad"
    done_text = gettext_lazy("%(name)s is cancelled. Everybody sees it now; who has chosen it gets a mail.")


class Reinstate(SessionForm):
    verb, label = "reinstate", gettext_lazy("It takes place after all")
    done_text = gettext_lazy("%(name)s takes place.")


FORMS = by_verb([Move, Edit, CallOff, Reinstate])


def time_and_place(event: Event) -> dict[str, forms.Field]:
    """When and where: on the clock of the event's airport."""
    return {
        "starts_at": LocalMomentField(event.tz, label=_("Begins, %(city)s time") % {"city": event.hall.airport.city}),
        "minutes": forms.IntegerField(label=_("Minutes"), min_value=1, max_value=LONGEST, initial=45),
        "room": forms.ModelChoiceField(label=_("Room"), queryset=Room.objects.filter(event=event), empty_label=None),
    }


class OfEvent(ActionForm):
    def __init__(self, event: Event, data: Any = None, files: Any = None) -> None:
        self.event = event
        super().__init__(data, files, auto_id=f"{type(self).__name__.lower()}-%s")


class AddSession(OfEvent):
    label, tone = gettext_lazy("Add a session"), "first"
    done_text = gettext_lazy("%(name)s is in the programme.")
    key = OnceField()
    title = forms.CharField(label=gettext_lazy("Title"), max_length=255)
    speakers = SpeakersField(label=gettext_lazy("Speakers, one a line"))

    def __init__(self, event: Event, data: Any = None, files: Any = None) -> None:
        super().__init__(event, data, files)
        self.fields |= time_and_place(event)
        self.initial.setdefault("starts_at", event.starts_at)

    @property
    def action(self) -> str:
        return reverse("events:session-add", args=[self.event.slug])

    def do(self, by: Any) -> Session:
        return Session.objects.plan(self.event, by=by, **self.cleaned_data)

    def words(self, result: Any) -> dict[str, Any]:
        return {"name": result.title}


class AddRoom(OfEvent):
    label = gettext_lazy("Add a room")
    done_text = gettext_lazy("The room is there.")
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)

    @property
    def action(self) -> str:
        return reverse("events:room-add", args=[self.event.slug])

    def do(self, by: Any) -> Room:
        rooms = self.event.rooms
        room, is_new = rooms.get_or_create(name=self.cleaned_data["name"], defaults={"position": rooms.count()})
        if not is_new:
            raise Unfit(_("There is a room of this name already."))
        return room


class Import(forms.Form):
    """A file first, then its text again with the button that says what will happen."""

    file = forms.FileField(label=gettext_lazy("A frab programme, JSON or XML"), required=False)
    text = forms.CharField(widget=forms.HiddenInput, required=False, max_length=frab.LARGEST, strip=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        upload = found.get("file")
        if upload is not None and upload.size > frab.LARGEST:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        data = upload.read() if upload is not None else found.get("text", "").encode()
        if not data:
            raise forms.ValidationError(_("Choose a file."))
        try:
            found["document"] = frab.read(data)
        except frab.Unreadable as fault:
            raise forms.ValidationError(fault.problems) from fault
        found["text"] = frab.as_text(found["document"])
        return found
