"""Pages of boards and flights, and the flight desk."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from tracking.flights.models import Airline, Airport, Flight
from tracking.flights.travellers import regions


@require_safe
def found(request):
    """What a traveller looked for: the flight's page if there is one such flight, else a list that stays current."""
    region = regions.FoundFlights(query=request.GET)
    flights = region.flights()[:2]
    if len(flights) == 1:
        return redirect("flights:flight", flights[0].pk)
    return render(request, "flights/travellers/found.html", {"region": region})


@require_safe
def departures(request, airport):
    return board(request, regions.DeparturesBoard, airport, "departures")


@require_safe
def arrivals(request, airport):
    return board(request, regions.ArrivalsBoard, airport, "arrivals")


def board(request, region_class, airport, name):
    """A board's page. ``?airport=BOS`` of the form that chooses another one leads to that one's own address."""
    chosen = request.GET.get("airport", airport).strip().upper()
    if chosen != airport and Airport.objects.filter(iata=chosen).exists():
        return redirect(f"flights:{name}", chosen)
    region = region_class(airport=airport, query=request.GET)
    context = {
        "board": region,
        "leaves": region.side == "departure",
        "place": region.place,
        "page_airport": region.place,
        "hours": sorted(regions.HOURS),
        "elsewhere": elsewhere(region),
        **choices(region),
    }
    return render(request, "flights/travellers/board.html", context)


def elsewhere(region, most=6):
    """Other airports where most happens on this side, busiest first."""
    busiest = Flight.objects.busiest(region.side)
    airports = Airport.objects.in_bulk([iata for iata in busiest if iata != region.airport][:most])
    return [airports[iata] for iata in busiest if iata in airports]


def choices(region):
    """What the filters of a board offer: terminals and airlines that fly there, and airports that have flights."""
    leaves = region.side == "departure"
    here = Flight.objects.filter(**{"origin" if leaves else "destination": region.airport})
    terminal = "terminal" if leaves else "arrival_terminal"
    return {
        "terminals": here.exclude(**{terminal: ""}).order_by(terminal).values_list(terminal, flat=True).distinct(),
        "airlines": Airline.objects.filter(flights__in=here).distinct(),
        "airports": Airport.objects.filter(pk__in=Flight.objects.values("origin" if leaves else "destination")),
    }


@require_safe
def flight(request, pk):
    flight = get_object_or_404(Flight.objects.select_related("airline", "origin", "destination"), pk=pk)
    context = {"flight": flight, "region": regions.FlightPage(pk=pk), "page_airport": flight.origin}
    return render(request, "flights/travellers/flight.html", context)


@require_safe
def disruptions(request):
    return render(request, "flights/travellers/disruptions.html", {"region": regions.Disruptions()})
