"""What is held, and the form that books it. Nothing that was typed is lost, whatever becomes of the hold or its price."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bookings.seats.models import (
    FareGone,
    Full,
    IllegalMove,
    NotForSale,
    PriceChanged,
    Refused,
    SeatTaken,
    State,
    TooMany,
    Unfit,
)
from bookings.seats.passengers.forms import PassengersForm
from bookings.seats.passengers.hold_regions import HeldPrice, HeldTrip
from bookings.seats.passengers.trips import bookings, next_url, search_again
from limits import limited
from links.views import open_link
from money import Money
from verbs.views import redirect_303

TYPED = "seats.typed"  # in the session: what a customer typed before the seats were gone
GONE = (Full, FareGone, NotForSale, SeatTaken)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("flight-bookings")
def hold(request: HttpRequest, token: str) -> HttpResponse:
    """A hold with its countdown, and the form that books it. Sent twice, the form leads to the same booking."""
    booking = open_link(request, bookings(), token)
    if booking.state != State.HELD:
        return ended(request, booking)
    if request.method != "POST":
        return page(request, booking, PassengersForm(booking, initial=known(request)))
    form = PassengersForm(booking, request.POST)
    if not form.is_valid():
        return page(request, booking, form, 422)
    return book(request, booking, form)


def book(request: HttpRequest, booking: Any, form: PassengersForm) -> HttpResponse:
    data = form.cleaned_data
    user = request.user if request.user.is_authenticated else None
    try:
        if others := renewed(booking):
            return page(request, booking, form, 409, problem=others)
        booking.book(
            form.typed, data["email"], data["phone"], user=user, accepted=data["accepted"], later=form.pays_later
        )
    except PriceChanged as refusal:
        prices = {"old": Money(data["accepted"], booking.currency), "new": Money(refusal.new, booking.currency)}
        return page(request, booking, form, 409, **prices)
    except IllegalMove:
        return ended(request, booking)
    except GONE as refusal:
        request.session[TYPED] = form.kept()
        return page(request, booking, form, 409, problem=str(refusal), search=search_again(booking))
    except Refused as refusal:
        return page(request, booking, form, 429 if isinstance(refusal, TooMany) else 422, problem=str(refusal))
    request.session.pop(TYPED, None)
    return redirect_303(next_url(booking))


def renewed(booking: Any) -> str:
    """Hold what has expired again; a sentence where other seats than before are held now."""
    if not booking.is_expired():
        return ""
    before = seats_of(booking)
    booking.renew()
    after = seats_of(booking)
    if after == before:
        return ""
    return _(
        "Your hold had expired, and somebody else has taken one of your seats. Nothing is booked yet: "
        "we now hold %(seats)s for you. Look at them, then press the button again."
    ) % {"seats": ", ".join(after.values())}


def seats_of(booking: Any) -> dict[int, str]:
    return {coupon.pk: coupon.seat for coupon in booking.coupons() if coupon.traveller.has_seat}


def page(request: HttpRequest, booking: Any, form: PassengersForm, status: int = 200, **said: Any) -> HttpResponse:
    """The page of a hold. ``said``: ``problem``, or ``old`` and ``new`` prices."""
    token = booking.token
    context = {
        "booking": booking,
        "form": form,
        "trip": HeldTrip(token=token),
        "price": HeldPrice(token=token),
        **said,
    }
    return render(request, "seats/passengers/hold.html", context, status=status)


def ended(request: HttpRequest, booking: Any) -> HttpResponse:
    """It is booked already, or it was released."""
    if booking.state != State.CANCELLED:
        return redirect_303(next_url(booking))
    messages.info(request, _("These seats are not held any more. Choose a flight again."))
    return redirect_303(search_again(booking))


def known(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: of the account, and what was typed for seats that were gone."""
    found = {}
    if request.user.is_authenticated:
        user = request.user
        found = {"given-0": user.first_name, "surname-0": user.last_name, "email": user.email}
    return {**found, **request.session.get(TYPED, {})}


def remember(request: HttpRequest, booking: Any) -> None:
    """Keep what was typed so far: the buttons of the page send it along."""
    if typed := PassengersForm(booking, request.POST).kept():
        request.session[TYPED] = typed


@require_POST
@limited("flight-bookings")
def keep(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """Go to the seat map of a flight, and keep what was typed."""
    booking = open_link(request, bookings(), token)
    remember(request, booking)
    return redirect_303(reverse("seats:seats", args=[token, position]))


@require_POST
@limited("flight-bookings")
def extend(request: HttpRequest, token: str) -> HttpResponse:
    return change(request, token, "extend")


@require_POST
@limited("flight-bookings")
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """Hold the seats again after the hold has expired."""
    return change(request, token, "renew")


def change(request: HttpRequest, token: str, verb: str) -> HttpResponse:
    """Do a verb of the hold, and show its page. What was typed so far comes along in the form of the page."""
    booking = open_link(request, bookings(), token)
    if booking.state != State.HELD:
        return ended(request, booking)
    remember(request, booking)
    said = ""
    try:
        if verb == "renew":
            said = renewed(booking)
        else:
            booking.extend()
    except IllegalMove:
        return ended(request, booking)
    except Refused as refusal:
        status = 429 if isinstance(refusal, TooMany) else 422 if isinstance(refusal, Unfit) else 409
        gone = {"search": search_again(booking)} if isinstance(refusal, GONE) else {}
        return page(
            request, booking, PassengersForm(booking, initial=known(request)), status, problem=str(refusal), **gone
        )
    if said:
        messages.warning(request, said)
    return redirect_303(reverse("seats:hold", args=[token]))


@require_POST
@limited("flight-bookings")
def release(request: HttpRequest, token: str) -> HttpResponse:
    """Give the seats up."""
    booking = open_link(request, bookings(), token)
    with suppress(IllegalMove):
        booking.release()
    return ended(request, booking)
