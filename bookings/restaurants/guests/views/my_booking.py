"""A guest's own booking behind its signed link: change, cancel, transfer, calendar; and all bookings of an account."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from bookings.restaurants.calendar import entry_of, feed_of
from bookings.restaurants.guests import links, regions
from bookings.restaurants.guests.addresses import held_url
from bookings.restaurants.guests.forms import ChangeForm, ContestNoShowForm, FindForm, TransferForm
from bookings.restaurants.guests.views.search import full_query
from bookings.restaurants.models import Full, IllegalMove, Refused, Reservation, State, Taken, TooLate
from clocks import when
from limits import limited
from links.views import open_link
from post.calendars import calendar_file, feed_at, response
from verbs.views import redirect_303


@never_cache
@require_safe
def booked(request: HttpRequest, token: str) -> HttpResponse:
    reservation = open_link(request, links.bookings(), token)
    if reservation.state == State.HELD:
        return redirect_303(held_url(reservation))
    return booked_page(request, reservation)


def booked_page(request: HttpRequest, reservation: Reservation, status: int = 200, **context: Any) -> HttpResponse:
    """The page of a booking; ``context``: ``problem``, or a form as it was filled in, by its name in the template."""
    token = reservation.token
    context = {"transfer": TransferForm(auto_id="transfer-%s"), "contest_no_show": ContestNoShowForm(), **context}
    context |= {
        "reservation": reservation,
        "restaurant": reservation.restaurant,
        "token": token,
        "when": when(reservation.starts_at, reservation.tz),
        "region": regions.Booked(token=token),
        "page_airport": reservation.restaurant.airport,
    }
    return render(request, "restaurants/guests/booked.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, token: str) -> HttpResponse:
    """Look for another time, with the booking's own tables counted as free, and take it."""
    reservation = open_link(request, links.bookings(), token)
    if not reservation.may_change():
        return booked_page(request, reservation, status=422, problem=reservation.too_late())
    if request.method != "POST":
        return change_page(request, reservation, request.GET)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return change_page(request, reservation, request.POST, 422, _("That time isn’t available. Choose one below."))
    try:
        form.do(reservation)
    except (Full, Taken):
        return change_page(request, reservation, request.POST, 409, _("That time has just gone."))
    except TooLate as refusal:
        return booked_page(request, reservation, status=422, problem=str(refusal))
    except Refused as refusal:
        return change_page(request, reservation, request.POST, 422, str(refusal))
    messages.success(request, _("Changed to %(when)s.") % {"when": when(reservation.starts_at, reservation.tz)})
    return redirect_303(reservation.get_absolute_url())


def change_page(
    request: HttpRequest, reservation: Reservation, query: Mapping[str, str], status: int = 200, problem: str = ""
) -> HttpResponse:
    token = reservation.token
    form = FindForm(reservation.restaurant, query, but_for=reservation)
    form.is_valid()
    region = regions.ChangeTimes(token=token, query=full_query(form))
    region.but_for, region.form = reservation, form
    context = {
        "reservation": reservation,
        "restaurant": reservation.restaurant,
        "token": token,
        "form": form,
        "party": form.cleaned_data.get("party"),
        "when": when(reservation.starts_at, reservation.tz),
        "problem": problem,
        "region": region,
        "page_airport": reservation.restaurant.airport,
    }
    return render(request, "restaurants/guests/change.html", context, status=status)


@require_POST
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    reservation = open_link(request, links.bookings(), token)
    if reservation.state == State.CANCELLED:
        return redirect_303(reservation.get_absolute_url())
    return done(request, reservation, reservation.cancel)


@require_POST
@limited("guests")
def transfer(request: HttpRequest, token: str) -> HttpResponse:
    reservation = open_link(request, links.bookings(), token)
    form = TransferForm(request.POST, auto_id="transfer-%s")
    if not form.is_valid():
        return booked_page(request, reservation, status=422, transfer=form)
    try:
        reservation.transfer(**form.cleaned_data)
    except IllegalMove as refusal:
        return booked_page(request, reservation, status=422, problem=str(refusal))
    name = form.cleaned_data["name"]
    messages.success(
        request, _("Transferred. We have sent %(name)s a link by mail. Your link is no longer valid.") % {"name": name}
    )
    return redirect_303(reverse("restaurants:list"))


@require_POST
def contest_no_show(request: HttpRequest, token: str) -> HttpResponse:
    reservation = open_link(request, links.bookings(), token)
    form = ContestNoShowForm(request.POST)
    if not form.is_valid():
        return booked_page(request, reservation, status=422, contest_no_show=form)
    return done(request, reservation, reservation.contest_no_show, **form.cleaned_data)


def done(request: HttpRequest, reservation: Reservation, verb: Callable[..., Any], **fields: Any) -> HttpResponse:
    """Call a verb of the booking, and lead back to its page; the page says why if it is refused."""
    try:
        verb(**fields)
    except Refused as refusal:
        return booked_page(request, reservation, status=422, problem=str(refusal))
    return redirect_303(reservation.get_absolute_url())


@never_cache
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The booking as a calendar file, to open once or to subscribe to."""
    reservation = open_link(request, links.bookings(), token)
    if reservation.state == State.HELD:
        raise Http404
    return response(calendar_file(entry_of(reservation)), reservation.reference)


@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """All bookings of an account, for a calendar that subscribes to them."""
    user = open_link(request, User.objects.filter(is_active=True), token, links.FEED)
    reservations = user.reservations.made_by_guests().select_related("restaurant__airport").order_by("-first")
    return response(feed_of(reservations[:200]), "airside")


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """All bookings of the account, and the address to which a calendar can subscribe."""
    path = reverse("restaurants:feed", args=[request.user.token_for(links.FEED)])
    context = {"region": regions.Mine(user=request.user.pk), "feed": feed_at(request, path)}
    return render(request, "restaurants/guests/mine.html", context)
