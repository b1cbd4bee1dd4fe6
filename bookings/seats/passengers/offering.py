"""A customer chooses an offer: its seats are held, or the page says what became of them and what is nearest."""

from typing import Any
from uuid import UUID, uuid4, uuid5

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from bookings.seats.layouts import Cabin
from bookings.seats.models import (
    Booking,
    FareGone,
    Full,
    NotForSale,
    PriceChanged,
    Refused,
    Rules,
    State,
    TooMany,
)
from bookings.seats.passengers.trips import itinerary_of, search_url, trip_legs
from bookings.seats.search.forms import OfferForm
from bookings.seats.search.itineraries import Itinerary
from bookings.seats.search.offers import Offers, capacity
from limits import limited
from money import Money
from strangers import asker_of
from verbs.views import redirect_303

NAMESPACE = UUID("1b1f3c1e-6a8e-4d0c-9d0f-2f5a7c8e9b10")  # of the keys of holds, made of a page's key and the choice


@require_POST
@limited("flight-offers")
def offer(request: HttpRequest) -> HttpResponse:
    """Hold the seats of an offer. What else this browser held is released."""
    form = OfferForm(request.POST)
    if not form.is_valid():
        errors = [error for errors in form.errors.values() for error in errors]
        return render(
            request,
            "seats/passengers/not_held.html",
            {"problem": errors[0], "search": reverse("seats:search")},
            status=422,
        )
    chosen = form.cleaned_data
    try:
        booking = hold_once(request, chosen)
    except Refused as refusal:
        return not_held(request, chosen, refusal)
    return redirect_303(reverse("seats:hold", args=[booking.token]))


def hold_once(request: HttpRequest, chosen: dict[str, Any]) -> Any:
    """The same choice on the same page gives the same hold, unless that one has ended."""
    what = [chosen["legs"], chosen["cabin"], chosen["family"], tuple(chosen["party"]), chosen["total"]]
    fields = {
        "inventories": chosen["legs"],
        "cabin": chosen["cabin"],
        "family": chosen["family"],
        "party": chosen["party"],
        "accepted": chosen["total"],
        "user": request.user if request.user.is_authenticated else None,
        "asker": asker_of(request),
    }
    booking = Booking.objects.hold(key=uuid5(NAMESPACE, f"{chosen['key']} {what}"), **fields)
    if booking.state == State.CANCELLED or booking.is_expired():
        booking = Booking.objects.hold(key=uuid4(), **fields)
    return booking


def not_held(request: HttpRequest, chosen: dict[str, Any], refusal: Refused) -> HttpResponse:
    """Why nothing is held, and what else there is."""
    found = itinerary_of(chosen["legs"])
    context: dict[str, Any] = {
        "problem": str(refusal),
        "legs": [leg for itinerary in found for leg in trip_legs(itinerary)],
        "search": search_url(chosen["legs"], chosen["party"], chosen["cabin"]),
        "chosen": chosen,
        "flights": ",".join(map(str, chosen["legs"])),
    }
    if isinstance(refusal, PriceChanged):
        context |= {"old": Money(refusal.old, refusal.currency), "new": Money(refusal.new, refusal.currency)}
    elif isinstance(refusal, (FareGone, Full)):
        context["others"] = [other for itinerary in found for other in others(itinerary, chosen)]
    status = 429 if isinstance(refusal, TooMany) else 409
    if not isinstance(refusal, (PriceChanged, FareGone, Full, NotForSale, TooMany)):
        status = 422
    return render(request, "seats/passengers/not_held.html", context, status=status)


def others(itinerary: Itinerary, chosen: dict[str, Any]) -> list[dict[str, Any]]:
    """The fares of these flights that this party can still have, in all cabins; those of the same cabin first."""
    found, now, rules = [], timezone.now(), Rules.read()
    for cabin in sorted(Cabin, key=lambda cabin: cabin != chosen["cabin"]):
        if not all(capacity(leg.layout, cabin) for leg in itinerary.legs):
            continue
        fares = Offers(chosen["party"], cabin, now, rules).of([itinerary]).get(itinerary.id, {})
        for family in rules.families(cabin):
            if fare := fares.get(family.code):
                name = f"{cabin.label}, {family.name}"
                found.append({"cabin": cabin.value, "family": family, "name": name, "total": fare.total})
    return found
