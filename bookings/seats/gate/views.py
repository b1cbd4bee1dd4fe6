"""The pages of agents at the gates. They have one right: to let passengers board."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bookings.seats.gate.outcomes import Answer, Outcome
from bookings.seats.gate.regions import PERMISSION, Boarding, GateFlights
from bookings.seats.gate.scanning import board, coupons_of, scan
from bookings.seats.models import Inventory, Refused
from bookings.seats.passes.bcbp import LONGEST
from verbs.views import for_role, is_htmx

GATE = "gate"  # in the session: where this agent stands


class ScanForm(forms.Form):
    text = forms.CharField(
        label=_("Boarding pass, seat, sequence or reference"),
        max_length=LONGEST,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    gate = forms.CharField(label=_("Your gate"), max_length=6, required=False)


def agents(user: Any, **captured: Any) -> dict[str, Any]:
    """Who may board passengers, and the flight."""
    if not user.has_perm(PERMISSION):
        raise Http404
    if (pk := captured.pop("pk", None)) is not None:
        flights = Inventory.objects.select_related("flight__origin", "flight__destination", "flight__airline")
        captured["inventory"] = get_object_or_404(flights, pk=pk)
    return captured


@never_cache
@require_safe
@for_role(agents)
def flights(request: HttpRequest) -> HttpResponse:
    return render(request, "seats/gate/flights.html", {"region": GateFlights(query=request.GET)})


@never_cache
@require_safe
@for_role(agents)
def flight(request: HttpRequest, inventory: Inventory) -> HttpResponse:
    return page(request, inventory)


@require_POST
@for_role(agents)
def scanned(request: HttpRequest, inventory: Inventory) -> HttpResponse:
    """What was scanned or typed. The answer says at once who boarded, or why nobody did."""
    form = ScanForm(request.POST)
    if not form.is_valid():
        return answer(request, inventory, Answer(Outcome.NOT_A_PASS, " ".join(form.errors.get("text", []))))
    gate = at_gate(request, form.cleaned_data["gate"], inventory)
    return answer(request, inventory, scan(inventory, form.cleaned_data["text"], gate, request.user))


@require_POST
@for_role(agents)
def chosen(request: HttpRequest, inventory: Inventory, coupon: int) -> HttpResponse:
    """One of several travellers of a booking."""
    found = get_object_or_404(coupons_of(inventory), pk=coupon)
    gate = at_gate(request, request.POST.get("gate", "")[:6], inventory)
    return answer(request, inventory, board(found, gate, request.user))


@require_POST
@for_role(agents)
def undo(request: HttpRequest, inventory: Inventory, coupon: int) -> HttpResponse:
    """Somebody did not go on board after all."""
    found = get_object_or_404(coupons_of(inventory), pk=coupon)
    try:
        found.undo_boarding(by=request.user)
    except Refused as refusal:
        return answer(request, inventory, Answer(Outcome.NOBODY, str(refusal), found))
    return answer(request, inventory, Answer(Outcome.UNDONE, "", found))


def at_gate(request: HttpRequest, gate: str, inventory: Inventory) -> str:
    """The gate where the agent stands, which the session remembers; else that of the flight."""
    gate = gate.strip().upper()
    if gate and request.session.get(GATE) != gate:
        request.session[GATE] = gate
    return gate or inventory.flight.gate


def answer(request: HttpRequest, inventory: Inventory, result: Answer) -> HttpResponse:
    if not is_htmx(request):
        return page(request, inventory, result)
    context = {"result": result, "inventory": inventory}
    return render(request, "seats/gate/_result.html", context, status=result.status)


def page(request: HttpRequest, inventory: Inventory, result: Answer | None = None) -> HttpResponse:
    gate = inventory.flight.gate or request.session.get(GATE, "")
    context = {
        "inventory": inventory,
        "flight": inventory.flight,
        "form": ScanForm(initial={"gate": gate}),
        "region": Boarding(pk=inventory.pk),
        "result": result,
        "page_airport": inventory.flight.origin,
    }
    return render(request, "seats/gate/flight.html", context, status=result.status if result else 200)
