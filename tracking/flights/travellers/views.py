"""The pages of boards and flights."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from tracking.flights.models import Airline, Airport, Flight
from tracking.flights.travellers import regions


@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """The results of a search: the flight's page if there is one result, else a live list."""
    region = regions.FoundFlights(query=request.GET)
    flights = region.flights()[:2]
    if len(flights) == 1:
        return redirect("flights:flight", flights[0].pk)
    return render(request, "flights/travellers/found.html", {"region": region})


@require_safe
def departures(request: HttpRequest, iata: str) -> HttpResponse:
    return board(request, regions.DeparturesBoard, iata, "departures")


@require_safe
def arrivals(request: HttpRequest, iata: str) -> HttpResponse:
    return board(request, regions.ArrivalsBoard, iata, "arrivals")


def board(request: HttpRequest, region_class: type[regions.Board], iata: str, name: str) -> HttpResponse:
    """A board's page. ``?airport=BOS``, which the form for another board sends, redirects to that board."""
    chosen = request.GET.get("airport", iata).strip().upper()
    if chosen != iata and Airport.objects.filter(iata=chosen).exists():
        return redirect(f"flights:{name}", chosen)
    region = region_class(iata=iata, query=request.GET)
    context = {
        "board": region,
        "leaves": region.side == "departure",
        "airport": region.airport,
        "page_airport": region.airport,
        "hours": sorted(regions.HOURS),
        "elsewhere": elsewhere(region),
        **choices(region),
    }
    return render(request, "flights/travellers/board.html", context)


def elsewhere(region: regions.Board, limit: int = 6) -> list[Airport]:
    """The busiest other airports on this side."""
    busiest = Flight.objects.busiest(region.side)
    airports = Airport.objects.in_bulk([iata for iata in busiest if iata != region.iata][:limit])
    return [airports[iata] for iata in busiest if iata in airports]


def choices(region: regions.Board) -> dict[str, Any]:
    """The choices of a board's filters: its terminals and airlines, and the airports with flights."""
    leaves = region.side == "departure"
    here = Flight.objects.filter(**{"origin" if leaves else "destination": region.iata})
    terminal = "terminal" if leaves else "arrival_terminal"
    return {
        "terminals": here.exclude(**{terminal: ""}).order_by(terminal).values_list(terminal, flat=True).distinct(),
        "airlines": Airline.objects.filter(flights__in=here).distinct(),
        "airports": Airport.objects.filter(pk__in=Flight.objects.values("origin" if leaves else "destination")),
    }


@require_safe
def flight(request: HttpRequest, pk: int) -> HttpResponse:
    flight = get_object_or_404(Flight.objects.select_related("airline", "origin", "destination"), pk=pk)
    context = {"flight": flight, "region": regions.FlightPage(pk=pk), "page_airport": flight.origin}
    return render(request, "flights/travellers/flight.html", context)


@require_safe
def disruptions(request: HttpRequest) -> HttpResponse:
    return render(request, "flights/travellers/disruptions.html", {"region": regions.Disruptions()})
