"""Finding a flight or a traveller by what somebody says at the desk: a reference, a flight number, a name."""

import re
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from bookings.seats.desk.access import FLIGHT, OF_COUPON
from bookings.seats.models import Coupon, Inventory, State, Status
from references import ALPHABET, LENGTH

MOST = 30
BEHIND = timedelta(days=1)
NUMBER = re.compile(r"([A-Z][A-Z0-9]|\d[A-Z])?\s*(\d{1,4}[A-Z]?)")
REFERENCE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


class Found(NamedTuple):
    flights: list[Inventory]
    coupons: list[Coupon]
    is_cut: bool  # whether there are more


def found_by(text: str) -> Found:
    """The flights of now and later with this number, and the tickets of this reference or name."""
    typed = text.strip().upper()
    flights: list[Inventory] = []
    if match := NUMBER.fullmatch(typed):
        flights = flights_with(*match.groups())
    coupons = coupons_with(typed, text.strip())
    return Found(flights, coupons[:MOST], len(coupons) > MOST)


def flights_with(airline: str | None, number: str) -> list[Inventory]:
    lately = Inventory.objects.filter(flight__off_block_scheduled__gte=timezone.now() - BEHIND)
    of_number = lately.filter(flight__number=number)
    if airline:
        of_number = of_number.filter(flight__airline=airline)
    return list(of_number.select_related(*FLIGHT).order_by("flight__off_block_scheduled", "pk")[:MOST])


def coupons_with(typed: str, text: str) -> list[Coupon]:
    named = Q()
    for word in text.split():
        named &= Q(traveller__given__icontains=word) | Q(traveller__surname__icontains=word)
    wanted = named if len(text) >= 2 else Q(pk__in=[])
    if REFERENCE.fullmatch(typed):
        wanted |= Q(segment__booking__reference=typed)
    booked = Coupon.objects.exclude(segment__booking__state=State.HELD).exclude(status=Status.VOID)
    found = booked.filter(wanted).select_related(*OF_COUPON)
    return list(
        found.order_by("-segment__inventory__flight__off_block_scheduled", "traveller__position", "pk")[: MOST + 1]
    )
