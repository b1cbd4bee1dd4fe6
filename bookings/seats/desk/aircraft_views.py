"""Change of aircraft: first what it would mean for everybody, by name, and then, if an agent agrees, the change."""

from functools import partial
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.seats.desk.access import agents
from bookings.seats.desk.aircraft import Change, plan_change
from bookings.seats.desk.parties import parties_on
from bookings.seats.desk.timeline import InventoryTimeline
from bookings.seats.layouts import LAYOUTS, layout
from bookings.seats.models import Inventory
from bookings.seats.models.staff_verbs import change_aircraft, lock_parties
from tracking.flights.models.codes import AT_GATE
from verbs.forms import ActionForm, VerbForm
from verbs.refusals import Refused
from verbs.views import act, for_role


def other_layouts() -> list[tuple[str, str]]:
    return [(slug, f"{plan}, {plan.capacity()}") for slug, plan in LAYOUTS.items()]


class ChooseAircraft(forms.Form):
    layout = forms.ChoiceField(
        label=gettext_lazy("Aircraft, and its seats"),
        choices=other_layouts,
        widget=forms.Select(attrs={"id": "new-layout"}),
    )


class ChangeAircraft(VerbForm):
    """``agreed`` is the fingerprint of the plan that was shown."""

    verb, label, tone = "change_aircraft", gettext_lazy("Change the aircraft now"), "bad"
    done_text = gettext_lazy("The aircraft is changed: %(aircraft)s.")
    instance: Inventory
    layout = forms.ChoiceField(choices=other_layouts, widget=forms.HiddenInput)
    agreed = forms.CharField(max_length=24, widget=forms.HiddenInput)

    @property
    def action(self) -> str:
        return reverse("seats:desk-aircraft", args=[self.instance.pk])

    def do(self, by: Any) -> Inventory:
        slug, seen = self.cleaned_data["layout"], self.cleaned_data["seen"]
        with transaction.atomic():
            lock_parties(self.instance)
            self.instance.refresh_from_db()
            self.instance.check_seen(seen)
            if self.instance.flight.phase not in AT_GATE:
                raise Refused(_("The flight has left, or is cancelled."))
            plan = plan_for(self.instance, slug)
            if plan.fingerprint != self.cleaned_data["agreed"]:
                raise Refused(_("Seats have been taken or given up since you looked. This is the plan of now."))
            change_aircraft(self.instance, slug, plan.seats, plan.elsewhere, by=by, seen=seen)
        return self.instance

    def words(self, result: Any) -> dict[str, Any]:
        return {"aircraft": self.instance.plan}


def plan_for(inventory: Inventory, slug: str) -> Change:
    """What the aircraft would mean for those who have seats now."""
    now = timezone.now()
    taken = inventory.assignments.current(now).filter(coupon=None)
    return plan_change(
        inventory.plan,
        layout(slug),
        parties_on(inventory, now, with_holds=True),
        list(taken.filter(rank__isnull=False).values_list("seat", "cabin")),
        list(taken.filter(rank=None).values_list("seat", flat=True)),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_role(agents)
def aircraft(request: HttpRequest, inventory: Inventory) -> HttpResponse:
    if request.method == "POST":
        form = ChangeAircraft(inventory, request.POST)
        done_url = reverse("seats:desk-flight", args=[inventory.pk])
        return act(request, form, partial(page, request, inventory), done_url=done_url)
    return page(request, inventory)


def page(
    request: HttpRequest,
    inventory: Inventory,
    asked: ActionForm | None = None,
    status: int = 200,
    since: Any = None,
    done: str = "",
) -> HttpResponse:
    """The choice of aircraft, and the plan for the one that was chosen."""
    inventory.refresh_from_db()
    slug = (request.POST if request.method == "POST" else request.GET).get("layout", "")
    plan = plan_for(inventory, slug) if slug in LAYOUTS and slug != inventory.layout else None
    context: dict[str, Any] = {
        "inventory": inventory,
        "flight": inventory.flight,
        "page_airport": inventory.flight.origin,
        "choose": ChooseAircraft(initial={"layout": slug or inventory.layout}),
        "asked": asked,
        "since": None if since is None else InventoryTimeline(inventory).steps(since),
        "plan": plan,
    }
    if plan:
        form = ChangeAircraft(inventory)
        form.initial |= {"layout": slug, "agreed": plan.fingerprint}
        context |= {"form": form, "new": layout(slug), "ledger": inventory.ledger()}
    return render(request, "seats/desk/aircraft.html", context, status=status)
