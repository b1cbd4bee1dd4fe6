"""The guest list of an event, one registration of it, and the events that somebody organises."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bookings.events.models import Event, Registration
from bookings.events.organisers import guests
from bookings.events.organisers.access import anybody_who_organises, organisers
from bookings.events.organisers.forms import GUEST_FORMS
from bookings.events.organisers.regions import GuestList, GuestState
from bookings.events.organisers.timeline import GuestTimeline
from clocks import when
from spreadsheets import csv_answer
from verbs.forms import ActionForm, form_of
from verbs.views import act, answer, for_role, is_htmx, panel_context

MOST = 100  # events of each list


@never_cache
@require_safe
@for_role(anybody_who_organises)
def organised(request: HttpRequest) -> HttpResponse:
    """The events that somebody organises: the coming ones, then those that were over last."""
    now = timezone.now()
    events = Event.objects.of(request.user).select_related("hall__airport")
    coming = events.filter(ends_at__gt=now).order_by("starts_at", "pk")[:MOST]
    past = events.filter(ends_at__lte=now).order_by("-starts_at", "-pk")[:MOST]
    context = {"coming": with_time(coming), "past": with_time(past)}
    return render(request, "events/organisers/organised.html", context)


def with_time(events: Iterable[Event]) -> list[tuple[Event, str]]:
    return [(event, when(event.starts_at, event.tz)) for event in events]


@never_cache
@require_safe
@for_role(organisers)
def guest_list(request: HttpRequest, event: Event) -> HttpResponse:
    return render(request, "events/organisers/guests.html", list_context(request, event))


def list_context(request: HttpRequest, event: Event) -> dict[str, Any]:
    region = GuestList(query=request.GET, slug=event.slug)
    return {
        "event": event,
        "when": when(event.starts_at, event.tz),
        "region": region,
        "filters": region.filters,
        "states": list(guests.TONES),
        "types": event.types.all(),
        "tab": "guests",
        "page_airport": event.hall.airport,
    }


@never_cache
@require_safe
@for_role(organisers)
def guests_csv(request: HttpRequest, event: Event) -> HttpResponse:
    """What the filters find, a row for each ticket."""
    now = timezone.now()
    filters = GuestList(query=request.GET, slug=event.slug).filters
    rows = guests.found(event, filters).prefetch_related("tickets__answers")
    return csv_answer(f"{event.slug}-guests.csv", *guests.table(rows, event.questions.all(), now))


@never_cache
@require_safe
@for_role(organisers)
def guest(request: HttpRequest, event: Event, registration: Registration) -> HttpResponse:
    return panel(request, event, registration)


@require_POST
@for_role(organisers)
def guest_change(request: HttpRequest, event: Event, registration: Registration, verb: str) -> HttpResponse:
    """One verb of one registration."""
    form = form_of(GUEST_FORMS, verb, registration, request.POST)
    done_url = reverse("events:guest", args=[event.slug, registration.pk])
    return act(request, form, partial(panel, request, event, registration), done_url=done_url)


def panel(
    request: HttpRequest,
    event: Event,
    registration: Registration,
    asked: ActionForm | None = None,
    status: int = 200,
    since: Any = None,
    done: str = "",
) -> HttpResponse:
    registration.refresh_from_db()
    timeline = GuestTimeline(registration)
    context = {
        "registration": registration,
        "state_region": GuestState(pk=registration.pk),
        "steps": timeline.steps(),
        **panel_context(registration, GUEST_FORMS, timeline, asked, since, done),
    }
    if not is_htmx(request):
        context |= list_context(request, event)
    return answer(request, "events/organisers/_guest.html", "events/organisers/guests.html", context, status)
