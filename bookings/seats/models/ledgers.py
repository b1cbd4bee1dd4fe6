"""What can't be, and is looked for all the same: seats that don't add up to the aircraft, travellers without a seat."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, Sum
from django.utils import timezone

from bookings.seats.models.bookings import Booking
from bookings.seats.models.inventory import Inventory
from bookings.seats.models.states import FLYING, LIVE, Kind, State
from bookings.seats.models.travellers import Coupon


def faults_of(inventory: Inventory, now: datetime | None = None) -> Iterator[str]:
    """What does not add up on a flight, in sentences for who runs the site. None, unless there is a bug."""
    now = now or timezone.now()
    yield from faults_of_seats(inventory, now)
    yield from faults_of_travellers(inventory, now)
    yield from faults_of_prices(inventory)


def faults_of_seats(inventory: Inventory, now: datetime) -> Iterator[str]:
    ledger, plan = inventory.ledger(now), inventory.plan
    counted = ledger.sold + ledger.held + ledger.blocked + ledger.free
    if counted != ledger.seats or ledger.free < 0:
        yield f"{counted} seats are counted, and the aircraft has {ledger.seats}."
    for seat, taken in inventory.taken(now).items():
        if seat not in plan.seats:
            yield f"Seat {seat} is taken, and the aircraft has no such seat."
        elif plan.seats[seat].cabin != taken.cabin:
            yield f"Seat {seat} is counted in another cabin than it is in."


def faults_of_travellers(inventory: Inventory, now: datetime) -> Iterator[str]:
    """Each traveller of a live booking has a seat of the booked cabin, held as long as the booking is."""
    live = Q(segment__booking__expires_at=None) | Q(segment__booking__expires_at__gt=now)
    coupons = Coupon.objects.filter(live, segment__inventory=inventory, status__in=FLYING)
    seated = coupons.filter(segment__booking__state__in=LIVE).exclude(traveller__kind=Kind.INFANT_LAP)
    for coupon in seated.select_related("segment__booking", "assignment"):
        booking, assignment = coupon.segment.booking, getattr(coupon, "assignment", None)
        if assignment is None:
            yield f"A traveller of {booking.reference} has no seat."
        elif assignment.inventory_id != inventory.pk or assignment.cabin != coupon.segment.cabin:
            yield f"A traveller of {booking.reference} has a seat of another flight or cabin."
        elif assignment.held_until != booking.expires_at:
            yield f"Seat {assignment.seat} of {booking.reference} is held for another time than its booking."
    over = coupons.filter(segment__booking__state=State.CANCELLED, assignment__isnull=False)
    for reference in over.values_list("segment__booking__reference", flat=True).distinct():
        yield f"{reference} is cancelled, and still has seats."


def faults_of_prices(inventory: Inventory) -> Iterator[str]:
    """What bookings cost is the sum of their lines."""
    bookings = Booking.objects.filter(segments__inventory=inventory, state__in=LIVE).annotate(sum=Sum("lines__amount"))
    for booking in bookings:
        if booking.sum != booking.total:
            yield f"{booking.reference} costs {booking.total}, and its lines are {booking.sum}."
