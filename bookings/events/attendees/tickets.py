"""A ticket behind its link, with its code, and its calendar file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.events.attendees import links
from bookings.events.attendees.presence import remember_ticket
from bookings.events.attendees.registration_regions import MyTicket
from bookings.events.calendar import entry_of
from links.views import open_link
from post.calendars import calendar_file, response


@never_cache
@require_safe
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    """From now on this browser takes part in the event as the ticket's holder."""
    found: Any = open_link(request, links.tickets(), token)
    remember_ticket(request, found)
    context = {
        "ticket": found,
        "event": found.event,
        "token": token,
        "has_programme": found.event.sessions.exists(),
        "region": MyTicket(token=token),
        "page_airport": found.event.hall.airport,
    }
    return render(request, "events/attendees/ticket.html", context)


@never_cache
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The event as a calendar file, to open once or to subscribe to."""
    found: Any = open_link(request, links.tickets(), token)
    return response(calendar_file(entry_of(found)), f"{found.registration.reference}-{found.position}")
