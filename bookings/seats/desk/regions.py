"""The live parts of the sales desk. They name passengers: none is public."""

from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Max, Min
from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from bookings.seats import topics
from bookings.seats.desk.access import FLIGHT, is_agent
from bookings.seats.desk.loads import Load, loads
from bookings.seats.desk.manifest import PassengerRow, manifest, without_seat
from bookings.seats.desk.parties import parties_on
from bookings.seats.desk.seat_map import seat_rows
from bookings.seats.models import Assignment, Coupon, Inventory
from bookings.seats.models.states import FLYING, LIVE, Kind
from clocks import DAY, clock, day_begins, earliest, next_minute, recent
from live.regions import ListRegion, Region
from tracking.flights import topics as flight_topics
from tracking.flights.models import Airport
from tracking.flights.models.codes import Phase


class SaleRow(NamedTuple):
    id: int
    flight: str
    to: str
    time: str
    best: str  # "" unless it is another one
    state: str
    tone: str
    layout: str
    is_on_sale: bool
    load: Load


class SalesDesk(ListRegion):
    """The flights for sale that leave an airport on one day, by its clock."""

    path, query = "sales/<slug:iata>/", ("date",)
    template, row_template = "seats/desk/_flights.html", "seats/desk/_flight_row.html"
    row_prefix = "sale-"
    iata: str

    def allows(self, user: Any) -> bool:
        return is_agent(user)

    @cached_property
    def airport(self) -> Airport:
        found = Airport.objects.filter(pk=self.iata.upper()).first()
        if found is None:
            raise Http404
        return found

    @property
    def day(self) -> date:
        """The day that was asked for; today where none was, or nonsense."""
        try:
            return date.fromisoformat(self.filters.get("date", ""))
        except ValueError:
            return self.airport.today()

    def topics(self) -> list[str]:
        return [topics.sales(), flight_topics.board(self.airport.iata), flight_topics.names()]

    def context(self) -> dict[str, Any]:
        return {"airport": self.airport, "day": self.day}

    def rows(self) -> list[SaleRow]:
        now, zone = timezone.now(), self.airport.tz
        begins, ends = day_begins(self.day, zone), day_begins(self.day + DAY, zone)
        of_day = Inventory.objects.filter(
            flight__origin=self.airport, flight__off_block_scheduled__gte=begins, flight__off_block_scheduled__lt=ends
        )
        flights = list(of_day.select_related(*FLIGHT).order_by("flight__off_block_scheduled", "pk"))
        found = loads(flights, now)
        return [sale_row(inventory, found[inventory.pk]) for inventory in flights]

    def stale_at(self, now: datetime) -> datetime:
        return next_minute(now)  # holds expire


def sale_row(inventory: Inventory, load: Load) -> SaleRow:
    flight = inventory.flight
    scheduled = clock(flight.off_block_scheduled, flight.origin.tz)
    best = clock(flight.best_departure, flight.origin.tz)
    return SaleRow(
        inventory.pk,
        flight.designator,
        f"{flight.destination.city} {flight.destination_id}",
        scheduled,
        "" if best == scheduled else best,
        str(flight.get_phase_display()),
        "bad" if flight.phase == Phase.CANCELLED else "calm",
        str(inventory.plan),
        inventory.is_on_sale,
        load,
    )


class FlightRegion(Region):
    """A part of the page of one flight for sale."""

    pk: int

    def allows(self, user: Any) -> bool:
        return is_agent(user)

    @cached_property
    def inventory(self) -> Inventory:
        found = Inventory.objects.select_related(*FLIGHT).filter(pk=self.pk).first()
        if found is None:
            raise Http404
        return found

    def topics(self) -> list[str]:
        return [topics.inventory(self.pk), flight_topics.flight(self.inventory.flight_id), flight_topics.names()]

    def stale_at(self, now: datetime) -> datetime | None:
        """When the next hold expires."""
        expires = Assignment.objects.filter(inventory=self.pk, held_until__gt=now)
        return earliest(expires.aggregate(next=Min("held_until"))["next"])


class FlightSale(FlightRegion):
    """Where the seats of a flight are, and who has no seat."""

    path, template = "sales-flight/<int:pk>/", "seats/desk/_sale.html"

    def context(self) -> dict[str, Any]:
        now = timezone.now()
        flight = self.inventory.flight
        ledger = self.inventory.ledger(now)
        counted = ledger.sold + ledger.held + ledger.blocked + ledger.free
        return {
            "inventory": self.inventory,
            "flight": flight,
            "departs": clock(flight.best_departure, flight.origin.tz),
            "ledger": ledger,
            "adds_up": counted == ledger.seats and ledger.free >= 0,
            "held_until": self.held_until(now),
            "load": loads([self.inventory], now)[self.pk],
            "unseated": without_seat(self.inventory, now),
            "is_cancelled": flight.phase == Phase.CANCELLED,
        }

    def held_until(self, now: datetime) -> str:
        """When the first of the holds expires, and the last: 18:30 – 18:40."""
        holds = Assignment.objects.filter(inventory=self.pk, held_until__gt=now)
        ends = holds.aggregate(first=Min("held_until"), last=Max("held_until"))
        tz = self.inventory.flight.origin.tz
        return " – ".join(dict.fromkeys(recent(end, tz) for end in ends.values() if end))


class StaffSeatMap(FlightRegion):
    """The cabin, with who has which seat."""

    path, template = "sales-flight/<int:pk>/seats/", "seats/desk/_seats.html"

    def context(self) -> dict[str, Any]:
        return {
            "inventory": self.inventory,
            "plan": self.inventory.plan,
            "seat_rows": seat_rows(self.inventory, timezone.now()),
        }


class Manifest(FlightRegion, ListRegion):
    """The passenger list."""

    path = "sales-flight/<int:pk>/passengers/"
    template, row_template = "seats/desk/_manifest.html", "seats/desk/_manifest_row.html"
    row_prefix = "passenger-"

    def context(self) -> dict[str, Any]:
        return {
            "inventory": self.inventory,
            "title": _("Passengers of %(flight)s") % {"flight": self.inventory.flight.designator},
        }

    def rows(self) -> list[PassengerRow]:
        return manifest(self.inventory, timezone.now())


class Rebooking(FlightRegion):
    """How far the passengers of a cancelled flight are: who is on other flights, and who is not."""

    path, template = "sales-flight/<int:pk>/rebooking/", "seats/desk/_rebooking.html"

    def context(self) -> dict[str, Any]:
        now = timezone.now()
        left = parties_on(self.inventory, now, with_holds=False)
        moved = Coupon.objects.filter(
            segment__instead_of=self.pk, status__in=FLYING, segment__booking__state__in=LIVE
        ).exclude(traveller__kind=Kind.INFANT_LAP)
        left_people = sum(len(party.people) for party in left)
        moved_people = moved.values("traveller").distinct().count()
        return {
            "inventory": self.inventory,
            "left": sorted(left, key=lambda party: party.precedence),
            "left_people": left_people,
            "moved_people": moved_people,
            "all_people": left_people + moved_people,
        }
