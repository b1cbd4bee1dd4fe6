"""Closed days and services: closing one, the bookings that are left then, and opening it again."""

from datetime import date
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from bookings.restaurants.hosts.forms.closing import Close, Reopen, close_address
from bookings.restaurants.hosts.reservation_list import expected_rows
from bookings.restaurants.hosts.views.panels import day_asked, for_staff, get_or_post, show_form
from bookings.restaurants.models import Closure, Restaurant
from verbs.forms import ActionForm
from verbs.views import act


@get_or_post
@for_staff
def close(request: HttpRequest, restaurant: Restaurant) -> HttpResponse:
    """Close a day, or a service of it."""
    day = day_asked(request, restaurant)
    if request.method != "POST":
        return closing_panel(request, restaurant, day)
    form = Close(restaurant, day, request.POST)
    panel = partial(closing_panel, request, restaurant, day)
    return act(request, form, panel, address_of, done_panel=partial(panel_of, request))


@require_POST
@for_staff
def reopen(request: HttpRequest, restaurant: Restaurant, pk: int) -> HttpResponse:
    """Open a closed day or service again."""
    closure = get_object_or_404(restaurant.closures.select_related("service"), pk=pk)
    panel = partial(closing_panel, request, restaurant, closure.day)
    return act(request, Reopen(closure, request.POST), panel, address_of, done_panel=partial(panel_of, request))


def closing_panel(
    request: HttpRequest,
    restaurant: Restaurant,
    day: date,
    form: ActionForm | None = None,
    status: int = 200,
    done: str = "",
) -> HttpResponse:
    """The closures of a day, each with the bookings that are left, and the form for another one."""
    now = timezone.now()
    closures = [
        (closure, expected_rows(restaurant, day, closure.service_id, now), Reopen(closure))
        for closure in restaurant.closures.filter(day=day).select_related("service", "by", "restaurant")
    ]
    form = form if isinstance(form, Close) else Close(restaurant, day)
    return show_form(request, restaurant, day, "_close.html", form, status, closures=closures, done=done)


def panel_of(request: HttpRequest, closure: Closure, done: str) -> HttpResponse:
    return closing_panel(request, closure.restaurant, closure.day, done=done)


def address_of(closure: Closure) -> str:
    return close_address(closure.restaurant, closure.day)
