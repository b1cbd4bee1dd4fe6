"""Parties that call or come without a booking: the telephone, walk-ins, and the table that they get."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.restaurants.hosts.floor import table_today
from bookings.restaurants.hosts.forms.arrivals import NewBooking, WalkIn
from bookings.restaurants.hosts.views.panels import day_asked, for_staff, get_or_post, show_form, show_panel, today_at
from bookings.restaurants.hosts.views.reservation import RESERVATION
from bookings.restaurants.models import Restaurant, Table
from verbs.views import act


@get_or_post
@for_staff
def new_booking(request: HttpRequest, restaurant: Restaurant) -> HttpResponse:
    """Take a booking by telephone."""
    day = day_asked(request, restaurant)
    panel = partial(show_form, request, restaurant, day, "_new_booking.html")
    if request.method != "POST":
        return panel(NewBooking(restaurant, date=day))
    form = NewBooking(restaurant, request.POST)
    return act(request, form, panel, RESERVATION.address, done_panel=partial(RESERVATION.show, request))


@get_or_post
@for_staff
def walk_in(request: HttpRequest, restaurant: Restaurant) -> HttpResponse:
    """Seat a party without a booking now: ``?party=`` guests, ``?table=`` if a table is chosen already."""
    table = request.GET.get("table", "")
    panel = partial(show_form, request, restaurant, today_at(restaurant), "_walk_in.html", table=table)
    if request.method != "POST":
        return panel(WalkIn(restaurant, party_asked(request), tables=table))
    form = WalkIn(restaurant, party_asked(request), request.POST)
    return act(request, form, panel, RESERVATION.address, done_panel=partial(RESERVATION.show, request))


def party_asked(request: HttpRequest) -> int:
    asked = (request.POST or request.GET).get("party", "")
    return int(asked) if asked.isdecimal() and len(asked) < 4 else 2


@require_safe
@for_staff
def table(request: HttpRequest, restaurant: Restaurant, pk: int) -> HttpResponse:
    """The parties that have a table on a day; and, if it is free now, the form for a walk-in."""
    found = get_object_or_404(Table.objects.select_related("area"), pk=pk, area__restaurant=restaurant)
    day = day_asked(request, restaurant)
    context = {"table": found, "rows": table_today(restaurant, found, day, timezone.now())}
    if day == today_at(restaurant):
        form = WalkIn(restaurant, max(found.min_covers, min(2, found.max_covers)), tables=str(found.pk))
        if any(option.value == str(found.pk) for option in form.options):
            context["form"] = form
    return show_panel(request, restaurant, day, "_table.html", context)
