"""What changes while somebody types: the flights and seats that are held, and the price. What is typed stands outside."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property

from bookings.seats import topics
from bookings.seats.fares.terms import SeatChoice, Terms
from bookings.seats.models import PriceLine, Refused, Rules, State
from bookings.seats.models.choosing import SEAT
from bookings.seats.passengers.trips import (
    bookings,
    day_of,
    family_words,
    fare_name,
    legs_of,
    next_url,
    price_lines,
    search_again,
    title,
)
from clocks import earliest
from links.regions import LinkRegion
from money import Money
from tracking.flights import topics as flights


class OfBooking(LinkRegion):
    """A region about one booking and its flights."""

    def things(self) -> Any:
        return bookings()

    @cached_property
    def segments(self) -> list[Any]:
        booking: Any = self.thing
        return list(booking.segments.select_related("inventory__flight__origin"))

    def topics(self) -> list[str]:
        booking: Any = self.thing
        of_flights = [flights.flight(segment.inventory.flight_id) for segment in self.segments]
        return [topics.booking(booking.pk), *of_flights]

    def stale_at(self, now: datetime) -> datetime | None:
        """When the hold expires, and when its price does."""
        booking: Any = self.thing
        moments = (booking.expires_at, booking.price_until) if booking.state == State.HELD else ()
        return earliest(*(moment for moment in moments if moment and moment > now))


class HeldTrip(OfBooking):
    """The flights and the seats that are held, and until when."""

    path = "held-trip/<str:token>/"
    template = "seats/passengers/_trip.html"

    def context(self) -> dict[str, Any]:
        booking: Any = self.thing
        now = timezone.now()
        legs = legs_of([segment.inventory_id for segment in self.segments])
        sittings = [booking.sitting(segment, {}) for segment in self.segments]
        return {
            "booking": booking,
            "title": title(legs),
            "day": day_of(booking),
            "fare": fare_name(booking, Rules.read()),
            "may_choose": Terms.of(booking.terms).seat_choice != SeatChoice.NONE,
            "legs": [
                (
                    leg,
                    segment,
                    [(str(traveller), seat) for traveller, seat in sitting if seat],
                    family_words(segment, sitting),
                )
                for leg, segment, sitting in zip(legs, self.segments, sittings, strict=True)
            ],
            "tz": self.segments[0].inventory.flight.origin.tz,
            "is_held": booking.state == State.HELD and not booking.is_expired(now),
            "is_expired": booking.state == State.HELD and booking.is_expired(now),
            "is_free": all(
                {seat for traveller, seat in sitting if traveller.has_seat}
                <= segment.inventory.free(booking.cabin, now)
                for segment, sitting in zip(self.segments, sittings, strict=True)
            ),
            "is_booked": booking.is_made,
            "next": next_url(booking) if booking.is_made else "",
            "search": search_again(booking),
        }


class HeldPrice(OfBooking):
    """The price, line by line, and the button that accepts it. After ``price_until`` it is the price of now."""

    path = "held-price/<str:token>/"
    template = "seats/passengers/_price.html"

    def topics(self) -> list[str]:
        """Others' bookings move the price once it is not guaranteed any more."""
        booking: Any = self.thing
        if timezone.now() < booking.price_until:
            return super().topics()
        return [*super().topics(), topics.fares(), *(topics.inventory(each.inventory_id) for each in self.segments)]

    def context(self) -> dict[str, Any]:
        booking: Any = self.thing
        now, rules = timezone.now(), Rules.read()
        lines = list(booking.lines.select_related("traveller"))
        price, terms, problem = booking.price, booking.terms, ""
        is_held = booking.state == State.HELD
        if is_held and now >= booking.price_until:
            try:
                asked = booking.price_now(now)
            except Refused as refusal:
                problem = str(refusal)
            else:
                fees = [line for line in lines if line.code == SEAT]
                travellers = list(booking.travellers.all())
                lines = [*PriceLine.of_quote(booking, asked.quote, travellers, self.segments), *fees]
                price = Money(sum(line.amount for line in lines), booking.currency)
                terms = asked.terms
        return {
            "booking": booking,
            "lines": price_lines(lines, booking.currency, rules),
            "price": price,
            "was": booking.price if price != booking.price else None,
            "terms": Terms.of(terms).words(),
            "problem": problem,
            "is_held": is_held,
            "is_guaranteed": is_held and now < booking.price_until,
            "tz": self.segments[0].inventory.flight.origin.tz,
        }
