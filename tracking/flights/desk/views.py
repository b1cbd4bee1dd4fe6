"""The flight desk: the day's flights, and one form for each verb of a flight."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tracking.flights.desk import regions
from tracking.flights.desk.forms import FORMS
from tracking.flights.desk.timeline import DeskTimeline
from tracking.flights.models import Flight
from verbs.forms import ActionForm, form_of
from verbs.views import act, answer, for_role, panel_context


def desk_agents(user: Any, **captured: Any) -> dict[str, Any]:
    """Raises Http404 for everyone who may not change flights."""
    if not user.has_perm("flights.change_flight"):
        raise Http404
    return captured


@require_safe
@for_role(desk_agents)
def desk(request: HttpRequest, iata: str) -> HttpResponse:
    region = regions.Desk(iata=iata, query=request.GET)
    return render(request, "flights/desk/desk.html", {"region": region, "page_airport": region.airport})


@require_safe
@for_role(desk_agents)
def flight_desk(request: HttpRequest, pk: int) -> HttpResponse:
    return panel(request, get_object_or_404(Flight, pk=pk))


@require_POST
@for_role(desk_agents)
def change(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One verb of one flight."""
    flight = get_object_or_404(Flight, pk=pk)
    form = form_of(FORMS, verb, flight, request.POST)
    return act(request, form, partial(panel, request, flight), done_url=reverse("flights:flight-desk", args=[pk]))


def panel(
    request: HttpRequest,
    flight: Flight,
    asked: ActionForm | None = None,
    status: int = 200,
    since: Any = None,
    done: str = "",
) -> HttpResponse:
    """A flight's desk: its state, and a form for each verb that is legal now."""
    flight.refresh_from_db()
    context = {
        "flight": flight,
        "region": regions.FlightState(pk=flight.pk),
        "page_airport": flight.origin,
        **panel_context(flight, FORMS, DeskTimeline(flight), asked, since, done),
    }
    return answer(request, "flights/desk/_panel.html", "flights/desk/panel.html", context, status)
