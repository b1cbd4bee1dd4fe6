"""Going on other flights: by the terms of the fare for a price, or free of charge where a flight is not as booked."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bookings.seats.models import FareGone, Full, NotForSale, PriceChanged, Refused, SeatTaken
from bookings.seats.models.disruption import segments_of
from bookings.seats.passengers.trip import links, options
from bookings.seats.passengers.trip.views import trip_page
from clocks import DAY, day_words, today
from limits import MINUTE, limited
from links.views import open_link
from money import Money
from verbs.views import redirect_303

AROUND = 3  # days that can be chosen before and after the one that is shown
AHEAD = 330  # days


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("trip-change", 60, MINUTE, methods=("GET", "POST"))
def change(request: HttpRequest, token: str) -> HttpResponse:
    """Choose another flight of the route, and accept its price by the button that names it."""
    booking = open_link(request, links.trips(), token)
    try:
        booking.check_legal("change")
        booking.check_changeable(timezone.now())
    except Refused as refusal:
        return trip_page(request, booking, status=422, problem=str(refusal))
    if request.method != "POST":
        return change_page(request, booking, day_asked(booking, request.GET.get("day", "")))
    ids, _separator, accepted = request.POST.get("choice", "").partition(":")
    day = day_asked(booking, request.POST.get("day", ""))
    if ids not in {option.ids for option in options.for_a_price(booking, day, timezone.now())} or not is_amount(
        accepted
    ):
        return change_page(request, booking, day, 422, _("That flight isn’t available. Choose one below."))
    try:
        booking.change_to(options.inventories_of(ids), int(accepted))
    except (PriceChanged, FareGone, Full, SeatTaken, NotForSale) as refusal:
        booking.refresh_from_db()
        return change_page(request, booking, day, 409, str(refusal))
    except Refused as refusal:
        return change_page(request, booking, day, 422, str(refusal))
    messages.success(request, _("You are booked on the new flights. We have sent you a mail."))
    return redirect_303(booking.get_absolute_url())


def is_amount(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and len(text) < 12


def day_asked(booking: Any, text: str) -> date:
    """The day that was asked for, from today on; without one, that of the booking."""
    flight = segments_of(booking)[0].inventory.flight
    try:
        asked = parse_date(text)
    except ValueError:
        asked = None
    first = today(flight.origin.tz)
    return min(max(asked or today(flight.origin.tz, flight.off_block_scheduled), first), first + AHEAD * DAY)


def change_page(request: HttpRequest, booking: Any, day: date, status: int = 200, problem: str = "") -> HttpResponse:
    now, segments = timezone.now(), segments_of(booking)
    flight = segments[0].inventory.flight
    first = today(flight.origin.tz)
    days = [each for number in range(-AROUND, AROUND + 1) if (each := day + number * DAY) >= first]
    context = {
        "booking": booking,
        "token": booking.token,
        "problem": problem,
        "day": day,
        "day_words": day_words(day),
        "days": [(each, day_words(each), each == day) for each in days],
        "options": options.for_a_price(booking, day, now),
        "fee": Money(booking.change_fee(now), booking.currency),
        "worth": Money(booking.worth(), booking.currency),
        "first": flight,
        "last": segments[-1].inventory.flight,
        "page_airport": flight.origin,
    }
    return render(request, "seats/trip/change.html", context, status=status)


@require_POST
@limited("trips")
def rebook(request: HttpRequest, token: str) -> HttpResponse:
    """One press: these flights instead, free of charge, as a flight is not as it was booked."""
    booking = open_link(request, links.trips(), token)
    ids = request.POST.get("flights", "")
    keys = options.inventories_of(ids)
    if keys and [segment.inventory_id for segment in segments_of(booking)][-len(keys) :] == keys:
        return redirect_303(booking.get_absolute_url())  # pressed twice
    now = timezone.now()
    trouble = booking.trouble(now)
    found = options.candidates(booking, trouble, now) if trouble else []
    if trouble is None or ids not in {option.ids for option in options.free_of_charge(booking, found, now)}:
        return trip_page(
            request, booking, status=409, problem=_("That flight isn’t available any more. Choose another one.")
        )
    try:
        booking.rebook_onto(keys, trouble.start)
    except (Full, SeatTaken, NotForSale) as refusal:
        booking.refresh_from_db()
        return trip_page(request, booking, status=409, problem=str(refusal))
    except Refused as refusal:
        return trip_page(request, booking, status=422, problem=str(refusal))
    messages.success(request, _("You are booked on the new flights. We have sent you a mail."))
    return redirect_303(booking.get_absolute_url())
