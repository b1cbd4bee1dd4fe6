"""A cancelled flight: first the plan of who goes where, and then, if an agent agrees, one booking after the other."""

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.seats.desk import regions
from bookings.seats.desk.access import FLIGHT, agents
from bookings.seats.desk.alternatives import Wave
from bookings.seats.desk.rebooking import Place, Plan
from bookings.seats.desk.rebooking_forms import Rebook, Result
from bookings.seats.models import Inventory
from clocks import short_when
from tracking.flights.models.codes import Phase
from verbs.views import for_role


class PlanRow(NamedTuple):
    """Where a party goes, in words."""

    names: str
    reference: str
    people: int
    flights: str
    departs: str
    arrives: str
    seats: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_role(agents)
def rebooking(request: HttpRequest, inventory: Inventory) -> HttpResponse:
    if request.method != "POST":
        return page(request, inventory)
    form = Rebook(inventory, request.POST)
    if inventory.flight.phase != Phase.CANCELLED or not form.is_valid():
        return page(request, inventory, asked=form, status=422)
    return page(request, inventory, result=form.do(by=request.user))


def page(
    request: HttpRequest,
    inventory: Inventory,
    asked: Rebook | None = None,
    result: Result | None = None,
    status: int = 200,
) -> HttpResponse:
    is_cancelled = inventory.flight.phase == Phase.CANCELLED
    goes_on = bool(result and result.rest)  # the plan is made anew at the end only
    plan = Wave(inventory, timezone.now()).plan() if is_cancelled and not goes_on else None
    context: dict[str, Any] = {
        "inventory": inventory,
        "flight": inventory.flight,
        "page_airport": inventory.flight.origin,
        "is_cancelled": is_cancelled,
        "elsewhere": inventory.assignments.filter(coupon=None, rank__isnull=False).count() if is_cancelled else 0,
        "progress": regions.Rebooking(pk=inventory.pk),
        "asked": asked,
        "plan": plan,
    }
    if plan:
        context |= {"rows": plan_rows(plan), "form": Rebook(inventory, plan=plan)}
    if result is not None:
        context |= {"result": result, "carry_on": Rebook.going_on(inventory, result) if goes_on else None}
    return render(request, "seats/desk/rebooking.html", context, status=status)


def plan_rows(plan: Plan) -> list[PlanRow]:
    keys = {key for place in plan.places for key in place.option.flights}
    flights = {flight.pk: flight for flight in Inventory.objects.filter(pk__in=keys).select_related(*FLIGHT)}
    return [plan_row(place, [flights[key] for key in place.option.flights]) for place in plan.places]


def plan_row(place: Place, flights: list[Inventory]) -> PlanRow:
    party, first, last = place.need.party, flights[0].flight, flights[-1].flight
    return PlanRow(
        party.names,
        party.reference,
        len(party.people),
        ", ".join(flight.flight.designator for flight in flights),
        short_when(place.option.departs, first.origin.tz),
        short_when(place.option.arrives, last.destination.tz),
        "; ".join(" ".join(place.seats[flight.pk]) for flight in flights if flight.pk in place.seats),
    )
