"""Guests who wait: on the waitlist for a time that is full, or in the queue for a table now."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.restaurants.guests import links, regions
from bookings.restaurants.guests.forms import FindForm, QueueForm, WaitlistForm
from bookings.restaurants.guests.views.addresses import restaurant_of, see
from bookings.restaurants.guests.views.search import times_page
from bookings.restaurants.models import IllegalMove, Refused, Reservation, WaitlistEntry
from bookings.restaurants.models.availability import Availability
from clocks import day_words
from limits import limited
from links.views import open_link


@require_POST
@limited("guests")
def waitlist(request, slug):
    place = restaurant_of(slug)
    find = FindForm(place, request.POST)
    if not find.is_valid():
        return times_page(request, place, request.POST, 422)
    party, day, _area = find.asked
    form = WaitlistForm(place, party, day, Availability(place, day).times(day, party), request.POST)
    if not form.is_valid():
        return times_page(request, place, request.POST, 422, waitlist=form)
    return see(form.save().get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@limited("guests")
def queue(request, slug):
    """How long one waits for a table now, and the way into the queue."""
    place = restaurant_of(slug)
    form = QueueForm(place, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return see(form.save().get_absolute_url())
    context = {
        "restaurant": place,
        "form": form,
        "region": regions.my_booking.Queue(restaurant=slug),
        "page_airport": place.airport,
    }
    return render(request, "restaurants/guests/queue.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_safe
def waiting(request, token):
    waiting = open_link(request, links.waiting(token), token)
    if isinstance(waiting, WaitlistEntry) and waiting.state == WaitlistEntry.State.BOOKED and waiting.offer:
        return see(waiting.offer.get_absolute_url())
    return waiting_page(request, waiting, token)


def waiting_page(request, waiting, token, status=200, problem=""):
    context = {
        "waiting": waiting,
        "is_on_waitlist": isinstance(waiting, WaitlistEntry),
        "restaurant": waiting.restaurant,
        "token": token,
        "problem": problem,
        "day": day_words(waiting.day) if isinstance(waiting, WaitlistEntry) else "",
        "region": regions.my_booking.Waiting(token=token),
        "page_airport": waiting.restaurant.airport,
    }
    return render(request, "restaurants/guests/waiting.html", context, status=status)


@require_POST
def claim(request, token):
    """Take the table that the waitlist offers."""
    entry = open_link(request, links.waiting(token), token)
    if not isinstance(entry, WaitlistEntry):
        raise Http404
    try:
        return see(entry.claim().get_absolute_url())
    except (Refused, Reservation.DoesNotExist):
        entry = links.waiting(token).from_token(token)
        return waiting_page(request, entry, token, 409, _("This offer has expired."))


@require_POST
def leave(request, token):
    waiting = open_link(request, links.waiting(token), token)
    try:
        waiting.leave()
    except IllegalMove as refusal:
        return waiting_page(request, links.waiting(token).from_token(token), token, 422, str(refusal))
    return see(waiting.get_absolute_url())
