"""The sales desk: the day's flights for sale, the page of one of them, and one form for each verb."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bookings.seats.desk import regions
from bookings.seats.desk.access import agents
from bookings.seats.desk.forms import FLIGHT_FORMS, TRAVELLER_FORMS, start_with
from bookings.seats.desk.manifest import manifest, table
from bookings.seats.desk.searching import found_by
from bookings.seats.desk.timeline import InventoryTimeline, TravellerTimeline
from bookings.seats.models import Coupon, Inventory
from clocks import today
from spreadsheets import csv_answer
from verbs.forms import ActionForm, form_of
from verbs.views import act, answer, for_role, is_htmx, panel_context

CHOSEN = 4  # characters of a seat in an address


@never_cache
@require_safe
@for_role(agents)
def desk(request: HttpRequest) -> HttpResponse:
    iata = request.GET.get("airport", "").strip().upper()[:3] or settings.HOME_AIRPORT
    region = regions.SalesDesk(iata=iata, query=request.GET)
    text = request.GET.get("q", "").strip()[:40]
    context = {
        "region": region,
        "page_airport": region.airport,
        "text": text,
        "found": found_by(text) if text else None,
    }
    return render(request, "seats/desk/desk.html", context)


# A flight


@never_cache
@require_safe
@for_role(agents)
def flight(request: HttpRequest, inventory: Inventory) -> HttpResponse:
    return panel(request, inventory)


@require_POST
@for_role(agents)
def change(request: HttpRequest, inventory: Inventory, verb: str) -> HttpResponse:
    """One verb of one flight for sale."""
    form = form_of(FLIGHT_FORMS, verb, inventory, request.POST)
    done_url = reverse("seats:desk-flight", args=[inventory.pk])
    return act(request, form, partial(panel, request, inventory), done_url=done_url)


def panel(
    request: HttpRequest,
    inventory: Inventory,
    asked: ActionForm | None = None,
    status: int = 200,
    since: Any = None,
    done: str = "",
) -> HttpResponse:
    inventory.refresh_from_db()
    timeline = InventoryTimeline(inventory)
    context = {**panel_context(inventory, FLIGHT_FORMS, timeline, asked, since, done), "steps": timeline.steps()}
    start_with(context["forms"], {"seats": request.GET.get("seat", "")[:CHOSEN]})
    return page(request, inventory, "seats/desk/_panel.html", context, status)


def page(
    request: HttpRequest, inventory: Inventory, fragment: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A panel; without htmx inside the page of the flight."""
    context |= {"inventory": inventory, "flight": inventory.flight, "page_airport": inventory.flight.origin}
    if not is_htmx(request):
        context |= {
            "sale": regions.FlightSale(pk=inventory.pk),
            "seat_map": regions.StaffSeatMap(pk=inventory.pk),
            "manifest": regions.Manifest(pk=inventory.pk),
        }
    return answer(request, fragment, "seats/desk/flight.html", context, status)


@never_cache
@require_safe
@for_role(agents)
def passengers_csv(request: HttpRequest, inventory: Inventory) -> HttpResponse:
    """The passenger list, for a spreadsheet."""
    flight = inventory.flight
    name = f"{flight.airline_id}{flight.number}-{today(flight.origin.tz, flight.off_block_scheduled)}.csv"
    return csv_answer(name, *table(manifest(inventory, timezone.now())))


# A traveller


@never_cache
@require_safe
@for_role(agents)
def traveller(request: HttpRequest, coupon: Coupon) -> HttpResponse:
    return traveller_panel(request, coupon)


@require_POST
@for_role(agents)
def traveller_change(request: HttpRequest, coupon: Coupon, verb: str) -> HttpResponse:
    """One verb of one traveller on one flight."""
    form = form_of(TRAVELLER_FORMS, verb, coupon, request.POST)
    done_url = reverse("seats:desk-traveller", args=[coupon.pk])
    return act(request, form, partial(traveller_panel, request, coupon), done_url=done_url)


def traveller_panel(
    request: HttpRequest,
    coupon: Coupon,
    asked: ActionForm | None = None,
    status: int = 200,
    since: Any = None,
    done: str = "",
) -> HttpResponse:
    coupon = agents(request.user, coupon=coupon.pk)["coupon"]
    timeline = TravellerTimeline(coupon)
    booking = coupon.segment.booking
    context = {
        **panel_context(coupon, TRAVELLER_FORMS, timeline, asked, since, done),
        "coupon": coupon,
        "booking": booking,
        "party": booking.coupons().filter(segment=coupon.segment).exclude(pk=coupon.pk).order_by("traveller__position"),
        "steps": timeline.steps(),
    }
    return page(request, coupon.segment.inventory, "seats/desk/_traveller.html", context, status)
