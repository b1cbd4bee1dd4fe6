"""The programme for attendees: all of it, one session, and what somebody chooses of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bookings.events.attendees import links
from bookings.events.attendees.presence import remember_ticket, ticket_of
from bookings.events.models import Event, Session
from bookings.events.programme import own
from bookings.events.programme.regions import OwnProgramme, Programme, SessionPage
from clocks import when
from links.views import open_link
from post.calendars import feed_at
from verbs.views import redirect_303


@never_cache
@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    event = Event.objects.public().named(slug)
    ticket = ticket_of(request, event)
    context = {
        "event": event,
        "when": when(event.starts_at, event.tz),
        "region": Programme(slug=slug),
        "own": OwnProgramme(token=ticket.token) if ticket else None,
        "ticket": ticket,
        "feed": feed_at(request, reverse("events:own-calendar", args=[ticket.token])) if ticket else None,
        "edits": Event.objects.of(request.user).filter(pk=event.pk).exists(),
        "page_airport": event.hall.airport,
    }
    return render(request, "events/programme/programme.html", context)


@never_cache
@require_safe
def own_programme(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a mail: this browser becomes that of the ticket's holder, and shows the programme with what they chose."""
    ticket: Any = open_link(request, links.tickets(), token)
    remember_ticket(request, ticket)
    return redirect("events:programme", ticket.event.slug)


@never_cache
@require_safe
def session(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    event = Event.objects.public().named(slug)
    found = get_object_or_404(event.sessions, pk=pk)
    ticket = ticket_of(request, event)
    context = {
        "event": event,
        "session": found,
        "region": SessionPage(slug=slug, pk=pk),
        "ticket": ticket,
        "is_chosen": ticket is not None and ticket.favourites.filter(session=found).exists(),
        "page_airport": event.hall.airport,
    }
    return render(request, "events/programme/session.html", context)


def chooser(act: Callable[[Any, Session], None], done: Callable[[], str]) -> Callable[..., HttpResponse]:
    """A view that the holder of a ticket presses for one session."""

    @require_POST
    def view(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        event = Event.objects.public().named(slug)
        found = get_object_or_404(event.sessions, pk=pk)
        ticket = ticket_of(request, event)
        if ticket is None:
            messages.error(
                request, _("Open the link of your ticket in this browser first: then you can choose sessions.")
            )
        else:
            act(ticket, found)
            messages.success(request, done() % {"title": found.title})
        return redirect_303(f"{reverse('events:programme', args=[slug])}#session-{pk}")

    return view


choose = chooser(own.choose, lambda: _("%(title)s is in your programme."))
leave = chooser(own.leave, lambda: _("%(title)s is not in your programme any more."))
