"""The search page: the form, the strip of days, and the results."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.seats.search.airports import offered
from bookings.seats.search.days import DayPrice, nearest, strip
from bookings.seats.search.forms import Asked, SearchForm, query_of
from bookings.seats.search.regions import FlightUpdates
from bookings.seats.search.shown import keep_list
from clocks import day_words
from limits import MINUTE, limited
from tracking.flights.models import Airline


@require_safe
@limited("flight-search", 120, MINUTE, methods=("GET",))
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    context: dict[str, Any] = {"form": form, "airports": offered(), "key": uuid4()}
    if form.is_asked and form.is_valid():
        context |= results(form)
    return render(request, "seats/search/page.html", context)


def results(form: SearchForm) -> dict[str, Any]:
    """What the page shows of a search that makes sense."""
    asked, query = form.asked, query_of(form.asked)
    region = FlightUpdates(query)
    region.now, region.form, region.asked = timezone.now(), form, asked
    found = region.results
    region.filters["seen"] = keep_list([itinerary.id for itinerary in found.itineraries])
    days = as_listed(strip(asked, region.offers, region.now), region)
    form.fields["airlines"].choices = airlines(found.airlines, asked)
    is_empty = not found.itineraries
    return {
        "region": region,
        "asked": asked,
        "query": query,
        "days": [(each, link(asked, each)) for each in days],
        "nearest": nearest_day(days, asked, region) if is_empty else None,
        "without_filters": link_without_filters(query) if is_empty and found.is_filtered else "",
    }


def as_listed(days: list[DayPrice], region: FlightUpdates) -> list[DayPrice]:
    """The strip may be a minute old; for the day that is shown it says what the list says."""
    if region.results.is_cut:
        return days
    shown = [fare.total for found in region.results.itineraries for fare in region.fares[found.id].values()]
    lowest = min(shown, key=lambda total: total.amount, default=None)
    return [each._replace(lowest=lowest) if each.day == region.asked.day else each for each in days]


def airlines(codes: Any, asked: Asked) -> list[tuple[str, str]]:
    return list(Airline.objects.filter(pk__in={*codes, *asked.airlines}).values_list("pk", "name"))


def nearest_day(days: list[DayPrice], asked: Asked, region: FlightUpdates) -> tuple[str, str] | None:
    """Its words and its address."""
    day = nearest(days, asked, region.now)
    return (day_words(day), address(query_of(asked._replace(day=day)))) if day else None


def link(asked: Asked, each: DayPrice) -> str:
    return "" if each.has_passed else address(query_of(asked._replace(day=each.day)))


def link_without_filters(query: dict[str, str]) -> str:
    return address(
        {name: value for name, value in query.items() if name not in ("stops", "airlines", "departs", "max_price")}
    )


def address(query: dict[str, str]) -> str:
    return f"{reverse('seats:search')}?{urlencode(query)}"
