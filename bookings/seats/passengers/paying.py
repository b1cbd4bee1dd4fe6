"""From a booking to its payment: the price is asked again where it was guaranteed until a time that has passed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.seats.models import Booking, PriceChanged, Refused, State
from checkout.models import Payment
from limits import limited
from links.views import open_link
from money import Money
from whole_numbers import whole


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("payments")
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """The amount, until when, and one button that names it. It leads to the payment."""
    booking = open_link(request, Booking.objects.all(), token)
    if booking.state == State.HELD:
        return redirect("seats:hold", token)
    if booking.is_expired() or not booking.amount_due():
        return redirect(booking.get_absolute_url())
    if request.method != "POST":
        return pay_page(request, booking)
    try:
        if booking.state == State.BOOKED and timezone.now() >= booking.price_until:
            accepted = whole(request.POST.get("accepted", ""))
            booking.reprice(booking.total if accepted is None else accepted)
        payment = Payment.objects.begin(booking)
    except PriceChanged as changed:
        prices = {"old": Money(changed.old, booking.currency), "new": Money(changed.new, booking.currency)}
        return pay_page(request, booking, 409, **prices)
    except Refused as refusal:
        return pay_page(request, booking, 422, problem=str(refusal))
    return redirect(payment.get_absolute_url())


def pay_page(request: HttpRequest, booking: Any, status: int = 200, **context: Any) -> HttpResponse:
    zone = booking.segments.select_related("inventory__flight__origin").first().inventory.flight.origin.tz
    asks_again = booking.state == State.BOOKED and timezone.now() >= booking.price_until
    context |= {"booking": booking, "due": booking.amount_due(), "zone": zone, "asks_again": asks_again}
    return render(request, "seats/passengers/pay.html", context, status=status)
