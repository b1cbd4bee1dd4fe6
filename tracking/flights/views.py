"""Pages of boards and flights, and the flight desk."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tracking.flights import regions
from tracking.flights.forms import FORMS, Delay
from tracking.flights.models import Airline, Airport, Changed, Flight, Refused


@require_safe
def found(request):
    """What a traveller looked for: the flight's page if there is one such flight, else a list that stays current."""
    region = regions.FoundFlights(query=request.GET)
    flights = region.flights()[:2]
    if len(flights) == 1:
        return redirect("flights:flight", flights[0].pk)
    return render(request, "flights/found.html", {"region": region})


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
        "airport_of_page": region.place,
        "hours": sorted(regions.HOURS),
        "elsewhere": elsewhere(region),
        **choices(region),
    }
    return render(request, "flights/board.html", context)


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
    context = {"flight": flight, "region": regions.FlightPage(pk=pk), "airport_of_page": flight.origin}
    return render(request, "flights/flight.html", context)


@require_safe
def disruptions(request):
    return render(request, "flights/disruptions.html", {"region": regions.Disruptions()})


# The flight desk


def for_the_desk(view):
    """Anonymous visitors sign in first; for anybody else without the permission there is no such page."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.has_perm("flights.change_flight"):
            raise Http404
        return view(request, *args, **kwargs)

    return asked


@require_safe
@for_the_desk
def desk(request, airport):
    region = regions.Desk(airport=airport, query=request.GET)
    return render(request, "flights/desk.html", {"region": region, "airport_of_page": region.place})


@require_safe
@for_the_desk
def flight_desk(request, pk):
    return panel(request, get_object_or_404(Flight, pk=pk))


@require_POST
@for_the_desk
def change(request, pk, verb):
    """One verb on one flight: 409 where it changed since one looked, 422 with the sentence that says why not."""
    flight = get_object_or_404(Flight, pk=pk)
    form_class = FORMS.get(verb.replace("-", "_"))
    if form_class is None:
        raise Http404
    form = form_class(flight, request.POST)
    if not form.is_valid():
        return panel(request, flight, form, status=422)
    try:
        form.do(by=request.user)
    except Changed as changed:
        return panel(request, flight, again(form), changed=changed, status=409)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return panel(request, flight, form, status=422)
    done = _("Done: %(what)s.") % {"what": form.label}
    if request.htmx:
        return panel(request, flight, done=done)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("flights:flight-desk", args=[pk]), status=303)


def again(form):
    """The same form for the flight as it is now, with what was typed."""
    data = form.data.copy()
    data["seen"] = form.flight.revision
    return type(form)(form.flight, data)


def panel(request, flight, asked=None, status=200, **context):
    """A flight's desk: its state, and a form for each verb that is legal now; ``asked`` is the one to show as filled in."""
    flight.refresh_from_db()
    forms = [asked if asked and asked.verb == verb else FORMS[verb](flight) for verb in flight.legal_verbs]
    context |= {
        "flight": flight,
        "region": regions.FlightState(pk=flight.pk),
        "buttons": [form for form in forms if form.is_bare],
        "forms": [form for form in forms if not form.is_bare],
        "asked": asked,
        "later": Delay.LATER,
        "airport_of_page": flight.origin,
    }
    return render(request, "flights/_panel.html" if request.htmx else "flights/panel.html", context, status=status)
