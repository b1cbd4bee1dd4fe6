"""The public pages: the list of events, the calendar, an event, and the choice of places."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bookings.events.attendees.choosing import Seen, Whole, event_for, event_page, public_event, published, rest_of
from bookings.events.attendees.forms import ChooseForm, VoucherForm
from bookings.events.attendees.regions import EventList
from bookings.events.models import Event, Full, NotValid, Refused, Registration, State, TooMany
from limits import TooMany as TooOften
from limits import limited, too_many
from strangers import asker_of
from verbs.views import redirect_303


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    return render(request, "events/attendees/list.html", {"region": EventList()})


@never_cache
@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        return event_page(request, Seen.by(request, event_for(request, slug), VoucherForm(request.GET)))
    except TooOften as fault:
        return too_many(request, fault)


@require_POST
@limited("event-holds")
def hold(request: HttpRequest, slug: str) -> HttpResponse:
    """Hold places while somebody types. What else this browser held here is released."""
    whole = public_event(request, slug)
    try:
        return hold_or_say(request, whole, request.POST)
    except TooOften as fault:
        return too_many(request, fault)


def hold_or_say(request: HttpRequest, whole: Whole, data: Mapping[str, str]) -> HttpResponse:
    """Hold what was chosen, or the page of the event with the reason. ``data``: what its form sends."""
    asked, event = VoucherForm(data), whole.event
    seen = Seen.by(request, whole, asked)
    form = ChooseForm(event, seen.rows(), data)
    if not form.is_valid():
        return event_page(request, seen, form, 422)
    try:
        if not form.cleaned_data["voucher"]:
            Registration.objects.refuse_full(event, form.wanted, form.cleaned_data["key"], seen.places)
    except Full as refusal:
        return full_page(request, seen, form, refusal)
    try:
        held = hold_once(request, published(event.slug), form)
    except Full as refusal:  # it was taken a moment ago
        return full_page(request, seen_now(request, event, asked), form, refusal)
    except NotValid as refusal:
        form.add_error("voucher", str(refusal))
        return event_page(request, seen_now(request, event, asked), form, 422)
    except Refused as refusal:
        status = 429 if isinstance(refusal, TooMany) else 422
        return event_page(request, seen_now(request, event, asked), form, status, problem=str(refusal))
    return redirect_303(held_url(held))


def seen_now(request: HttpRequest, event: Event, asked: VoucherForm) -> Seen:
    """What the browser sees once something was refused under the lock."""
    return Seen.by(request, Whole.read(published(event.slug)), asked)


def full_page(request: HttpRequest, seen: Seen, form: ChooseForm, refusal: Full) -> HttpResponse:
    """The page of the event with what ran out, and what is left instead."""
    return event_page(request, seen, form, 409, problem=str(refusal), rest=rest_of(form, seen))


def hold_once(request: HttpRequest, event: Event, form: ChooseForm) -> Any:
    """The same page sent twice gives the same hold, unless that one has ended."""
    data = form.cleaned_data
    asked: Any = {
        "voucher": data["voucher"],
        "user": request.user if request.user.is_authenticated else None,
        "asker": asker_of(request),
    }
    held = Registration.objects.hold(event, form.wanted, data["key"], **asked)
    if held.state == State.RELEASED or (held.state == State.HELD and held.is_expired()):
        held = Registration.objects.hold(event, form.wanted, uuid4(), **asked)
    return held


def held_url(held: Any) -> str:
    return reverse("events:held", args=[held.token])
