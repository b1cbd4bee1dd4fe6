"""The panel of a reservation, and the verbs that hosts do with it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from bookings.restaurants.hosts.forms.reservation import FORMS
from bookings.restaurants.hosts.regions import entries as regions
from bookings.restaurants.hosts.timeline import ReservationTimeline
from bookings.restaurants.hosts.views.panels import EntryPanel, for_staff
from bookings.restaurants.models import Restaurant

RESERVATION = EntryPanel(
    "_reservation.html",
    "restaurants:book-reservation",
    FORMS,
    ReservationTimeline,
    regions.ReservationState,
    regions.ReservationHistory,
)


@require_safe
@for_staff
def reservation(request: HttpRequest, restaurant: Restaurant, reference: str) -> HttpResponse:
    return RESERVATION.show(request, get_object_or_404(restaurant.reservations, reference=reference))


@require_POST
@for_staff
def change(request: HttpRequest, restaurant: Restaurant, reference: str, verb: str) -> HttpResponse:
    """One verb of one reservation."""
    return RESERVATION.act(request, get_object_or_404(restaurant.reservations, reference=reference), verb)
