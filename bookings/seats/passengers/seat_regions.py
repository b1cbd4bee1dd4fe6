"""The seat map of a cabin, the same for all who watch it, and beside it a small region of one booking: who sits where.

The map has public facts only, so it is rendered once for everybody. Which of its seats are one's own is known from the
small region; map.js marks them, and without scripts the list of travellers says it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property

from bookings.seats import topics
from bookings.seats.models import Inventory, Rules, State
from bookings.seats.models.choosing import SEAT
from bookings.seats.passengers.hold_regions import OfBooking
from bookings.seats.passengers.seat_rows import MapRow, map_rows
from bookings.seats.passengers.trips import family_words
from live.regions import ListRegion
from money import Money


class SeatMap(ListRegion):
    """The seats of one cabin of a flight: free, held until when, taken, or blocked. It names nobody."""

    path, public = "seat-map/<int:inventory>/<slug:cabin>/", True
    template, row_template = "seats/passengers/_seat_map.html", "seats/passengers/_seat_map_row.html"
    row_prefix = "map-row-"
    inventory: int
    cabin: str

    @cached_property
    def found(self) -> Inventory:
        inventory = Inventory.objects.filter(pk=self.inventory).select_related("flight__origin").first()
        if inventory is None or not inventory.plan.in_cabin(self.cabin):
            raise Http404
        return inventory

    def topics(self) -> list[str]:
        return [topics.inventory(self.inventory), topics.fares()]

    def context(self) -> dict[str, Any]:
        plan = self.found.plan
        return {"aircraft": plan.name, "is_wide": plan.columns > 9}

    def rows(self) -> Iterator[MapRow]:
        return map_rows(self.found, self.cabin, Rules.read(), timezone.now())

    def stale_at(self, now: datetime) -> datetime | None:
        """When the next hold expires: its seat is free again."""
        held = self.found.assignments.filter(held_until__gt=now).order_by("held_until")
        return held.values_list("held_until", flat=True).first()


class MySeats(OfBooking):
    """Who of a booking sits where on one flight, and what the seats cost."""

    path = "my-seats/<str:token>/<int:position>/"
    template = "seats/passengers/_my_seats.html"
    position: int

    @cached_property
    def segment(self) -> Any:
        found = [segment for segment in self.segments if segment.position == self.position]
        if not found:
            raise Http404
        return found[0]

    def context(self) -> dict[str, Any]:
        booking: Any = self.thing
        now = timezone.now()
        coupons = booking.coupons().filter(segment=self.segment).order_by("traveller__position")
        fees = dict(booking.lines.filter(code=SEAT, segment=self.segment).values_list("traveller", "amount"))
        sitters = [
            (coupon, Money(fees.get(coupon.traveller_id, 0), booking.currency))
            for coupon in coupons
            if coupon.traveller.has_seat
        ]
        return {
            "booking": booking,
            "sitters": sitters,
            "family": family_words(self.segment, [(coupon.traveller, coupon.seat) for coupon in coupons]),
            "tz": self.segment.inventory.flight.origin.tz,
            "is_held": booking.state == State.HELD and not booking.is_expired(now),
            "is_live": booking.is_live,
        }
