"""What passengers see of check-in and of their boarding passes, live, behind the link of their booking."""

from datetime import datetime
from typing import Any, NamedTuple

from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from bookings.seats import topics
from bookings.seats.models import Booking, Coupon, Segment, State, Status
from bookings.seats.models.flying import (
    CHECKING_IN,
    boards_at,
    check_in_closes,
    check_in_opens,
    departure_of,
)
from bookings.seats.models.states import MADE, Kind
from bookings.seats.passes.aztec import aztec_svg
from bookings.seats.passes.bcbp import encode
from clocks import clock, day_words, earliest, when
from links.regions import LinkRegion
from tracking.flights import topics as flight_topics
from tracking.flights.models.codes import AT_GATE, Phase

RELATED = (
    "traveller",
    "assignment",
    "segment__booking",
    "segment__inventory__flight__origin",
    "segment__inventory__flight__destination",
    "segment__inventory__flight__airline",
)


def bookings() -> Any:
    """The bookings whose link opens check-in: all that were made, also those that are cancelled now."""
    return Booking.objects.filter(state__in=(*MADE, State.CANCELLED))


def coupons_of(booking: Booking) -> list[Coupon]:
    """All tickets of a booking, flight by flight, and adults before the infants on their laps."""
    found = Coupon.objects.filter(segment__booking=booking).select_related(*RELATED)
    return list(found.order_by("segment__position", "traveller__position"))


class Flown(NamedTuple):
    """One flight of a booking, as check-in sees it: ``state`` is early, open, closed or cancelled."""

    segment: Segment
    flight: Any
    departs: str
    state: str
    opens: str
    closes: str
    coupons: list[Coupon]


def flown(segment: Segment, coupons: list[Coupon], now: datetime) -> Flown:
    flight = segment.inventory.flight
    tz = flight.origin.tz
    opens, closes = check_in_opens(flight), check_in_closes(flight)
    if flight.phase == Phase.CANCELLED:
        state = "cancelled"
    elif now < opens:
        state = "early"
    else:
        state = "open" if now < closes and flight.phase in CHECKING_IN else "closed"
    return Flown(segment, flight, when(departure_of(flight), tz), state, when(opens, tz), when(closes, tz), coupons)


def flights_of(coupons: list[Coupon], now: datetime) -> list[Flown]:
    by_segment: dict[int, list[Coupon]] = {}
    for coupon in coupons:
        by_segment.setdefault(coupon.segment_id, []).append(coupon)
    return [flown(those[0].segment, those, now) for those in by_segment.values()]


class CheckIn(LinkRegion):
    """Who is checked in on which flight, and where check-in is open. It opens and closes by itself."""

    path = "check-in/<str:token>/"
    template = "seats/passes/_check_in.html"

    def things(self) -> Any:
        return bookings()

    @cached_property
    def coupons(self) -> list[Coupon]:
        booking: Any = self.thing
        return coupons_of(booking)

    def topics(self) -> list[str]:
        booking: Any = self.thing
        flights = {flight_topics.flight(coupon.segment.inventory.flight_id) for coupon in self.coupons}
        return [topics.booking(booking.pk), flight_topics.names(), *sorted(flights)]

    def context(self) -> dict[str, Any]:
        booking: Any = self.thing
        flights = flights_of(self.coupons, timezone.now())
        now_open = [flown for flown in flights if flown.state == "open" and booking.state == State.CONFIRMED]
        statuses = {coupon.status for flown in now_open for coupon in flown.coupons}
        return {
            "booking": booking,
            "flights": flights,
            "token": self.token,
            "to_pay": booking.amount_due() if booking.is_made else None,
            "may_check_in": Status.ISSUED in statuses and not booking.due,
            "may_undo": Status.CHECKED_IN in statuses,
        }

    def stale_at(self, now: datetime) -> datetime | None:
        """When check-in of one of its flights opens or closes."""
        flights = [coupon.segment.inventory.flight for coupon in self.coupons]
        moments = [moment for flight in flights for moment in (check_in_opens(flight), check_in_closes(flight))]
        return earliest(*(moment for moment in moments if moment > now))


class BoardingPass(LinkRegion):
    """One boarding pass. What is on it is read from the ticket now: where that is not valid any more, it says why."""

    path = "boarding-pass/<str:token>/<int:pk>/"
    template = "seats/passes/_pass.html"
    pk: int

    def things(self) -> Any:
        return bookings()

    @cached_property
    def coupon(self) -> Coupon | None:
        """None for a ticket that is gone, since the booking has other flights now. Http404 for one of another booking."""
        found = Coupon.objects.filter(segment__booking=self.thing, pk=self.pk).select_related(*RELATED).first()
        if found is None and Coupon.objects.filter(pk=self.pk).exists():
            raise Http404
        return found

    def topics(self) -> list[str]:
        booking: Any = self.thing
        flights = [flight_topics.flight(self.coupon.segment.inventory.flight_id)] if self.coupon else []
        return [topics.booking(booking.pk), flight_topics.names(), *flights]

    def context(self) -> dict[str, Any]:
        coupon = self.coupon
        if coupon is None:
            return {"token": self.token}
        flight = coupon.segment.inventory.flight
        tz, departs = flight.origin.tz, departure_of(flight)
        leg = coupon.boarding_pass()
        problem = fault_of(coupon)
        text = "" if problem else encode(leg)
        return {
            "coupon": coupon,
            "traveller": coupon.traveller,
            "booking": coupon.segment.booking,
            "flight": flight,
            "token": self.token,
            "problem": problem,
            "text": text,
            "code": text and aztec_svg(text),
            "printed_name": leg.name,
            "sequence": f"{leg.sequence:04}",
            "day": day_words(flight.date),
            "departs": clock(departs, tz),
            "scheduled": clock(flight.off_block_scheduled, tz) if departs != flight.off_block_scheduled else "",
            "boards": clock(boards_at(flight), tz),
            "seat_before": coupon.checked_in_seat if coupon.checked_in_seat != coupon.seat else "",
            "is_infant": coupon.traveller.kind == Kind.INFANT_LAP,
            "boarded": clock(coupon.boarded_at, tz),
            "may_check_in": coupon.status == Status.ISSUED and coupon.segment.booking.state == State.CONFIRMED,
        }


def fault_of(coupon: Coupon) -> str:
    """Why a pass is not valid, in a sentence; "" if it is."""
    booking, flight = coupon.segment.booking, coupon.segment.inventory.flight
    words = {"flight": flight.designator}
    if booking.state == State.CANCELLED or coupon.status == Status.VOID:
        return _("This ticket was cancelled. The boarding pass is not valid any more.")
    if booking.state != State.CONFIRMED:
        return _("This booking is not paid yet.")
    if coupon.status == Status.OFFLOADED:
        return _(
            "You were taken off this flight. The boarding pass is not valid any more. Please speak to the airline."
        )
    if flight.phase == Phase.CANCELLED:
        return _("%(flight)s is cancelled. The boarding pass is not valid any more.") % words
    if coupon.status == Status.ISSUED:
        return _("You are not checked in. There is a boarding pass once you are.")
    if flight.phase not in AT_GATE:
        return _("%(flight)s has departed.") % words
    return ""
