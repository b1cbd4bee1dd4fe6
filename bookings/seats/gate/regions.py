"""What the agents at the gates see, live: the flights that leave soon, and who is missing on one of them."""

import re
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Q
from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property

from bookings.seats import topics
from bookings.seats.gate.scanning import coupons_of
from bookings.seats.models import Coupon, Inventory, State, Status
from bookings.seats.models.flying import GETTING_ON
from bookings.seats.models.states import FLYING, Kind
from clocks import clock
from live.regions import ListRegion
from tracking.flights import topics as flight_topics

AHEAD = timedelta(hours=6)
BEHIND = timedelta(hours=1)
PERMISSION = "seats.board_coupon"


class FlightRow(NamedTuple):
    id: int
    time: str
    flight: str
    to: str
    gate: str
    state: str
    boarded: int
    checked_in: int
    expected: int


class GateFlights(ListRegion):
    """The flights of an airport that leave in the next hours, and have passengers."""

    path, query = "gate/", ("airport",)
    template, row_template = "seats/gate/_flights.html", "seats/gate/_flight_row.html"
    row_prefix = "gate-flight-"

    def allows(self, user: Any) -> bool:
        return bool(user.has_perm(PERMISSION))

    @cached_property
    def airport(self) -> str:
        asked = self.filters.get("airport", "").upper()
        return asked if re.fullmatch("[A-Z]{3}", asked) else str(settings.HOME_AIRPORT)

    def topics(self) -> list[str]:
        seats = [topics.inventory(pk) for pk in self.flights().values_list("pk", flat=True)]
        return [flight_topics.board(self.airport), flight_topics.names(), *seats]

    def flights(self) -> Any:
        now = timezone.now()
        soon = Inventory.objects.filter(
            flight__origin=self.airport,
            flight__phase__in=GETTING_ON,
            flight__best_departure__range=(now - BEHIND, now + AHEAD),
        )
        return soon.order_by("flight__best_departure", "pk")

    def rows(self) -> list[FlightRow]:
        paid = Q(segments__booking__state=State.CONFIRMED)
        counted = self.flights().annotate(
            expected=Count("segments__coupons", paid & Q(segments__coupons__status__in=FLYING)),
            boarded=Count("segments__coupons", paid & Q(segments__coupons__status=Status.BOARDED)),
            checked=Count("segments__coupons", paid & Q(segments__coupons__status=Status.CHECKED_IN)),
        )
        return [
            FlightRow(
                inventory.pk,
                clock(inventory.flight.best_departure, inventory.flight.origin.tz),
                inventory.flight.designator,
                inventory.flight.destination.city,
                inventory.flight.gate,
                inventory.flight.get_phase_display(),
                inventory.boarded,
                inventory.checked + inventory.boarded,
                inventory.expected,
            )
            for inventory in counted.filter(expected__gt=0).select_related(
                "flight__origin", "flight__destination", "flight__airline"
            )
        ]

    def stale_at(self, now: datetime) -> datetime:
        return now + timedelta(minutes=1)


class MissingRow(NamedTuple):
    id: int
    name: str
    seat: str
    sequence: int | None
    is_infant: bool
    is_checked_in: bool


class Boarding(ListRegion):
    """Who is missing on one flight, and how many are on board. The same for all agents of all its gates."""

    path = "gate/<int:pk>/"
    template, row_template = "seats/gate/_missing.html", "seats/gate/_missing_row.html"
    row_prefix = "missing-"
    pk: int

    def allows(self, user: Any) -> bool:
        return bool(user.has_perm(PERMISSION))

    @cached_property
    def inventory(self) -> Inventory:
        found = Inventory.objects.select_related("flight__origin", "flight__destination").filter(pk=self.pk).first()
        if found is None:
            raise Http404
        return found

    def topics(self) -> list[str]:
        return [topics.inventory(self.pk), flight_topics.flight(self.inventory.flight_id)]

    @cached_property
    def coupons(self) -> list[Coupon]:
        return [coupon for coupon in coupons_of(self.inventory) if coupon.status in FLYING]

    def context(self) -> dict[str, Any]:
        flight = self.inventory.flight
        counts = {status: sum(coupon.status == status for coupon in self.coupons) for status in FLYING}
        boarded = counts[Status.BOARDED]
        return {
            "flight": flight,
            "departs": clock(flight.best_departure, flight.origin.tz),
            "boarded": boarded,
            "checked_in": boarded + counts[Status.CHECKED_IN],
            "expected": len(self.coupons),
        }

    def rows(self) -> list[MissingRow]:
        missing = [coupon for coupon in self.coupons if coupon.status != Status.BOARDED]
        missing.sort(key=lambda one: (one.status != Status.CHECKED_IN, one.boarding_pass().name, one.pk))
        return [
            MissingRow(
                coupon.pk,
                str(coupon.traveller),
                coupon.seat,
                coupon.sequence,
                coupon.traveller.kind == Kind.INFANT_LAP,
                coupon.status == Status.CHECKED_IN,
            )
            for coupon in missing
        ]
