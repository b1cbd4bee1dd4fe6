"""What staff do with the seats of several bookings at once: one transaction, and a history in each of them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.seats.layouts import LAYOUTS
from bookings.seats.models.bookings import Booking
from bookings.seats.models.inventory import Assignment, Inventory, lock_all
from bookings.seats.models.refusals import Refused, Unfit
from bookings.seats.models.sitting import check_sitting
from bookings.seats.models.states import FLYING, LIVE, State
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


def change_aircraft(
    inventory: Inventory,
    layout: str,
    seats: Mapping[int, str],
    elsewhere: Mapping[str, str],
    by: Any = None,
    seen: int | None = None,
) -> None:
    """Another aircraft, with these seats: ``{coupon: seat}``, "" for somebody who has none on it.

    ``elsewhere``: the same for seats that others have sold, by their code of before. A hold that loses a seat is released:
    its customer is told, and chooses again. Call it with the locks of ``lock_parties``.
    """
    with transaction.atomic():
        bookings = list(Booking.objects.filter(segments__coupons__in=list(seats)).distinct())
        with changing(bookings, "change_aircraft", by) as locked:
            taken = list(seated(inventory, seats, elsewhere))
            inventory.change_aircraft(
                layout, [each for each in taken if each.seat in LAYOUTS[layout].seats], by=by, seen=seen
            )
            lost = [coupon for coupon, seat in seats.items() if not seat]
            for booking in locked:
                if booking.state == State.HELD and booking.coupons().filter(pk__in=lost).exists():
                    booking.end()


def seated(inventory: Inventory, seats: Mapping[int, str], elsewhere: Mapping[str, str]) -> Iterator[Assignment]:
    """What is taken now, with the seats on another aircraft; and new ones for tickets that had no seat."""
    had = set()
    for one in inventory.assignments.current():
        if one.coupon_id:
            had.add(one.coupon_id)
            one.seat = seats[one.coupon_id]
        elif one.rank is not None:
            one.seat = elsewhere[one.seat]
        yield one
    newly = [coupon for coupon, seat in seats.items() if seat and coupon not in had]
    for coupon in Coupon.objects.filter(pk__in=newly).select_related("segment__booking"):
        booking = coupon.segment.booking
        yield Assignment(seat=seats[coupon.pk], coupon=coupon, rank=booking.rank, held_until=booking.expires_at)


def lock_parties(inventory: Inventory) -> None:
    """Lock a flight and all flights of its bookings, in order. Raises Refused if others were booked at this moment."""
    wanted = connected(inventory)
    lock_all(wanted)
    if not connected(inventory) <= wanted:
        raise Refused(_("Somebody has booked at this moment. Look at the plan again."))


def connected(inventory: Inventory) -> set[int]:
    of_bookings = Segment.objects.filter(booking__segments__inventory=inventory, booking__state__in=LIVE)
    return {inventory.pk, *of_bookings.values_list("inventory", flat=True)}
