"""Travellers choose their seats: on the map, or from a list. What was just taken is said at once, with the nearest like it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.seats.models import ExitRow, NotTogether, Refused, SeatTaken, State, TooMany
from bookings.seats.passengers.seat_regions import MySeats, SeatMap
from bookings.seats.passengers.seat_wishes import Seating, Wish
from bookings.seats.passengers.trips import bookings, legs_of, next_url, search_again
from limits import limited
from links.views import open_link
from verbs.views import is_htmx, redirect_303

MANY = 600  # choices of one address in ten minutes


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("seat-choice", MANY)
def seats(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """The seat map of one flight of a booking."""
    booking = open_link(request, bookings(), token)
    segment = booking.segments.select_related("inventory__flight__origin").filter(position=position).first()
    if segment is None:
        raise Http404
    if booking.state == State.CANCELLED:
        return redirect_303(search_again(booking))
    seating = Seating(booking, segment)
    if request.method != "POST":
        return page(request, seating)
    wish = seating.wished(request.POST)
    if not wish:
        return answer(request, seating, 422, problem=_("Choose a traveller and a seat."))
    try:
        booking.choose(wish, agreed="agreed" in request.POST)
    except Refused as refusal:
        return refused(request, Seating(booking, segment), wish, refusal)
    done = seating.said(wish)
    if is_htmx(request):
        return answer(request, seating, 200, done=done)
    messages.success(request, done)
    return redirect_303(request.path)


def refused(request: HttpRequest, seating: Seating, wish: Wish, refusal: Refused) -> HttpResponse:
    """Why the seat can't be had, and what can."""
    said: dict[str, Any] = {"problem": str(refusal)}
    status = 422
    if isinstance(refusal, SeatTaken):
        status, said["nearest"] = 409, seating.nearest(refusal, wish)
    elif isinstance(refusal, ExitRow):
        status, said["agree"] = 409, ",".join(f"{key}:{seat}" for key, seat in wish.items())
    elif isinstance(refusal, NotTogether):
        status, said["together"] = 409, seating.all_together(wish)
    elif isinstance(refusal, TooMany):
        status = 429
    return answer(request, seating, status, **said)


def answer(request: HttpRequest, seating: Seating, status: int, **said: Any) -> HttpResponse:
    """What became of a wish: a fragment for htmx, else the page."""
    if is_htmx(request):
        return render(request, "seats/passengers/_seat_answer.html", said, status=status)
    return page(request, seating, status, **said)


def page(request: HttpRequest, seating: Seating, status: int = 200, **said: Any) -> HttpResponse:
    booking, segment = seating.booking, seating.segment
    held = booking.state == State.HELD
    context = {
        "booking": booking,
        "segment": segment,
        "leg": next(iter(legs_of([segment.inventory_id])), None),
        "map": SeatMap(inventory=segment.inventory_id, cabin=booking.cabin),
        "mine": MySeats(token=booking.token, position=segment.position),
        "seating": seating,
        "lists": seating.lists(),
        "back": reverse("seats:hold", args=[booking.token]) if held else next_url(booking),
        "others": [each for each in booking.segments.select_related("inventory__flight") if each != segment],
        **said,
    }
    return render(request, "seats/passengers/seats.html", context, status=status)
