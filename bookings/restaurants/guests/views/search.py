"""A guest looks for a time, at all restaurants or at one."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.restaurants.guests import holds
from bookings.restaurants.guests.addresses import held_url, restaurant_or_404
from bookings.restaurants.guests.forms import AllForm, FindForm, WaitlistForm
from bookings.restaurants.guests.regions import Restaurants, Times
from bookings.restaurants.models import Restaurant
from bookings.restaurants.models.times import Time
from clocks import when
from pages.nav import home_airport


@require_safe
def restaurants(request: HttpRequest) -> HttpResponse:
    form = AllForm(request.GET, home_airport().today())
    party, day = form.asked
    region = Restaurants(query={"party": str(party), "date": day.isoformat()})
    context = {"form": form, "region": region, "party": party, "key": uuid4()}
    return render(request, "restaurants/guests/list.html", context)


@require_safe
def restaurant(request: HttpRequest, slug: str) -> HttpResponse:
    """The times of one restaurant. The query of a widget or a mail may name a ``slot``, which is then offered first."""
    return times_page(request, restaurant_or_404(slug), request.GET)


def times_page(
    request: HttpRequest,
    restaurant: Restaurant,
    query: Mapping[str, str],
    status: int = 200,
    region: Times | None = None,
    **context: Any,
) -> HttpResponse:
    """``region``: the times of this query, if they have been read already. ``context``: ``problem``, ``nearest``, forms."""
    region = region or times_region(restaurant, query)
    form = region.form
    if form.is_valid():
        party, day, _area = form.asked
        context.setdefault("waitlist", WaitlistForm(restaurant, party, day, region.availability.times(day, party)))
        context |= {"party": party, "day": day, "chosen": chosen(region, query.get("slot"))}
    own = holds.own_hold(request, restaurant)
    context |= {
        "restaurant": restaurant,
        "form": form,
        "key": uuid4(),
        "own": own,
        "own_address": own and held_url(own),
        "own_when": own and when(own.starts_at, restaurant.tz),
        "works_here": request.user.is_authenticated and restaurant.staff.contains(request.user),
        "region": region,
        "page_airport": restaurant.airport,
    }
    return render(request, "restaurants/guests/restaurant.html", context, status=status)


def times_region(restaurant: Restaurant, query: Mapping[str, str]) -> Times:
    form = FindForm(restaurant, query)
    region = Times(slug=restaurant.slug, query=full_query(form))
    region.restaurant, region.form = restaurant, form
    return region


def full_query(form: FindForm) -> dict[str, str]:
    """The query with all that the form looks for, so that its meaning does not change with the day."""
    return {name: str(form.data[name]) for name in ("party", "date", "area") if form.data.get(name)}


def chosen(region: Times, slot: str | None) -> Time | None:
    """The time that an address names, if it is free."""
    time = region.at(int(slot)) if slot and slot.isdecimal() and len(slot) < 12 else None
    return time if time and time.is_free else None
