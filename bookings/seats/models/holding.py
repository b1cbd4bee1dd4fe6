"""How a booking begins: somebody chooses an offer, and its seats are held while they type."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.holds import HoldableQuerySet
from bookings.seats.fares.quote import Party
from bookings.seats.layouts.choosing import Choice, together
from bookings.seats.models.connections import ConnectionTimes, Side
from bookings.seats.models.fares import Rules
from bookings.seats.models.inventory import Assignment, Inventory, lock_all
from bookings.seats.models.pricing import Price, check_price, price_of, too_few
from bookings.seats.models.refusals import Full, IllegalMove, NotForSale, Unfit
from bookings.seats.models.shares import TOO_MANY_HOLDS, check_share
from bookings.seats.models.states import Kind, State
from bookings.seats.models.travellers import Coupon, PriceLine, Segment, Traveller
from links.models import LinkedQuerySet
from once import OnceQuerySet
from strangers import NOBODY, Asker, bounds, check_bound
from tracking.flights.models.codes import AT_GATE, Phase

bounds("holds", "hold_share")

HOLD = timedelta(minutes=10)
FAR_AHEAD = timedelta(days=7)  # a departure that can be paid later, and cancelled for nothing within 24 hours
LEGS, LONGEST_WAIT = 2, timedelta(hours=6)  # of a connection
SALE_ENDS = timedelta(minutes=45)  # before the scheduled departure
SELLABLE = (Phase.SCHEDULED, Phase.CHECK_IN, Phase.LOUNGE, Phase.GATE_OPEN)


class BookingQuerySet(HoldableQuerySet[Any], OnceQuerySet[Any], LinkedQuerySet[Any]):
    def hold(
        self,
        inventories: Sequence[int],
        cabin: str,
        family: str,
        party: Party,
        key: UUID,
        accepted: int | None = None,
        user: Any = None,
        asker: Asker = NOBODY,
    ) -> Any:
        """Hold seats on these flights for a party, for HOLD. The same key gives the same hold.

        ``accepted``: the total that the customer saw and chose, in minor units; None books at the price of now. What the
        same browser held is released. Raises Full, FareGone, NotForSale, PriceChanged, TooMany or Unfit; nothing is held then.
        """
        party.check()
        now, rules = timezone.now(), Rules.read()
        with transaction.atomic():
            former = self.held_by(asker)
            theirs = Segment.objects.filter(booking__in=former).values_list("inventory", flat=True) if former else []
            by_key = {inventory.pk: inventory for inventory in lock_all({*inventories, *theirs})}
            if made := self.made_with(key, asked_by=asker.browser):
                return made
            flights = [by_key[pk] for pk in inventories if pk in by_key]
            if not flights or len(flights) != len(inventories):
                raise NotForSale(_("This flight is not for sale."))
            check_route(flights)
            for booking in former:
                with suppress(IllegalMove):  # it was booked at this moment, in another window
                    booking.release()
            self.check_holds(asker)
            for inventory in flights:
                check_share(inventory, cabin, party.seats, asker, now)
            for inventory in flights:
                check_sale(inventory, now)
            price = price_of(flights, cabin, family, party, now, rules=rules)
            check_price(price.quote, 0, accepted, accepted or 0)
            booking = self.model(
                cabin=cabin,
                family=family,
                rank=price.rank,
                terms=price.terms,
                currency=price.quote.currency,
                total=price.quote.total.amount,
                user=user,
                key=key,
                expires_at=now + HOLD,
                price_until=now + HOLD,
                revision=1,
            )
            booking.set_asker(asker)
            booking.save()
            self.seat(booking, flights, party, price, now)
            return booking.begin("hold")

    def held_by(self, asker: Asker) -> list[Any]:
        """What this browser holds."""
        return list(self.filter(state=State.HELD, asked_by=asker.browser).holding()) if asker.browser else []

    def check_holds(self, asker: Asker) -> None:
        """Raise TooMany if customers of one address hold too much."""
        if asker.address:
            held = self.filter(state=State.HELD, asked_from=asker.address).holding().order_by()
            check_bound("holds", held.count(), settings.SEAT_HOLDS_PER_ADDRESS, TOO_MANY_HOLDS)

    def seat(self, booking: Any, flights: Sequence[Inventory], party: Party, price: Price, now: datetime) -> None:
        """Save the segments, travellers, coupons and price lines of a new booking, and take the best seats for it."""
        travellers = save_travellers(booking, party)
        segments = Segment.objects.bulk_create(
            Segment(booking=booking, position=position, cabin=booking.cabin).plan_on(inventory)
            for position, inventory in enumerate(flights)
        )
        for segment in segments:
            coupons = Coupon.objects.bulk_create(
                Coupon(segment=segment, traveller=traveller) for traveller in travellers
            )
            choose_seats(segment.inventory, coupons, booking, now)
        PriceLine.objects.bulk_create(PriceLine.of_quote(booking, price.quote, travellers, segments))


def has_left(flight: Any, now: datetime) -> bool:
    """Whether it has left its gate: as it was reported, or by the best known time where nothing is."""
    return flight.phase not in AT_GATE or now >= flight.best_departure


def check_flies(flight: Any, now: datetime) -> None:
    """Raise NotForSale for a flight that nobody can go on any more."""
    words = {"flight": flight.designator}
    if flight.phase == Phase.CANCELLED:
        raise NotForSale(_("%(flight)s is cancelled.") % words)
    if has_left(flight, now):
        raise NotForSale(_("%(flight)s has departed.") % words)


def check_route(flights: Sequence[Inventory]) -> None:
    """Raise Unfit for flights that no search connects: others than two with the minimum connection time and no long wait."""
    if len(flights) > LEGS:
        raise Unfit(_("These flights do not connect. Choose others."))
    times = ConnectionTimes.read() if len(flights) > 1 else None
    for first, onward in pairwise(inventory.flight for inventory in flights):
        arrives = first.on_block_scheduled or first.off_block_scheduled
        arriving = Side.of(first.airline_id, first.arrival_terminal, first.origin, first.destination)
        departing = Side.of(onward.airline_id, onward.terminal, onward.origin, onward.destination)
        needed = times.needed(first.destination_id, arriving, departing)
        wait = onward.off_block_scheduled - arrives
        if onward.origin_id != first.destination_id or not needed <= wait <= LONGEST_WAIT:
            raise Unfit(_("These flights do not connect. Choose others."))


def check_sale(inventory: Inventory, now: datetime) -> None:
    """Raise NotForSale for a flight that is cancelled, has departed or is about to."""
    flight = inventory.flight
    words = {"flight": flight.designator}
    if flight.phase == Phase.CANCELLED:
        raise NotForSale(_("%(flight)s is cancelled.") % words)
    if not inventory.is_on_sale or flight.phase not in SELLABLE or flight.off_block_scheduled - now < SALE_ENDS:
        raise NotForSale(_("The sale of %(flight)s has ended.") % words)


def save_travellers(booking: Any, party: Party) -> list[Traveller]:
    """The travellers of a party, saved and without names: adults, children, infants with a seat, infants on laps."""
    kinds = [Kind.ADULT] * party.adults + [Kind.CHILD] * party.children + [Kind.INFANT_SEAT] * party.infants_seated
    seated = Traveller.objects.bulk_create(
        Traveller(booking=booking, position=position, kind=kind) for position, kind in enumerate(kinds)
    )
    on_laps = Traveller.objects.bulk_create(
        Traveller(booking=booking, position=len(seated) + lap, kind=Kind.INFANT_LAP, adult=seated[lap])
        for lap in range(party.infants_lap)
    )
    return [*seated, *on_laps]


def best_seats(
    inventory: Inventory, cabin: str, travellers: Sequence[Traveller], now: datetime, own: Collection[str] = ()
) -> Choice:
    """The best free seats for the travellers that need one, in their order. Those that are their ``own`` count as free.

    Raises Full.
    """
    seated = [traveller for traveller in travellers if traveller.has_seat]
    children = {place for place, traveller in enumerate(seated) if traveller.is_child}
    stays_away = any(not traveller.has_seat or traveller.needs_help for traveller in travellers)
    free = inventory.free(cabin, now) | set(own)
    choice = together(inventory.plan, free, len(seated), children=children, avoid_exit=bool(children) or stays_away)
    if len(choice.seats) < len(seated):
        raise only_exits(inventory) if len(free) >= len(seated) else too_few(inventory, len(seated))
    return choice


def only_exits(inventory: Inventory) -> Full:
    """That seats are left, but too few that this party may have."""
    text = _(
        "Too few seats are left on %(flight)s outside its exit rows."
        " Children, infants and people who need help may not sit there."
    )
    return Full(text % {"flight": inventory.flight.designator})


def choose_seats(inventory: Inventory, coupons: Sequence[Coupon], booking: Any, now: datetime) -> None:
    """Take the best free seats for these coupons. Raises Full."""
    choice = best_seats(inventory, booking.cabin, [coupon.traveller for coupon in coupons], now)
    seated = [coupon for coupon in coupons if coupon.traveller.has_seat]
    inventory.take(
        {
            seat: Assignment(coupon=coupon, rank=booking.rank, held_until=booking.expires_at)
            for seat, coupon in zip(choice.seats, seated, strict=True)
        },
        now,
    )
