"""A cancelled flight: first the plan of who goes where, and then, if an agent agrees, one booking after the other."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.seats.desk import regions
from bookings.seats.desk.access import FLIGHT, agents
from bookings.seats.desk.alternatives import Wave
from bookings.seats.desk.rebooking import Place, Plan
from bookings.seats.models import Booking, Gone, Inventory
from clocks import short_when
from tracking.flights.models.codes import Phase
from verbs.forms import ActionForm
from verbs.refusals import Refused
from verbs.views import for_role

SALT = "seats.rebooking"
VALID = 60 * 60  # seconds


class PlanRow(NamedTuple):
    """Where a party goes, in words."""

    names: str
    reference: str
    people: int
    flights: str
    departs: str
    arrives: str
    seats: str


class Outcome(NamedTuple):
    """What became of one booking."""

    reference: str
    text: str  # why it was not rebooked; "" if it was
    is_gone: bool = False  # it is on other flights already


class Rebook(ActionForm):
    """``plan`` is what was shown, signed: that is done, and nothing else."""

    label, tone = gettext_lazy("Rebook them now"), "first"
    plan = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, inventory: Inventory, data: Mapping[str, Any] | None = None, plan: Plan | None = None) -> None:
        self.inventory = inventory
        super().__init__(data, initial={"plan": signed(inventory, plan)} if plan else {})

    @property
    def action(self) -> str:
        return reverse("seats:desk-rebooking", args=[self.inventory.pk])

    def clean_plan(self) -> list[Any]:
        try:
            flight, places = signing.loads(self.cleaned_data["plan"], salt=SALT, max_age=VALID)
        except signing.BadSignature:
            raise forms.ValidationError(_("This plan is too old. Look at the one of now.")) from None
        if flight != self.inventory.pk:
            raise forms.ValidationError(_("This plan is of another flight."))
        return list(places)

    def do(self, by: Any) -> list[Outcome]:
        """Rebooks one booking after the other. Each has its own transaction, so open pages show the progress."""
        places = self.cleaned_data["plan"]
        bookings = Booking.objects.in_bulk([place[0] for place in places])
        return [
            rebook(bookings[key], self.inventory, flights, {int(flight): each for flight, each in seats.items()}, by)
            for key, flights, seats in places
            if key in bookings
        ]


def signed(inventory: Inventory, plan: Plan) -> str:
    places = [
        (place.need.party.booking, place.option.flights, {key: list(seats) for key, seats in place.seats.items()})
        for place in plan.places
    ]
    return signing.dumps((inventory.pk, places), salt=SALT, compress=True)


def rebook(booking: Booking, inventory: Inventory, flights: list[int], seats: dict[int, list[str]], by: Any) -> Outcome:
    try:
        booking.reaccommodate_onto(inventory.pk, flights, seats, by=by)
    except Gone as refusal:
        return Outcome(booking.reference, str(refusal), is_gone=True)
    except Refused as refusal:
        return Outcome(booking.reference, str(refusal), is_gone=booking.state == "cancelled")
    return Outcome(booking.reference, "")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_role(agents)
def rebooking(request: HttpRequest, inventory: Inventory) -> HttpResponse:
    if request.method != "POST":
        return page(request, inventory)
    form = Rebook(inventory, request.POST)
    if inventory.flight.phase != Phase.CANCELLED or not form.is_valid():
        return page(request, inventory, asked=form, status=422)
    return page(request, inventory, outcomes=form.do(by=request.user))


def page(
    request: HttpRequest,
    inventory: Inventory,
    asked: Rebook | None = None,
    outcomes: list[Outcome] | None = None,
    status: int = 200,
) -> HttpResponse:
    is_cancelled = inventory.flight.phase == Phase.CANCELLED
    plan = Wave(inventory, timezone.now()).plan() if is_cancelled else None
    context: dict[str, Any] = {
        "inventory": inventory,
        "flight": inventory.flight,
        "page_airport": inventory.flight.origin,
        "is_cancelled": is_cancelled,
        "progress": regions.Rebooking(pk=inventory.pk),
        "asked": asked,
        "plan": plan,
    }
    if plan:
        context |= {"rows": plan_rows(plan), "form": Rebook(inventory, plan=plan)}
    if outcomes is not None:
        context |= {
            "outcomes": outcomes,
            "done": sum(not outcome.text for outcome in outcomes),
            "gone": [outcome for outcome in outcomes if outcome.is_gone],
            "refused": [outcome for outcome in outcomes if outcome.text and not outcome.is_gone],
        }
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
