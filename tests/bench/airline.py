"""A flight with few seats left for the bench, in the database of the process that imports this."""

from collections import Counter
from datetime import timedelta
from functools import cache

from django.db import transaction
from django.utils import timezone

from bookings.seats.fares.quote import Party
from bookings.seats.models import Assignment, Booking, Coupon, Inventory, PriceLine, Segment, State, Traveller
from bookings.seats.models.fares import load_defaults
from bookings.seats.models.holding import HOLD
from bookings.seats.models.inventory import lock_all
from bookings.seats.models.pricing import price_of
from tracking.flights.models import Flight

LAYOUT, CABIN, FAMILY = "737-800", "economy", "flex"


def fill():
    """Rules of fares; two flights of the board are for sale, thirty days ahead."""
    if Inventory.objects.exists():
        return
    load_defaults()
    for flight in Flight.objects.order_by("pk")[:2]:
        flight.off_block_scheduled += timedelta(days=30)
        flight.on_block_scheduled = flight.off_block_scheduled + timedelta(hours=2)
        flight.save()
        Inventory.objects.create(flight=flight, layout=LAYOUT, miles=500)


@cache
def contested():
    """The flight that all want, and one for the bare view."""
    return list(Inventory.objects.order_by("pk").values_list("pk", flat=True))


def last_seats(left):
    """All economy seats but ``left`` are blocked on both flights. Answers the flight and what a seat costs."""
    now = timezone.now()
    for inventory in Inventory.objects.order_by("pk"):
        free = sorted(inventory.free(CABIN, now))
        inventory.block(free[left:], "bench")
    wanted = Inventory.objects.get(pk=contested()[0])
    total = price_of([wanted], CABIN, FAMILY, Party(), now).quote.total.amount
    return {"inventory": wanted.pk, "total": total}


def sold():
    """What was sold on both flights, how many seats have two owners, and whether the ledgers add up."""
    found = {"booked": Booking.objects.filter(state=State.BOOKED).count(), "twice": 0, "adds_up": True}
    for inventory in Inventory.objects.all():
        ledger = inventory.ledger()
        seats = Counter(Coupon.objects.filter(segment__inventory=inventory).values_list("assignment__seat", flat=True))
        found["twice"] += sum(count > 1 for seat, count in seats.items() if seat)
        in_all = ledger.sold + ledger.held + ledger.blocked + ledger.free
        found["adds_up"] &= in_all == ledger.seats and ledger.free >= 0
    return found


def bare():
    """The same rows by the same lock, without forms, prices, history, or anybody who is told."""
    now = timezone.now()
    with transaction.atomic():
        [inventory] = lock_all([contested()[1]])
        free = inventory.free(CABIN, now)
        if not free:
            return {"end": "gone"}
        until = now + HOLD
        terms = {"cabin": CABIN, "family": FAMILY, "rank": 0, "currency": "USD", "total": 0, "price_until": until}
        booking = Booking.objects.create(expires_at=until, state=State.BOOKED, email="ada@example.org", **terms)
        segment = Segment.objects.create(booking=booking, inventory=inventory, position=0, cabin=CABIN)
        traveller = Traveller.objects.create(booking=booking, position=0, kind="adult", surname="Lovelace")
        coupon = Coupon.objects.create(segment=segment, traveller=traveller)
        inventory.take({min(free): Assignment(coupon=coupon, rank=0, held_until=until)}, now)
        PriceLine.objects.create(booking=booking, traveller=traveller, code="fare", amount=0)
    return {"end": "booked"}
