"""What screens can show of events: the stage of one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.events.models import Event
from bookings.events.stage.regions import StageScreen
from screens.contents import Content, Settings, register


class StageForm(forms.Form):
    """Its cleaned data are the settings of a screen."""

    event = forms.ModelChoiceField(
        label=gettext_lazy("Event"), queryset=Event.objects.public().order_by("-starts_at"), to_field_name="slug"
    )

    def clean_event(self) -> Any:
        return self.cleaned_data["event"].slug


def screen_of(chosen: Settings, languages: Sequence[str]) -> StageScreen:
    return StageScreen(query={"languages": "-".join(languages)}, language=languages[0], slug=chosen["event"])


def page_of(chosen: Settings) -> str:
    """Where people in front of it ask and vote."""
    return reverse("events:now", args=[chosen["event"]])


def title_of(chosen: Settings) -> str:
    title = Event.objects.filter(slug=chosen["event"]).values_list("title", flat=True).first()
    return _("Stage of %(event)s") % {"event": title or chosen["event"]}


register(Content("stage", gettext_lazy("Stage of an event"), StageForm, screen_of, page_of, title_of))
