"""Guests who wait: on the waitlist for a time that is full, or in the queue for a table now."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.restaurants.guests import links, regions
from bookings.restaurants.guests.addresses import redirect_303, restaurant_or_404
from bookings.restaurants.guests.forms import FindForm, QueueForm, WaitlistForm
from bookings.restaurants.guests.views.search import times_page
from bookings.restaurants.models import IllegalMove, Refused, Reservation, WaitlistEntry
from bookings.restaurants.models.availability import Availability
from clocks import day_words
from limits import limited
from links.views import open_link


@require_POST
@limited("guests")
def waitlist(request: HttpRequest, slug: str) -> HttpResponse:
    """Join the waitlist of a day."""
    restaurant = restaurant_or_404(slug)
    find = FindForm(restaurant, request.POST)
    if not find.is_valid():
        return times_page(request, restaurant, request.POST, 422)
    party, day, _area = find.asked
    form = WaitlistForm(restaurant, party, day, Availability(restaurant, day).times(day, party), request.POST)
    if not form.is_valid():
        return times_page(request, restaurant, request.POST, 422, waitlist=form)
    return redirect_303(form.save().get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@limited("guests")
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """How long the queue takes now, and the form that joins it."""
    restaurant = restaurant_or_404(slug)
    form = QueueForm(restaurant, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return redirect_303(form.save().get_absolute_url())
    context = {
        "restaurant": restaurant,
        "form": form,
        "region": regions.Queue(slug=slug),
        "page_airport": restaurant.airport,
    }
    return render(request, "restaurants/guests/queue.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_safe
def waiting(request: HttpRequest, token: str) -> HttpResponse:
    """The page of an entry of the waitlist or of the queue; once it is booked, that of the booking."""
    entry = open_link(request, links.waiting(token), token)
    if isinstance(entry, WaitlistEntry) and entry.state == WaitlistEntry.State.BOOKED and entry.offer:
        return redirect_303(entry.offer.get_absolute_url())
    return waiting_page(request, entry, token)


def waiting_page(request: HttpRequest, entry: Any, token: str, status: int = 200, problem: str = "") -> HttpResponse:
    is_on_waitlist = isinstance(entry, WaitlistEntry)
    context = {
        "waiting": entry,
        "is_on_waitlist": is_on_waitlist,
        "restaurant": entry.restaurant,
        "token": token,
        "problem": problem,
        "day": day_words(entry.day) if is_on_waitlist else "",
        "region": regions.Waiting(token=token),
        "page_airport": entry.restaurant.airport,
    }
    return render(request, "restaurants/guests/waiting.html", context, status=status)


@require_POST
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """Book the table that the waitlist offers."""
    entry = open_link(request, links.waiting(token), token)
    if not isinstance(entry, WaitlistEntry):
        raise Http404
    try:
        return redirect_303(entry.claim().get_absolute_url())
    except (Refused, Reservation.DoesNotExist):
        entry = links.waiting(token).from_token(token)
        return waiting_page(request, entry, token, 409, _("This offer has expired."))


@require_POST
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Leave the waitlist or the queue."""
    entry = open_link(request, links.waiting(token), token)
    try:
        entry.leave()
    except IllegalMove as refusal:
        is_on_waitlist = isinstance(entry, WaitlistEntry)
        problem = _("You are not on the waitlist any more.") if is_on_waitlist else str(refusal)
        return waiting_page(request, links.waiting(token).from_token(token), token, 422, problem)
    return redirect_303(entry.get_absolute_url())
