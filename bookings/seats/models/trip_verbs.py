"""What passengers do with a booking that is made: go on other flights, and hear of what becomes of theirs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.seats import mail
from bookings.seats.fares.quote import Party
from bookings.seats.fares.terms import Terms
from bookings.seats.models.charges import give_back
from bookings.seats.models.disruption import Trouble, is_news, segments_of, told_of, trouble_of
from bookings.seats.models.holding import best_seats, check_sale, has_left
from bookings.seats.models.inventory import lock_all
from bookings.seats.models.pricing import Price, price_of
from bookings.seats.models.refusals import NotForSale, PriceChanged, Refused, TooLate, Unfit
from bookings.seats.models.settling import Part, due_of
from bookings.seats.models.states import FLYING, Kind, Status
from bookings.seats.models.travellers import CHANGE_FEE, Coupon, PriceLine, Segment
from bookings.seats.models.unused import UnusedVerbs
from live.outbox import publish
from money import Money
from tracking.flights.models.codes import Phase
from verbs.models import verb


class TripVerbs(UnusedVerbs):
    """The verbs of a booking that is made."""

    segments: Any
    travellers: Any
    lines: Any
    check_live: Any  # of CustomerVerbs
    hold_paid_seats: Any

    class Meta:
        abstract = True

    # Other flights

    def change_to(self, inventories: Sequence[int], accepted: int, **context: Any) -> Any:
        """``change``, with the locks of all flights taken first, in order."""
        with transaction.atomic():
            self.lock_with(inventories)
            return self.change(inventories, accepted, **context)

    def rebook_onto(self, inventories: Sequence[int], start: int = 0, **context: Any) -> Any:
        """``rebook``, with the locks of all flights taken first, in order."""
        with transaction.atomic():
            self.lock_with(inventories)
            return self.rebook(inventories, start, **context)

    @verb
    def change(self, inventories: Sequence[int], accepted: int) -> None:
        """Go on these flights instead, by the terms of the fare. Call ``change_to``.

        ``accepted``: what they agreed to pay in minor units; below zero, what they get back. Raises PriceChanged where it
        is another amount now, and FareGone, Full or NotForSale; nothing is changed then.
        """
        now = timezone.now()
        flights = self.onto(inventories, 0)
        self.check_changeable(now)
        price = self.price_on(flights, now)
        fee = self.change_fee(now)
        due = price.quote.total.amount + fee - self.worth()
        if due != accepted:
            words = {"old": Money(accepted, self.currency), "new": Money(due, self.currency)}
            text = _("The price of the change is now %(new)s, and no longer %(old)s. Nothing is changed yet.") % words
            raise PriceChanged(text, accepted, due, self.currency)
        former = list(self.counted_lines().order_by("pk"))
        self.move_to(flights, 0, now)
        self.replace_lines(former, price, fee)
        if self.free_until and not self.may_pay_later(self.booked_at):
            self.free_until = None  # it is for departures a week ahead
        if due < 0:
            charged = [line.amount - line.refunded for line in former]
            back = [share.amount for share in Money(-due, self.currency).allocate(charged)]
            give_back(self, [Part(*part) for part in zip(former, back, [0] * len(former), strict=True)], _("Changed"))
        self.set_deadline(now)

    @verb
    def rebook(self, inventories: Sequence[int], start: int = 0) -> None:
        """Go on these flights instead, free of charge, as a flight is not as it was booked. Call ``rebook_onto``.

        ``start``: the position of the first segment that they replace. Staff may do so at any time.
        """
        now = timezone.now()
        by_staff = bool(self.context and self.context.get("by"))
        trouble = trouble_of(self, now)
        if not by_staff and (trouble is None or not trouble.may_rebook or trouble.start != start):
            raise TooLate(_("Your flights are as you booked them. Change them by the terms of your fare."))
        self.move_to(self.onto(inventories, start), start, now)

    @verb
    def keep(self) -> None:
        """Keep the booking as it is, although a flight is not as it was booked."""
        trouble = trouble_of(self, timezone.now())
        if trouble is None:
            raise TooLate(_("Your flights are as you booked them."))
        self.kept = trouble.key

    @verb
    def revoke(self) -> None:
        """Make the link of the booking worthless, and send a new one."""
        self.revoke_links()

    @verb
    def settle_change(self) -> None:
        """The difference of a change is paid. ``checkout`` calls it. Raises Full or SeatTaken if its seats went after the deadline."""
        now = timezone.now()
        if self.is_expired(now):
            self.hold_paid_seats(now)
        self.charged += due_of(self)
        self.keep_until(None)

    # Their rules

    def lock_with(self, inventories: Sequence[int] = ()) -> None:
        """Lock its flights and these. Raises Refused if it goes on others meanwhile: those would have to be locked first."""
        locked = {*self.segments.values_list("inventory", flat=True), *inventories}
        lock_all(locked)
        if not locked >= set(self.segments.values_list("inventory", flat=True)):
            raise Refused(_("This booking has other flights now. Look at it again."))

    def onto(self, inventories: Sequence[int], start: int) -> list[Any]:
        """The flights, read. Raises Unfit where they lead to or from another airport."""
        by_key = {inventory.pk: inventory for inventory in lock_all(inventories)}
        flights = [by_key[key] for key in inventories if key in by_key]
        former = segments_of(self)[start:]
        if not flights or len(flights) != len(inventories) or not former:
            raise NotForSale(_("This flight is not for sale."))
        leaves, reaches = former[0].inventory.flight.origin_id, former[-1].inventory.flight.destination_id
        if flights[0].flight.origin_id != leaves or flights[-1].flight.destination_id != reaches:
            raise Unfit(_("Choose flights from %(from)s to %(to)s.") % {"from": leaves, "to": reaches})
        if [flight.pk for flight in flights] == [segment.inventory_id for segment in former]:
            raise Unfit(_("You are booked on these flights already."))
        now = timezone.now()
        staying = {segment.inventory_id for segment in former}
        for flight in flights:
            if flight.pk not in staying or flight.flight.phase == Phase.CANCELLED:
                check_sale(flight, now)
        return flights

    def check_changeable(self, now: datetime) -> None:
        """Raise TooLate where the terms or the time allow no change."""
        self.check_live(now)
        if not self.is_free(now) and not Terms.of(self.terms).is_changeable:
            raise TooLate(_("Your fare allows no changes."))
        if any(has_left(segment.inventory.flight, now) for segment in segments_of(self)):
            raise TooLate(_("A flight of this booking has left or is cancelled."))
        if self.coupons().filter(status__in=(Status.CHECKED_IN, Status.BOARDED)).exists():
            raise TooLate(_("You have checked in. Undo that first, under “Check-in and boarding passes”."))

    def is_free(self, now: datetime) -> bool:
        """Whether it may be changed or cancelled for nothing, whatever its fare."""
        return bool(self.free_until and now < self.free_until)

    def change_fee(self, now: datetime) -> int:
        """For all who have a seat, in minor units."""
        if self.is_free(now):
            return 0
        return (Terms.of(self.terms).change_fee or 0) * sum(each.has_seat for each in self.party_members())

    def price_on(self, flights: Sequence[Any], now: datetime) -> Price:
        """What the same fare costs on these flights: its own seats do not count as sold."""
        return price_of(flights, self.cabin, self.family, self.party(), now, but_for=self.pk)

    def worth(self) -> int:
        """What counts towards another flight, in minor units: what was paid for those who travel and not given back.

        A difference that is still due was not paid, and the fee of an earlier change was for that change.
        """
        return sum(line.amount - line.refunded for line in self.counted_lines()) - due_of(self)

    def counted_lines(self) -> Any:
        return self.lines.filter(is_replaced=False, traveller__cancelled_at=None).exclude(code=CHANGE_FEE)

    def party(self) -> Party:
        kinds = [traveller.kind for traveller in self.party_members()]
        return Party(*(kinds.count(kind) for kind in (Kind.ADULT, Kind.CHILD, Kind.INFANT_SEAT, Kind.INFANT_LAP)))

    def replace_lines(self, former: Sequence[PriceLine], price: Price, fee: int) -> None:
        members, segments = self.party_members(), list(self.segments.all())
        self.lines.filter(pk__in=[line.pk for line in former]).update(is_replaced=True)
        PriceLine.objects.bulk_create(PriceLine.of_quote(self, price.quote, members, segments))
        seated = [member for member in members if member.has_seat]
        PriceLine.objects.bulk_create(
            PriceLine(booking=self, traveller=member, code=CHANGE_FEE, amount=fee // len(seated))
            for member in seated
            if fee
        )
        self.total = sum(self.lines.filter(is_replaced=False).values_list("amount", flat=True))
        self.terms, self.rank = price.terms, price.rank

    def move_to(self, flights: Sequence[Any], start: int, now: datetime) -> None:
        """Put everybody who travels on these flights, from a segment on. New seats are chosen before old ones are freed."""
        former = segments_of(self)[start:]
        flying = set(self.coupons().filter(segment__in=former, status__in=FLYING).values_list("traveller", flat=True))
        members = [member for member in self.party_members() if member.pk in flying]
        choices = [
            None
            if place < len(former) and former[place].inventory_id == flight.pk
            else best_seats(flight, self.cabin, members, now).seats
            for place, flight in enumerate(flights)
        ]
        for segment in former[len(flights) :]:
            self.lines.filter(segment=segment).update(segment=None)
            segment.delete()
        for place, (flight, seats) in enumerate(zip(flights, choices, strict=True)):
            if seats is not None:
                segment = former[place] if place < len(former) else None
                self.put_on(segment, start + place, flight, members, seats, now)
        self.kept, self.sequence = "", self.sequence + 1
        self.told = told_of(segments_of(self), now)

    def put_on(
        self,
        segment: Segment | None,
        position: int,
        inventory: Any,
        members: Sequence[Any],
        seats: Sequence[str],
        now: datetime,
    ) -> None:
        """Put these travellers on one flight, in these seats."""
        segment = segment or Segment(booking=self, position=position, cabin=self.cabin)
        segment.plan_on(inventory)
        segment.save()
        coupons = {coupon.traveller_id: coupon for coupon in self.coupons().filter(segment=segment)}
        seated = []
        places = iter(range(len(seats)))
        for member in members:
            place = next(places) if member.has_seat else -1
            coupon = coupons.get(member.pk) or Coupon(segment=segment, traveller=member)
            if coupon.status not in FLYING:
                continue  # staff took them off the flight
            coupon.status, coupon.sequence = Status.ISSUED, None
            coupon.checked_in_at, coupon.checked_in_seat = None, ""
            coupon.save()
            if member.has_seat:
                seated.append((coupon, place))
        self.take(inventory, {coupon: seats[place] for coupon, place in seated}, now)

    # News of its flights

    def trouble(self, now: datetime | None = None) -> Trouble | None:
        return trouble_of(self, now or timezone.now())

    def tell(self, now: datetime) -> bool:
        """Write to its passengers if a flight is not as they were told last. Returns whether it was news."""
        with transaction.atomic():
            self.lock()
            segments = segments_of(self)
            state = told_of(segments, now)
            is_new = self.is_made and is_news(self.told, state)
            if not is_new and [each[0] for each in self.told] == [each[0] for each in state]:
                return False
            self.told, self.sequence = state, self.sequence + is_new
            self.save(update_fields=["told", "sequence"])
            if is_new:
                mail.write(self, "disrupted")
                publish(*self.topics())
            return is_new
