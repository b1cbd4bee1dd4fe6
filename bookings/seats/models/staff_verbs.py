"""What staff do with the seats of several bookings at once: one transaction, and a history in each of them."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.seats.models.bookings import Booking
from bookings.seats.models.inventory import Assignment, lock_all
from bookings.seats.models.refusals import Unfit
from bookings.seats.models.sitting import check_sitting
from bookings.seats.models.states import FLYING
from bookings.seats.models.travellers import Coupon, Segment
from verbs.models import Before


@contextmanager
def changing(bookings: Iterable[Booking], verb: str, by: Any) -> Iterator[list[Booking]]:
    """Lock these bookings, and after the block write the history of what became of each. Inside a transaction.

    All their flights are locked first, in order, and then the bookings in order of their keys.
    """
    keys = sorted({booking.pk for booking in bookings})
    lock_all(Segment.objects.filter(booking__in=keys).values_list("inventory", flat=True))
    with ExitStack() as stack:
        locked = list(Booking.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
        before = []
        for booking in locked:
            stack.enter_context(booking.performing({"by": by}))
            before.append(Before(booking.snapshot(), booking.stored_values(), booking.topics()))
        yield locked
        for booking, was in zip(locked, before, strict=True):
            booking.record(verb, was)


def swap(first: Coupon, second: Coupon, by: Any = None, seen: int | None = None) -> None:
    """Let two travellers of one flight and cabin, of one booking or of two, change seats with each other.

    ``seen``: the revision of the booking of the first. Raises Unfit and NotTogether as for a single move.
    """
    with transaction.atomic():
        with changing([first.segment.booking, second.segment.booking], "swap", by) as bookings:
            by_key = {booking.pk: booking for booking in bookings}
            by_key[first.segment.booking_id].check_seen(seen)
            coupons = Coupon.objects.select_related("traveller", "assignment", "segment__inventory")
            here = {coupon.pk: coupon for coupon in coupons.filter(pk__in=[first.pk, second.pk])}
            one, other = here[first.pk], here[second.pk]
            check_swap(one, other)
            wanted = {one: other.seat, other: one.seat}
            for booking in bookings:
                segment = (one if one.segment.booking_id == booking.pk else other).segment
                booking.check_live(timezone.now())
                theirs = {coupon: seat for coupon, seat in wanted.items() if coupon.segment_id == segment.pk}
                before, after = booking.sitting(segment, {}), booking.sitting(segment, theirs)
                check_sitting(segment.inventory.plan, segment.cabin, before, after)
            exchange(one.assignment, other.assignment)


def check_swap(one: Coupon, other: Coupon) -> None:
    same = one.segment.inventory_id == other.segment.inventory_id and one.segment.cabin == other.segment.cabin
    flying = one.status in FLYING and other.status in FLYING
    if one.pk == other.pk or not same or not flying or not one.seat or not other.seat:
        raise Unfit(_("Choose two travellers of this flight and cabin who have seats."))


def exchange(one: Assignment, other: Assignment) -> None:
    """Exchange the seats: between the two, nobody else can take either, as the flight is locked."""
    first, second = one.seat, other.seat
    Assignment.objects.filter(pk=other.pk).delete()
    one.seat = second
    one.save(update_fields=["seat"])
    other.pk, other.seat = None, first
    other.save(force_insert=True)
