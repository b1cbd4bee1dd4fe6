"""Cancelling a booking, for all who travel or for some: what comes back is shown before, and is what is accepted."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.seats.models import PriceChanged, Refused, Rules, State
from bookings.seats.models.disruption import segments_of
from bookings.seats.models.settling import Settlement, Why
from bookings.seats.passengers.trip import links
from bookings.seats.passengers.trip.shown import line_words
from bookings.seats.passengers.trip.views import trip_page
from limits import MINUTE, limited
from links.views import open_link
from money import Money
from verbs.views import redirect_303
from whole_numbers import key_of, whole


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("trip-cancel", 60, MINUTE, methods=("GET", "POST"))
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    booking = open_link(request, links.trips(), token)
    if booking.state == State.CANCELLED:
        return redirect_303(booking.get_absolute_url())
    if not booking.is_made:
        return trip_page(request, booking, status=422, problem=_("This booking was not paid in time. It has no seats."))
    if request.method != "POST":
        return cancel_page(request, booking, request.GET.getlist("traveller"))
    chosen = request.POST.getlist("traveller")
    accepted = whole(request.POST.get("accepted", ""))
    if accepted is None:
        return cancel_page(request, booking, chosen, 422, _("Look at what comes back, and accept it."))
    try:
        booking.cancel(keys_of(chosen), accepted)
    except PriceChanged as refusal:
        return cancel_page(request, booking, chosen, 409, str(refusal))
    except Refused as refusal:
        return cancel_page(request, booking, chosen, 422, str(refusal))
    messages.success(request, _("Cancelled. We have sent you a mail."))
    return redirect_303(booking.get_absolute_url())


def keys_of(chosen: list[str]) -> list[int] | None:
    """The keys of the travellers that a form has sent; None for all."""
    return [key_of(key) or 0 for key in chosen] or None


def cancel_page(
    request: HttpRequest, booking: Any, chosen: list[str], status: int = 200, problem: str = ""
) -> HttpResponse:
    """What comes back for the chosen travellers, line by line."""
    now, members = timezone.now(), booking.party_members()
    try:
        leaving = booking.leaving(keys_of(chosen))
    except Refused as refusal:
        problem, status = problem or str(refusal), status if status != 200 else 422
        chosen, leaving = [], members
    found = booking.settlement(leaving, now)
    flight = segments_of(booking)[0].inventory.flight
    keys = {traveller.pk for traveller in leaving}
    context = {
        "booking": booking,
        "token": booking.token,
        "problem": problem,
        "travellers": [(traveller, traveller.pk in keys) for traveller in members],
        "is_part": len(leaving) < len(members),
        "chosen": [traveller.pk for traveller in leaving] if len(leaving) < len(members) else [],
        "found": found,
        "why": why_words(found),
        "rows": rows_of(found),
        "first": flight,
        "page_airport": flight.origin,
    }
    return render(request, "seats/trip/cancel.html", context, status=status)


def rows_of(found: Settlement) -> list[tuple[str, str, Money, Money, Money]]:
    """(traveller, what, charged, comes back, kept) of each line."""
    rules = Rules.read()
    return [
        (
            str(part.line.traveller),
            line_words(part.line, rules),
            Money(part.back + part.kept, found.currency),
            Money(part.back, found.currency),
            Money(part.kept, found.currency),
        )
        for part in found.parts
        if part.back or part.kept
    ]


def why_words(found: Settlement) -> str:
    return {
        Why.UNPAID: _("Nothing is paid yet, so nothing comes back and nothing is owed."),
        Why.FREE: _(
            "You booked less than 24 hours ago and fly in a week or later: everything comes back, whatever your fare."
        ),
        Why.DISRUPTED: _("Your flight is not as you booked it: everything comes back, whatever your fare."),
        Why.TERMS: _("By the terms of your fare, as they were when you booked:"),
    }[found.why]
