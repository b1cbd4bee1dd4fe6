"""Check-in by passengers, and their boarding passes, behind the link of their booking."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.seats.models import Booking, Refused, State, Status, TooEarly
from bookings.seats.models.inventory import lock_all
from bookings.seats.passengers.checkin_regions import BoardingPass, CheckIn, bookings, coupons_of, flights_of
from limits import limited
from links.views import open_link
from pages.kept import KEEPING
from verbs.views import redirect_303
from whole_numbers import key_of

MARK = "Airside-Pass"  # an answer that is a boarding pass, and not the sign-in page of a network


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("guests")
def check_in(request: HttpRequest, token: str) -> HttpResponse:
    """Check in travellers of a booking, on all flights whose check-in is open."""
    booking = open_link(request, bookings(), token)
    if request.method != "POST":
        return page(request, booking)
    chosen, agreed = keys(request, "coupon"), keys(request, "agrees")
    if not chosen:
        return page(request, booking, 422, _("Choose who checks in."))
    try:
        done, too_early = check_in_all(booking, chosen, agreed)
    except Refused as refusal:
        return page(request, booking, 422, str(refusal))
    if not done:
        return page(request, booking, 422, too_early or _("All of them are checked in already."))
    text = ngettext("%(count)s boarding pass is ready.", "%(count)s boarding passes are ready.", done)
    messages.success(request, text % {"count": done})
    return redirect_303(request.path)


def check_in_all(booking: Booking, chosen: set[str], agreed: set[str]) -> tuple[int, str]:
    """How many were checked in now, and why others are too early. All or none: raises Refused for what can't be."""
    done, too_early = 0, ""
    with transaction.atomic():
        lock_all(booking.segments.values_list("inventory", flat=True))
        for coupon in coupons_of(booking):
            if str(coupon.pk) not in chosen or coupon.status in (Status.CHECKED_IN, Status.BOARDED):
                continue
            try:
                coupon.check_in(agrees=str(coupon.pk) in agreed)
            except TooEarly as refusal:
                too_early = str(refusal)
                continue
            done += 1
    return done, too_early


@never_cache
@require_POST
@limited("guests")
def undo(request: HttpRequest, token: str) -> HttpResponse:
    """Undo the check-in of all who are not on board yet, on flights whose check-in is open: to change the booking."""
    booking = open_link(request, bookings(), token)
    with transaction.atomic():
        lock_all(booking.segments.values_list("inventory", flat=True))
        for flown in flights_of(coupons_of(booking), timezone.now()):
            for coupon in flown.coupons:
                if flown.state == "open" and coupon.status == Status.CHECKED_IN:
                    coupon.undo_check_in()
    messages.success(request, _("The check-in is undone. The boarding passes are not valid any more."))
    return redirect_303(reverse("seats:check-in", args=[token]))


def page(request: HttpRequest, booking: Booking, status: int = 200, problem: str = "") -> HttpResponse:
    coupons = coupons_of(booking)
    is_paid = booking.state == State.CONFIRMED and not booking.due
    open_to = [coupon for coupon in coupons if coupon.status == Status.ISSUED and is_paid]
    context: dict[str, Any] = {
        "booking": booking,
        "token": booking.token,
        "region": CheckIn(token=booking.token),
        "to_check_in": flights_of(open_to, timezone.now()),
        "problem": problem,
        "chosen": keys(request, "coupon") if request.method == "POST" else {str(coupon.pk) for coupon in open_to},
        "agreed": keys(request, "agrees"),
        "page_airport": coupons[0].segment.inventory.flight.origin if coupons else None,
    }
    return render(request, "seats/passes/check_in.html", context, status=status)


@never_cache
@require_safe
def boarding_pass(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """One pass: on the phone, also without a network once it was opened, and in print."""
    booking = bookings().from_token(token) if KEEPING in request.headers else open_link(request, bookings(), token)
    region = BoardingPass(token=token, pk=pk)
    coupon = region.coupon
    context: dict[str, Any] = {"region": region, "booking": booking, "token": token, "coupon": coupon}
    if coupon:
        flight = coupon.segment.inventory.flight
        context |= {"flight": flight, "page_airport": flight.origin}
    response = render(request, "seats/passes/pass.html", context)
    response[MARK] = "yes"
    return response


def keys(request: HttpRequest, name: str) -> set[str]:
    """The keys of the boxes that were ticked."""
    return {key for key in request.POST.getlist(name)[:100] if key_of(key)}
