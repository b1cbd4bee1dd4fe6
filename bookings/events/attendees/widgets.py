"""The widget of an event: when and where it is, and the places that are left; a link registers here."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy

from bookings.events.attendees import shown
from bookings.events.attendees.regions import EventPlaces
from bookings.events.models import Event
from embeds.registry import ThingForm, Widget, everybody, register
from tracking.flights.models import Airport


class EmbeddedEvent(EventPlaces):
    path, stays = "embed/event/<slug:slug>/", True
    template = "events/attendees/widgets/_event.html"

    @property
    def place(self) -> Airport:
        airport: Airport = self.event.hall.airport
        return airport

    def context(self) -> dict[str, Any]:
        url = reverse("events:event", args=[self.slug])
        return {**super().context(), "url": url, "when": shown.when_words(self.event)}


class EventForm(ThingForm):
    event = forms.ModelChoiceField(
        label=gettext_lazy("Event"), queryset=Event.objects.public(), to_field_name="slug", empty_label=None
    )

    @property
    def thing(self) -> str:
        slug: str = self.cleaned_data["event"].slug
        return slug

    @property
    def attributes(self) -> dict[str, str]:
        return {"event": self.thing}


def public_event(thing: str) -> Event:
    return Event.objects.public().named(thing)


def event_region(thing: str, query: Mapping[str, str]) -> EmbeddedEvent:
    return EmbeddedEvent(slug=public_event(thing).slug)


def event_url(thing: str) -> str:
    return public_event(thing).get_absolute_url()


def event_title(thing: str) -> str:
    return public_event(thing).title


register(
    Widget(
        "event",
        gettext_lazy("Places at an event"),
        EventForm,
        event_region,
        event_url,
        event_title,
        everybody,
        css="css/events.css",
        pages={"events:event": "{slug}"},
        height=360,
        template="events/attendees/widgets/event.html",
    )
)
