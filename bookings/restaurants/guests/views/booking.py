"""A guest holds a table and books it."""

from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bookings.restaurants.guests import holds, links
from bookings.restaurants.guests.addresses import held_url, restaurant_or_404, times_url
from bookings.restaurants.guests.forms import GuestForm, SlotForm
from bookings.restaurants.guests.holds import Choice
from bookings.restaurants.guests.regions import Times
from bookings.restaurants.guests.views.search import times_page, times_region
from bookings.restaurants.models import (
    Closed,
    Full,
    IllegalMove,
    Refused,
    Reservation,
    Restaurant,
    State,
    Taken,
    TooMany,
)
from bookings.restaurants.models.slots import moment_of
from clocks import today, when
from limits import limited
from links import tokens
from links.views import open_link
from verbs.views import redirect_303

NAMESPACE = UUID("5f0c1f0e-9f0b-4a43-8d43-6d7f4f4a2f11")  # of the keys of holds, made of a page's key and the choice
TYPED = "restaurants.typed"  # in the session: what a guest typed before the table was gone


@require_POST
@limited("guests")
def hold(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a table for seven minutes. What else this browser held at this restaurant is released."""
    restaurant = restaurant_or_404(slug)
    form = SlotForm(request.POST)
    if not form.is_valid():
        problem = _("That time isn’t available. Choose one below.")
        return times_page(request, restaurant, request.POST, 422, problem=problem)
    choice = Choice(*form.choice)
    key = uuid5(NAMESPACE, f"{form.cleaned_data['key'] or uuid4()} {restaurant.pk} {form.choice}")
    former = holds.own_hold(request, restaurant)
    if not former:
        region = times_region(restaurant, query_of(restaurant, choice))
        time = region.at(choice.slot) if region.form.is_valid() else None
        # Fail fast, without the lock. But a time that this page itself has taken before is not lost.
        if time and not time.is_free and not Reservation.objects.filter(key=key).exists():
            return refused(request, restaurant, choice, Full(), region=region)
    try:
        held = holds.hold_instead(request, restaurant, choice, key, former)
    except Refused as refusal:
        return refused(request, restaurant, choice, refusal)
    if held.state == State.HELD:
        holds.remember(request, held, slug, choice)
    return redirect_303(held_url(held))


def query_of(restaurant: Restaurant, choice: Choice) -> dict[str, str]:
    """The query for the times of the day on which the chosen slot is."""
    day = today(restaurant.tz, moment_of(choice.slot))
    return {"party": str(choice.party), "date": day.isoformat(), "area": str(choice.area or "")}


def refused(
    request: HttpRequest,
    restaurant: Restaurant,
    choice: Choice,
    refusal: Refused,
    status: int = 409,
    region: Times | None = None,
) -> HttpResponse:
    """The page of times with the reason; if the time is gone, with the nearest ones that are free."""
    query = query_of(restaurant, choice)
    if isinstance(refusal, TooMany):
        return times_page(request, restaurant, query, 429, problem=str(refusal), nearest=[])
    if not isinstance(refusal, (Full, Taken)):
        return times_page(request, restaurant, query, 422, problem=str(refusal), nearest=[])
    region = region or times_region(restaurant, query)
    is_valid = region.form.is_valid()
    nearest = region.availability.nearest(choice.slot, choice.party, area=choice.area) if is_valid else []
    problem = _("That time has just gone.")
    return times_page(request, restaurant, query, status, region, problem=problem, nearest=nearest)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def held(request: HttpRequest, token: str) -> HttpResponse:
    """A hold with its countdown, and the form that books it. Sent twice, the form leads to the same booking."""
    try:
        reservation = open_link(request, links.bookings(), token)
    except Http404:
        return gone(request, token)
    if reservation.state == State.CANCELLED:
        return not_held(request, reservation)
    if reservation.state != State.HELD:
        return redirect_303(reservation.get_absolute_url())
    if request.method != "POST":
        return held_page(request, reservation, GuestForm(initial=known_details(request)))
    form = GuestForm(request.POST)
    if not form.is_valid():
        return held_page(request, reservation, form, status=422)
    return confirm(request, reservation, token, form)


def confirm(request: HttpRequest, reservation: Reservation, token: str, form: GuestForm) -> HttpResponse:
    user = request.user if request.user.is_authenticated else None
    key = reservation.pk
    try:
        reservation.confirm(**form.cleaned_data, user=user)
    except (Taken, Reservation.DoesNotExist):
        return gone(request, token)
    except IllegalMove:
        if reservation.state == State.CANCELLED:
            return not_held(request, reservation)
    except (Closed, TooMany) as refusal:
        form.add_error(None, str(refusal))
        return held_page(request, reservation, form, status=429 if isinstance(refusal, TooMany) else 422)
    holds.forget(request, key)
    request.session.pop(TYPED, None)
    return redirect_303(reservation.get_absolute_url())


def held_page(request: HttpRequest, reservation: Reservation, form: GuestForm, status: int = 200) -> HttpResponse:
    restaurant = reservation.restaurant
    context = {
        "reservation": reservation,
        "restaurant": restaurant,
        "form": form,
        "when": when(reservation.starts_at, restaurant.tz),
        "is_expired": reservation.is_expired(),
        "is_past": reservation.starts_at < timezone.now(),
        "address": times_url(reservation),
        "cancel_before": restaurant.cancel_before,
        "page_airport": restaurant.airport,
    }
    return render(request, "restaurants/guests/held.html", context, status=status)


def not_held(request: HttpRequest, reservation: Reservation) -> HttpResponse:
    messages.info(request, _("Your hold has ended. Choose a time again."))
    return redirect_303(times_url(reservation))


def known_details(request: HttpRequest) -> dict[str, Any]:
    """The initial values of the form: of the account, and what the guest typed for a table that was gone."""
    known = {}
    if request.user.is_authenticated:
        known = {"name": request.user.get_full_name(), "email": request.user.email}
    return {**known, **request.session.get(TYPED, {})}


def gone(request: HttpRequest, token: str) -> HttpResponse:
    """The hold expired and somebody took its table. What the guest typed is kept for the next hold."""
    opened = tokens.read(token, Reservation.link_kind())
    found = opened and holds.choice_of(request, opened[0])
    if not found:
        raise Http404
    slug, choice = found
    if request.method == "POST":
        request.session[TYPED] = {name: request.POST.get(name, "")[:400] for name in GuestForm.base_fields}
    return refused(request, restaurant_or_404(slug), choice, Full(), status=410)


@require_POST
def release(request: HttpRequest, token: str) -> HttpResponse:
    reservation = open_link(request, links.bookings(), token)
    holds.release(reservation)
    holds.forget(request, reservation.pk)
    return redirect_303(times_url(reservation))
