"""What staff do for a booking whose flight is cancelled."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.seats.models.disruption import segments_of, told_of
from bookings.seats.models.holding import best_seats, check_sale
from bookings.seats.models.inventory import lock_all
from bookings.seats.models.refusals import Gone, NotForSale, TooLate, Unfit
from bookings.seats.models.sitting import check_sitting
from bookings.seats.models.states import FLYING, Status
from bookings.seats.models.travellers import Coupon, Segment
from tracking.flights.models.codes import Phase
from verbs.models import Tracked, verb


class DeskVerbs(Tracked):
    segments: Any
    lines: Any

    class Meta:
        abstract = True

    def reaccommodate_onto(self, instead_of: int, flights: Sequence[int], seats: Any = None, **context: Any) -> Any:
        """``reaccommodate``, with the locks of all flights taken first, in order."""
        with transaction.atomic():
            lock_all({*self.segments.values_list("inventory", flat=True), *flights})
            return self.reaccommodate(instead_of, flights, seats or {}, **context)

    @verb
    def reaccommodate(self, instead_of: int, flights: Sequence[int], seats: Mapping[int, Sequence[str]]) -> None:
        """Go on ``flights`` instead of a cancelled one and of those after it. Call ``reaccommodate_onto``.

        The price stays as it was paid. ``seats``: those that were planned, by flight, in the order of the travellers; where
        one is gone the party gets the best of those that are free. Raises Gone where the booking is not on the cancelled
        flight any more, and Full, NotForSale or NotTogether; nothing is changed then.
        """
        now = timezone.now()
        former = list(self.segments.select_related("inventory__flight"))
        start = next((place for place, each in enumerate(former) if each.inventory_id == instead_of), None)
        if start is None:
            raise Gone(_("%(name)s is not on this flight any more.") % {"name": self.display_name})
        if self.is_expired(now):
            raise TooLate(_("%(name)s was not paid in time.") % {"name": self.display_name})
        cancelled = former[start].inventory.flight
        if cancelled.phase != Phase.CANCELLED:
            raise Unfit(_("%(flight)s is not cancelled.") % {"flight": cancelled.designator})
        by_key = {inventory.pk: inventory for inventory in lock_all(flights)}
        if not flights or len(by_key) != len(set(flights)):
            raise NotForSale(_("This flight is not for sale."))
        replaced, onto = former[start:], [by_key[key] for key in flights]
        check_ends(replaced, onto)
        kept = {each.inventory_id: each for each in replaced[1:]}
        coupons = list(self.coupons().filter(segment=replaced[0], status__in=FLYING).order_by("traveller__position"))
        chosen = {
            inventory.pk: self.seats_on(inventory, coupons, seats.get(inventory.pk, ()), replaced[0], now)
            for inventory in onto
            if inventory.pk not in kept
        }
        unused = [each for each in replaced if each.inventory_id not in flights]
        self.make_room(former, start, len(flights))
        for place, inventory in enumerate(onto):
            segment = kept.get(inventory.pk) or (unused.pop(0) if unused else Segment(booking=self, cabin=self.cabin))
            segment.position = start + place
            if inventory.pk in kept:
                segment.save()
                continue
            segment.plan_on(inventory)
            segment.instead_of_id = instead_of
            segment.save()
            self.seat_all(segment, coupons, chosen[inventory.pk], now)
        for segment in unused:
            self.lines.filter(segment=segment).update(segment=replaced[0])
            segment.delete()
        self.kept, self.sequence = "", self.sequence + 1
        self.told = told_of(segments_of(self), now)

    def make_room(self, former: Sequence[Any], start: int, count: int) -> None:
        """Positions are unique: the ones that are replaced go out of the way of the new ones first."""
        for segment in former[start:]:
            segment.position += len(former) + count
            segment.save(update_fields=["position"])

    def seats_on(
        self, inventory: Any, coupons: Sequence[Coupon], wanted: Sequence[str], replaced: Segment, now: Any
    ) -> list[str]:
        """The planned seats, or the best ones if somebody has taken one of them. ``replaced``: where they sit until now."""
        check_sale(inventory, now)
        travellers = [coupon.traveller for coupon in coupons]
        seated = [traveller for traveller in travellers if traveller.has_seat]
        if len(wanted) != len(seated) or not set(wanted) <= inventory.free(self.cabin, now):
            wanted = best_seats(inventory, self.cabin, travellers, now).seats
        iterator = iter(wanted)
        after = [(each, next(iterator) if each.has_seat else "") for each in travellers]
        check_sitting(inventory.plan, self.cabin, self.sitting(replaced, {}), after, replaced.inventory.plan)
        return list(wanted)

    def seat_all(self, segment: Segment, coupons: Sequence[Coupon], seats: Sequence[str], now: Any) -> None:
        """Everybody who travels, on one flight, not checked in and in these seats."""
        there = {coupon.traveller_id: coupon for coupon in Coupon.objects.filter(segment=segment)}
        seated = []
        for was in coupons:
            coupon = there.get(was.traveller_id) or Coupon(segment=segment, traveller=was.traveller)
            coupon.status, coupon.sequence = Status.ISSUED, None
            coupon.checked_in_at, coupon.checked_in_seat = None, ""
            coupon.save()
            if was.traveller.has_seat:
                seated.append(coupon)
        self.take(segment.inventory, dict(zip(seated, seats, strict=True)), now)


def check_ends(replaced: Sequence[Any], onto: Sequence[Any]) -> None:
    leaves, reaches = replaced[0].inventory.flight.origin_id, replaced[-1].inventory.flight.destination_id
    if onto[0].flight.origin_id != leaves or onto[-1].flight.destination_id != reaches:
        raise Unfit(_("Choose flights from %(from)s to %(to)s.") % {"from": leaves, "to": reaches})
