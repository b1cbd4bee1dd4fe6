"""A booking behind its link: its page, calendar file and link; and all bookings of an account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bookings.seats.calendar import entries_of
from bookings.seats.fares.terms import SeatChoice, Terms
from bookings.seats.models import Refused, State
from bookings.seats.models.disruption import segments_of
from bookings.seats.passengers.trip import links
from bookings.seats.passengers.trip.regions import MyTrips, Trip
from limits import limited
from links.views import open_link
from post.calendars import calendar_file, response
from verbs.views import redirect_303


@never_cache
@require_safe
def booked(request: HttpRequest, token: str) -> HttpResponse:
    booking = open_link(request, links.all_bookings(), token)
    if booking.booked_at is None:
        return redirect("seats:hold", token)
    return trip_page(request, booking)


def trip_page(request: HttpRequest, booking: Any, status: int = 200, **context: Any) -> HttpResponse:
    """The page of a booking; ``context``: such as ``problem``, a sentence."""
    segments = segments_of(booking)
    flight, terms = segments[0].inventory.flight, Terms.of(booking.terms)
    context |= {
        "booking": booking,
        "token": booking.token,
        "region": Trip(token=booking.token),
        "first": flight,
        "last": segments[-1].inventory.flight,
        "tz": flight.origin.tz,
        "is_live": booking.is_made,
        "is_confirmed": booking.state == State.CONFIRMED,
        "may_change": terms.is_changeable or booking.is_free(timezone.now()),
        "may_choose": terms.seat_choice != SeatChoice.NONE,
        "page_airport": flight.origin,
    }
    return render(request, "seats/trip/trip.html", context, status=status)


@require_POST
@limited("trips")
def keep(request: HttpRequest, token: str) -> HttpResponse:
    booking = open_link(request, links.trips(), token)
    try:
        booking.keep()
    except Refused as refusal:
        return trip_page(request, booking, status=422, problem=str(refusal))
    return redirect_303(booking.get_absolute_url())


@require_POST
@limited("trips")
def revoke(request: HttpRequest, token: str) -> HttpResponse:
    """Make this link worthless. The owner gets the new one by mail, and goes on with it here."""
    booking = open_link(request, links.trips(), token)
    booking.revoke()
    messages.success(request, _("Earlier links are worthless now. We have sent you the new one by mail."))
    return redirect_303(booking.get_absolute_url())


@never_cache
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The flights as a calendar file, to open once or to subscribe to."""
    booking = open_link(request, links.trips(), token)
    return response(calendar_file(*entries_of(booking, segments_of(booking))), booking.reference)


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    return render(request, "seats/trip/mine.html", {"region": MyTrips(user=request.user.pk)})
