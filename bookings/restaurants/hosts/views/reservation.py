"""The panel of a reservation, and the verbs that hosts do with it."""

from collections.abc import Iterable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bookings.restaurants.hosts.forms.reservation import FORMS
from bookings.restaurants.hosts.regions import entries as regions
from bookings.restaurants.hosts.timeline import ReservationTimeline
from bookings.restaurants.hosts.views.panels import for_staff, show_panel
from bookings.restaurants.models import Reservation, ReservationChange, Restaurant
from verbs.forms import ActionForm, form_of
from verbs.views import act, panel_context


@require_safe
@for_staff
def reservation(request: HttpRequest, restaurant: Restaurant, reference: str) -> HttpResponse:
    return reservation_panel(request, find_reservation(restaurant, reference))


@require_POST
@for_staff
def change(request: HttpRequest, restaurant: Restaurant, reference: str, verb: str) -> HttpResponse:
    """One verb of one reservation."""
    found = find_reservation(restaurant, reference)
    form = form_of(FORMS, verb, found, request.POST)
    return act(request, form, partial(reservation_panel, request, found), done_url=reservation_address)


def find_reservation(restaurant: Restaurant, reference: str) -> Reservation:
    rows = restaurant.reservations.select_related("restaurant__airport", "service").prefetch_related("tables__area")
    return get_object_or_404(rows, reference=reference)


def reservation_panel(
    request: HttpRequest,
    found: Reservation,
    asked: ActionForm | None = None,
    status: int = 200,
    since: Iterable[ReservationChange] | None = None,
    done: str = "",
) -> HttpResponse:
    found = find_reservation(found.restaurant, found.reference)
    captured = {"slug": found.restaurant.slug, "reference": found.reference}
    context = {
        "reservation": found,
        "region": regions.ReservationState(**captured),
        "history": regions.ReservationHistory(**captured),
        **panel_context(found, FORMS, ReservationTimeline(found), asked, since, done),
    }
    return show_panel(request, found.restaurant, found.day, "_reservation.html", context, status)


def reservation_address(found: Reservation) -> str:
    return reverse("restaurants:book-reservation", args=[found.restaurant.slug, found.reference])
