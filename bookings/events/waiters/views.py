"""Joining the waitlist of an event, and the page of a party that waits."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.events.models import Event, IllegalMove, Known, Refused, RoomLeft, TooMany, WaitlistEntry
from bookings.events.waiters import links
from bookings.events.waiters.forms import FewerForm, JoinForm
from bookings.events.waiters.own import entries_of, owner_of, remember_entry, say_written
from bookings.events.waiters.regions import WaitingParty
from clocks import when
from limits import limited
from links.views import open_link
from strangers import asker_of
from verbs.views import redirect_303


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("event-waitlist")
def waitlist(request: HttpRequest, slug: str) -> HttpResponse:
    """The form that joins the waitlist. Its query may say the ticket type and the size.

    Only the signed-in owner of an address is led to its entry at once. Everybody else gets the same answer whether the
    address waited already or not, and the link comes by mail.
    """
    event = Event.objects.public().named(slug)
    if request.method != "POST":
        preset = {name: request.GET[name] for name in ("type", "size") if request.GET.get(name, "").isdecimal()}
        return join_page(request, event, JoinForm(event, preset=preset))
    form = JoinForm(event, request.POST)
    if not form.is_valid():
        return join_page(request, event, form, 422)
    owner = owner_of(request, form.cleaned_data["email"])
    try:
        entry = form.save(owner, asker_of(request))
    except Known as refusal:
        entry = refusal.thing
        if owner:
            messages.info(request, str(refusal))
        else:
            entry.remind()
    except Refused as refusal:
        return join_page(request, event, form, status_of(refusal), str(refusal), isinstance(refusal, RoomLeft))
    if owner:
        return redirect_303(entry.get_absolute_url())
    say_written(request, form.cleaned_data["email"])
    return redirect_303(event.get_absolute_url())


def status_of(refusal: Refused) -> int:
    if isinstance(refusal, TooMany):
        return 429
    return 409 if isinstance(refusal, RoomLeft) else 422


def join_page(
    request: HttpRequest, event: Event, form: JoinForm, status: int = 200, problem: str = "", has_room: bool = False
) -> HttpResponse:
    context = {
        "event": event,
        "when": when(event.starts_at, event.tz),
        "form": form,
        "is_open": event.has_waitlist and bool(form.types),
        "waiting": event.waitlist.waiting().count(),
        "problem": problem,
        "has_room": has_room,
        "own_entries": entries_of(request, event),
        "page_airport": event.hall.airport,
    }
    return render(request, "events/waiters/join.html", context, status=status)


@never_cache
@require_safe
def waiting(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a party; once its offer is booked, that of its registration."""
    entry = open_link(request, links.entries(), token)
    if entry.state == WaitlistEntry.State.BOOKED and entry.offer:
        return redirect_303(entry.offer.get_absolute_url())
    remember_entry(request, entry)
    return page(request, entry)


def page(
    request: HttpRequest, entry: Any, status: int = 200, problem: str = "", fewer: FewerForm | None = None
) -> HttpResponse:
    context = {
        "entry": entry,
        "event": entry.event,
        "token": entry.token,
        "problem": problem,
        "fewer": fewer or FewerForm(entry),
        "region": WaitingParty(token=entry.token),
        "page_airport": entry.event.hall.airport,
    }
    return render(request, "events/waiters/waiting.html", context, status=status)


@never_cache
@require_safe
def take(request: HttpRequest, token: str) -> HttpResponse:
    """The form of what is offered. It only leads there: programs that read mail may open it."""
    entry = open_link(request, links.entries(), token)
    if not entry.is_offer_open(timezone.now()):
        return redirect_303(entry.get_absolute_url())
    return redirect_303(reverse("events:held", args=[entry.offer.token]))


@require_POST
@limited("event-waitlist")
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Leave the waitlist, or decline the offer: it goes to the next in line at once."""
    entry = open_link(request, links.entries(), token)
    try:
        entry.leave()
    except IllegalMove:
        entry.refresh_from_db()
        return page(request, entry, 422, _("You are not on the waitlist any more."))
    return redirect_303(entry.get_absolute_url())


@require_POST
@limited("event-waitlist")
def take_fewer(request: HttpRequest, token: str) -> HttpResponse:
    """The group would also take fewer places. What is gathered for it may be enough then."""
    entry = open_link(request, links.entries(), token)
    form = FewerForm(entry, request.POST)
    if not form.is_valid():
        return page(request, entry, 422, fewer=form)
    try:
        entry.take_fewer(form.cleaned_data["least"])
    except Refused as refusal:
        entry.refresh_from_db()
        return page(request, entry, 422, str(refusal))
    return redirect_303(entry.get_absolute_url())
