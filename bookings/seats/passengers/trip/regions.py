"""A booking behind its link, live; and all bookings of somebody with an account."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from bookings.seats import topics
from bookings.seats.fares.terms import Terms
from bookings.seats.models import Assignment, Booking, Rules, State
from bookings.seats.models.disruption import Trouble, segments_of, trouble_of
from bookings.seats.passengers.trip import links, options, shown
from clocks import earliest, when
from links.regions import LinkRegion
from live.regions import Region
from money import Money
from tracking.flights import topics as flights


class Trip(LinkRegion):
    """A passenger's own booking."""

    path = "fly/trip/<str:token>/"
    template = "seats/trip/_trip.html"

    def things(self) -> Any:
        return links.trips()

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def segments(self) -> list[Any]:
        return segments_of(self.thing)

    @cached_property
    def trouble(self) -> Trouble | None:
        booking: Any = self.thing
        return booking.trouble(self.now)

    @cached_property
    def candidates(self) -> list[Any]:
        return options.candidates(self.thing, self.trouble, self.now) if self.trouble else []

    @cached_property
    def options(self) -> list[options.Option]:
        return options.free_of_charge(self.thing, self.candidates, self.now)[: options.SHOWN]

    def topics(self) -> list[str]:
        """The booking, its flights, and the seats of the flights that it is offered instead, or may be once they have room."""
        booking: Any = self.thing
        offered = {leg.inventory: leg.pk for itinerary in self.candidates for leg in itinerary.legs}
        return [
            topics.booking(booking.pk),
            topics.connections(),
            flights.names(),
            *(flights.flight(segment.inventory.flight_id) for segment in self.segments),
            *(topics.inventory(key) for key in sorted(offered)),
            *(flights.flight(key) for key in sorted(offered.values())),
        ]

    def context(self) -> dict[str, Any]:
        booking: Any = self.thing
        rules, trouble = Rules.read(), self.trouble
        charges = shown.charges_of(booking, rules)
        first, last = self.segments[0].inventory.flight, self.segments[-1].inventory.flight
        tz = first.origin.tz
        is_off = bool(trouble and trouble.event.is_off)
        is_kept = bool(trouble and booking.kept == trouble.key)
        return {
            "booking": booking,
            "is_expired": booking.is_expired(self.now),
            "first": first,
            "last": last,
            "legs": shown.legs_of(self.segments, self.now),
            "charges": charges,
            "back": Money(
                sum(back.amount for each in charges for _what, _amount, back in each.lines), booking.currency
            ),
            "fare": shown.fare_of(booking, rules),
            "terms": Terms.of(booking.terms).words(),
            "pay_url": reverse("seats:pay", args=[booking.token]),
            "due": Money(booking.due, booking.currency),
            "charged": Money(booking.charged, booking.currency),
            "price_until": when(booking.price_until, tz),
            "is_price_over": booking.price_until <= self.now,
            "pay_until": when(booking.pay_until, tz),
            "free_until": when(booking.free_until, tz) if booking.free_until and booking.free_until > self.now else "",
            "trouble": trouble,
            "is_kept": is_kept,
            "is_off": is_off,
            "is_flying": booking.is_made and not is_off,
            "options": [] if is_kept else self.options,
            "rights": trouble.hints() if trouble else [],
        }

    def stale_at(self, now: datetime) -> datetime | None:
        """When it has to be paid, its price ends, it costs something to cancel, or the seats of others may be free again."""
        booking: Any = self.thing
        keys = {leg.inventory for itinerary in self.candidates for leg in itinerary.legs}
        holds = Assignment.objects.filter(inventory__in=keys, cabin=booking.cabin, held_until__gt=now)
        freed = holds.order_by("held_until").values_list("held_until", flat=True).first() if keys else None
        moments = (booking.expires_at, booking.price_until, booking.free_until, freed)
        return earliest(*(at for at in moments if at and at > now))


class MyTrips(Region):
    """All bookings of somebody with an account: the coming ones, then the others."""

    path = "fly/my-trips/<int:user>/"
    template = "seats/trip/_mine.html"
    SHOWN = 100
    user: int

    def allows(self, user: Any) -> bool:
        return user.is_authenticated and user.pk == self.user

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def bookings(self) -> list[tuple[Any, list[Any]]]:
        """Each booking with its segments."""
        found = Booking.objects.filter(user=self.user).exclude(booked_at=None).unexpired(self.now)[: self.SHOWN]
        return [(booking, segments) for booking in found if (segments := segments_of(booking))]

    def topics(self) -> list[str]:
        """All that the account books, and the flights of what it has booked: their times, and whether they fly."""
        of_flights = {
            flights.flight(segment.inventory.flight_id) for _booking, segments in self.bookings for segment in segments
        }
        return [topics.passenger(self.user), flights.names(), *sorted(of_flights)]

    def context(self) -> dict[str, Any]:
        now = self.now
        rows = [row_of(booking, segments, now) for booking, segments in self.bookings]
        coming = [row for row in rows if row["booking"].state != State.CANCELLED and row["ends"] > now]
        coming.sort(key=lambda row: row["departs"])
        return {"coming": coming, "past": [row for row in rows if row not in coming]}


def row_of(booking: Any, segments: list[Any], now: datetime) -> dict[str, Any]:
    """``trouble``: why it can't be flown as it was booked; None where it can."""
    trouble = trouble_of(booking, now, segments)
    first, last = segments[0].inventory.flight, segments[-1].inventory.flight
    return {
        "booking": booking,
        "trouble": trouble if trouble and trouble.event.is_off else None,
        "address": booking.get_absolute_url(),
        "from": first.origin.city,
        "to": last.destination.city,
        "departs": first.best_departure,
        "ends": last.best_arrival or last.best_departure,
        "when": when(first.best_departure, first.origin.tz),
    }
