"""A guest's own booking, behind its signed link: change, cancel, hand on, calendar; and all those of who is signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from bookings.restaurants.calendar import entry_of, feed_of
from bookings.restaurants.guests import links, regions
from bookings.restaurants.guests.forms import ChangeForm, ContestNoShowForm, FindForm, TransferForm
from bookings.restaurants.guests.views.addresses import held_address, see
from bookings.restaurants.guests.views.search import explicit
from bookings.restaurants.models import Full, IllegalMove, Refused, State, Taken
from clocks import when
from limits import limited
from links.views import open_link
from post.calendars import calendar_file, response


@never_cache
@require_safe
def booked(request, token):
    reservation = open_link(request, links.bookings(), token)
    if reservation.state == State.HELD:
        return see(held_address(reservation))
    return booked_page(request, reservation)


def booked_page(request, reservation, status=200, **context):
    """The booking's page; ``context`` may have a form as it was filled in, under the name that its place has there."""
    token = reservation.token
    context = {"transfer": TransferForm(auto_id="transfer-%s"), "contest_no_show": ContestNoShowForm(), **context}
    context |= {
        "reservation": reservation,
        "restaurant": reservation.restaurant,
        "token": token,
        "when": when(reservation.starts_at, reservation.tz),
        "region": regions.my_booking.Booked(token=token),
        "page_airport": reservation.restaurant.airport,
    }
    return render(request, "restaurants/guests/booked.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, token):
    """Look for another time, its own tables counted as free; and take it."""
    reservation = open_link(request, links.bookings(), token)
    if not reservation.may_change():
        return booked_page(request, reservation, status=422, problem=too_late(reservation))
    if request.method != "POST":
        return change_page(request, reservation, request.GET)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return change_page(request, reservation, request.POST, 422, _("That was no time of ours. Choose one below."))
    try:
        form.do(reservation)
    except (Full, Taken):
        return change_page(request, reservation, request.POST, 409, _("That time has just gone."))
    except Refused as refusal:
        return change_page(request, reservation, request.POST, 422, str(refusal))
    messages.success(request, _("Changed to %(when)s.") % {"when": when(reservation.starts_at, reservation.tz)})
    return see(reservation.get_absolute_url())


def change_page(request, reservation, query, status=200, problem=""):
    token = reservation.token
    form = FindForm(reservation.restaurant, query, but_for=reservation)
    form.is_valid()
    region = regions.search.ChangeTimes(token=token, query=explicit(form))
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


def too_late(reservation):
    place = reservation.restaurant
    if reservation.state in (State.BOOKED, State.ARRIVED):
        words = {"name": place.name, "phone": place.phone}
        text = _("It is too late to change it here. Please call %(name)s: %(phone)s")
        return (text if place.phone else _("It is too late to change it here. Please call %(name)s.")) % words
    return _("This booking has ended: it can’t be changed.")


@require_POST
def cancel(request, token):
    reservation = open_link(request, links.bookings(), token)
    if reservation.state == State.CANCELLED:
        return see(reservation.get_absolute_url())
    if not reservation.may_change():
        return booked_page(request, reservation, status=422, problem=too_late(reservation))
    return done(request, reservation, reservation.cancel)


@require_POST
@limited("guests")
def transfer(request, token):
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
        request, _("Handed on. %(name)s has mail with the link; yours is no longer valid.") % {"name": name}
    )
    return see(reverse("restaurants:list"))


@require_POST
def contest_no_show(request, token):
    reservation = open_link(request, links.bookings(), token)
    form = ContestNoShowForm(request.POST)
    if not form.is_valid():
        return booked_page(request, reservation, status=422, contest_no_show=form)
    return done(request, reservation, reservation.contest_no_show, **form.cleaned_data)


def done(request, reservation, verb, **fields):
    """Back on its page, after a verb of one's own booking; or told there why not."""
    try:
        verb(**fields)
    except Refused as refusal:
        return booked_page(request, reservation, status=422, problem=str(refusal))
    return see(reservation.get_absolute_url())


@never_cache
@require_safe
def calendar(request, token):
    """The booking for a calendar, as a file or to subscribe to: it says what is true whenever it is fetched."""
    reservation = open_link(request, links.bookings(), token)
    if reservation.state == State.HELD:
        raise Http404
    return response(calendar_file(entry_of(reservation)), reservation.reference)


@never_cache
@require_safe
def feed(request, token):
    """All bookings of who has an account, for a calendar that subscribes to it."""
    user = open_link(request, User.objects.filter(is_active=True), token, links.FEED)
    reservations = user.reservations.made_by_guests().select_related("restaurant__airport").order_by("-first")
    return response(feed_of(reservations[:200]), "airside")


@require_safe
@login_required
def mine(request):
    """The bookings of who is signed in, and the address at which a calendar follows them."""
    address = request.build_absolute_uri(reverse("restaurants:feed", args=[request.user.token_for(links.FEED)]))
    subscribe = f"webcal:{address.partition(':')[2]}"
    context = {"region": regions.my_booking.Mine(user=request.user.pk), "feed": address, "subscribe": subscribe}
    return render(request, "restaurants/guests/mine.html", context)
