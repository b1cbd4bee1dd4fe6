"""Guests who wait: on the waitlist for a time that is full, or in the queue for a table now."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import strangers
from bookings.restaurants.guests import links, regions
from bookings.restaurants.guests.addresses import restaurant_or_404
from bookings.restaurants.guests.forms import FindForm, QueueForm, WaitlistForm
from bookings.restaurants.guests.views.search import times_page
from bookings.restaurants.mail import QUEUE_LINK
from bookings.restaurants.models import IllegalMove, QueueEntry, Refused, Reservation, RoomLeft, WaitlistEntry
from bookings.restaurants.models.availability import Availability
from bookings.restaurants.models.forecast import quote
from clocks import day_words
from limits import TEN_MINUTES, TooMany, address, check, limited, too_many
from links.views import open_link
from strangers import asker_of
from verbs.views import redirect_303


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
    user = request.user if request.user.is_authenticated else None
    try:
        return redirect_303(form.save(user, asker_of(request)).get_absolute_url())
    except RoomLeft as refusal:
        return times_page(request, restaurant, request.POST, 409, problem=str(refusal), nearest=refusal.times)
    except Refused as refusal:
        status = 429 if isinstance(refusal, strangers.TooMany) else 422
        return times_page(request, restaurant, request.POST, status, problem=str(refusal))


@require_http_methods(["GET", "HEAD", "POST"])
@limited("guests")
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """How long the queue takes now, and the form that joins it."""
    restaurant = restaurant_or_404(slug)
    form = QueueForm(restaurant, request.POST if request.method == "POST" else None, request.GET.get("code", "")[:20])
    if form.is_bound and "code" in form.fields:
        try:
            check("door-code", f"{slug} {address(request)}", settings.DOOR_CODES_PER_ADDRESS, TEN_MINUTES)
        except TooMany as fault:
            return too_many(request, fault)
    if form.is_bound and form.is_valid() and (entry := form.save(asker_of(request))):
        return redirect_303(entry.get_absolute_url())
    status = 429 if form.is_beyond_bound else 422
    context = {
        "restaurant": restaurant,
        "form": form,
        "region": regions.Queue(slug=slug),
        "page_airport": restaurant.airport,
    }
    return render(request, "restaurants/guests/queue.html", context, status=status if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the link that was mailed to a party, and its button: programs that read mail open links by themselves."""
    entry = open_link(request, QueueEntry.objects.select_related("restaurant__airport"), token, QUEUE_LINK)
    restaurant, problem = entry.restaurant, ""
    if request.method == "POST":
        try:
            entry.confirm(quote(restaurant, entry.party))
        except Refused as refusal:
            problem = str(refusal)
    if entry.state != QueueEntry.State.UNCONFIRMED:
        return redirect_303(entry.get_absolute_url())
    context = {"entry": entry, "restaurant": restaurant, "problem": problem, "page_airport": restaurant.airport}
    return render(request, "restaurants/guests/confirm_queue.html", context, status=422 if problem else 200)


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
