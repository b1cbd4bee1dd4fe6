"""The programme as files: frab out for conference apps and in from others, and one's own as a calendar."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from bookings.events.attendees import links
from bookings.events.models import Event
from bookings.events.organisers.access import organisers
from bookings.events.programme import frab, own
from bookings.events.programme.calendar import entries_of, session_entry
from bookings.events.programme.forms import Import
from clocks import when
from links.views import open_link
from post.calendars import calendar_feed, response
from verbs.views import for_role, redirect_303


@require_safe
def schedule_json(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(
        frab.as_json(Event.objects.public().named(slug)), content_type="application/json; charset=utf-8"
    )


@require_safe
def schedule_xml(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(frab.as_xml(Event.objects.public().named(slug)), content_type="application/xml; charset=utf-8")


@never_cache
@require_safe
def own_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The chosen sessions, as a feed to subscribe to. A cancelled one stays in it, as cancelled."""
    ticket: Any = open_link(request, links.tickets(), token)
    entries = [session_entry(ticket, session) for session in own.chosen(ticket)]
    return response(calendar_feed(entries, ticket.event.title), f"{ticket.event.slug}-programme")


@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """All registrations of an account with the sessions chosen at them, for a calendar that subscribes."""
    user: Any = open_link(request, User.objects.filter(is_active=True), token, links.FEED)
    return response(calendar_feed(entries_of(user), _("My events")), "airside-events")


@never_cache
@require_POST
@for_role(organisers)
def take_in(request: HttpRequest, event: Event) -> HttpResponse:
    """A file first shows what it would do; its button does it."""
    form = Import(request.POST, request.FILES)
    context = {"event": event, "form": form, "when": when(event.starts_at, event.tz), "tab": "programme"}
    context["page_airport"] = event.hall.airport
    if not form.is_valid():
        return render(request, "events/programme/import.html", context, status=422)
    document = form.cleaned_data["document"]
    if "sure" not in request.POST:
        context |= {"comparison": frab.compare(event, document), "text": form.cleaned_data["text"]}
        return render(request, "events/programme/import.html", context)
    found = frab.take(event, document, by=request.user)
    words = {"new": len(found.new), "moved": len(found.moved), "gone": len(found.gone)}
    messages.success(request, _("Imported: %(new)s new, %(moved)s moved, %(gone)s cancelled.") % words)
    return redirect_303(reverse("events:programme-edit", args=[event.slug]))
