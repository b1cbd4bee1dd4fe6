"""What customers do with a booking. Staff do some of it for them: ``by`` is then the member of staff, else None."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.holds import Holdable
from bookings.seats.models.choosing import SEAT, SeatVerbs
from bookings.seats.models.disruption import segments_of, told_of
from bookings.seats.models.holding import FAR_AHEAD, HOLD, check_flies, check_sale
from bookings.seats.models.inventory import Assignment
from bookings.seats.models.pricing import Price, check_price, check_total, price_of
from bookings.seats.models.refusals import TooLate, Unfit
from bookings.seats.models.sitting import Sitting, check_sitting
from bookings.seats.models.states import FLYING, State, Status
from bookings.seats.models.travellers import Coupon, PriceLine
from verbs.models import Tracked, verb

PAY_WITHIN = timedelta(minutes=30)
PAY_LATER, PRICE_LATER = timedelta(hours=24), timedelta(hours=12)


AIRLINE_CODE = "999"  # no airline's accounting code: we are none


def ticket_number(traveller: int) -> str:
    """Thirteen digits, as tickets have: three for who issued it, then a number of ours."""
    return f"{AIRLINE_CODE}{traveller:010}"


class Passenger(NamedTuple):
    """What a customer types of one traveller."""

    given: str = ""
    surname: str = ""
    needs_help: bool = False


class CustomerVerbs(SeatVerbs, Holdable, Tracked):
    """The verbs of a booking that customers have."""

    segments: Any  # the managers of its rows
    travellers: Any
    lines: Any
    party: Any  # of TripVerbs: those who travel
    party_members: Any
    lapsed_at: datetime | None

    class Meta:
        abstract = True

    @verb
    def extend(self) -> None:
        """Hold the seats once more for HOLD. The price is asked again when it is booked."""
        if self.was_extended:
            raise TooLate(_("This hold was extended already. Book it, or choose again."))
        if self.is_expired():
            raise TooLate(_("This hold has expired."))
        self.was_extended = True
        self.keep_until(self.expires_at + HOLD)

    @verb
    def release(self) -> None:
        """Give up the hold before it expires."""
        self.end()

    @verb
    def move(self, seats: Mapping[int, str]) -> None:
        """Give travellers other seats: ``{coupon: seat}``. Two of one booking may change seats with each other.

        Raises SeatTaken, NotTogether for a child away from all adults, Unfit for a seat that a traveller may not have.
        """
        now = timezone.now()
        self.check_live(now)
        coupons = self.coupons_for(seats)
        for segment in self.segments.all():
            of_segment = {coupons[key]: seat for key, seat in seats.items() if coupons[key].segment_id == segment.pk}
            if of_segment:
                self.reseat(segment, of_segment, now)

    @verb
    def book(
        self,
        passengers: Sequence[Passenger],
        email: str,
        phone: str = "",
        user: Any = None,
        accepted: int | None = None,
        later: bool = False,
    ) -> None:
        """Book what is held, to be paid. The passengers are in the order of the travellers.

        ``accepted``: the total that the customer accepted, in minor units. A hold that has expired is booked if its seats,
        or others, are still free; then, and after ``price_until``, the price is asked again. Raises PriceChanged where it is
        another one than the accepted one; nothing is booked then.
        """
        now = timezone.now()
        travellers = list(self.travellers.all())
        if len(passengers) != len(travellers):
            raise Unfit(_("Give the name of each passenger."))
        for segment in self.segments.select_related("inventory__flight__origin"):
            check_sale(segment.inventory, now)
        if self.is_expired(now):
            self.hold_again(travellers, now)
        if now >= self.price_until:
            self.price_again(accepted, now)
        else:
            check_total(self.total, self.currency, accepted, accepted or 0)  # a seat was chosen in another window
        for traveller, passenger in zip(travellers, passengers, strict=True):
            traveller.given, traveller.surname, traveller.needs_help = passenger
            traveller.save(update_fields=["given", "surname", "needs_help"])
        for segment in self.segments.all():
            sitting = self.sitting(segment, {})
            check_sitting(segment.inventory.plan, self.cabin, sitting, sitting)  # who needs help can't sit at an exit
        self.email, self.phone, self.user = email, phone, user or self.user
        self.state, self.booked_at = State.BOOKED, now
        within, priced = (PAY_LATER, PRICE_LATER) if later and self.may_pay_later(now) else (PAY_WITHIN, PAY_WITHIN)
        self.price_until = now + priced
        self.keep_until(now + within)
        self.agree_deadline(now)
        self.told = told_of(segments_of(self), now)

    @verb
    def reprice(self, accepted: int) -> None:
        """Accept the price of now for a booking whose price was guaranteed until a time that has passed."""
        now = timezone.now()
        self.check_live(now)
        self.price_again(accepted, now)
        self.price_until = self.expires_at

    @verb
    def confirm(self) -> None:
        """It is paid: its seats are sold, its price stands for ever, and it has tickets. ``checkout`` calls it."""
        now = timezone.now()
        for segment in self.segments.select_related("inventory__flight"):
            check_flies(segment.inventory.flight, now)
        if self.is_expired(now):
            self.hold_paid_seats(now)
        self.state, self.paid_at, self.expires_at, self.charged = State.CONFIRMED, now, None, self.total
        self.lapsed_at = None
        self.assignments().update(held_until=None)
        for traveller in self.travellers.filter(ticket=""):
            traveller.ticket = ticket_number(traveller.pk)
            traveller.save(update_fields=["ticket"])

    # Their rules

    def hold_paid_seats(self, now: datetime) -> None:
        """Take the seats again that have expired. Raises SeatTaken where a chosen seat that was paid for is gone."""
        paid = {(line.segment_id, line.traveller_id) for line in self.lines.filter(code=SEAT, amount__gt=0)}
        before = {(each.segment_id, each.traveller_id): each.seat for each in self.coupons()}
        self.hold_again(self.party_members(), now)
        for coupon in self.coupons():
            who = coupon.segment_id, coupon.traveller_id
            if who in paid and coupon.seat != before[who]:
                raise coupon.segment.inventory.taken_refusal(before[who] or coupon.seat, now)

    def check_live(self, now: datetime) -> None:
        if self.is_expired(now):
            raise TooLate(_("The seats of this booking are not held any more."))

    def may_pay_later(self, now: datetime | None = None) -> bool:
        return self.departs - (now or timezone.now()) >= FAR_AHEAD

    def agree_deadline(self, now: datetime) -> None:
        """Keep until when it may be cancelled without a fee whatever its fare: 24 hours, a week before the departure."""
        self.free_until = now + timedelta(hours=24) if self.may_pay_later(now) else None

    def assignments(self) -> Any:
        return Assignment.objects.filter(coupon__segment__booking=self)

    def keep_until(self, moment: datetime | None) -> None:
        self.expires_at = moment
        self.assignments().update(held_until=moment)

    def end(self) -> None:
        self.state, self.expires_at = State.CANCELLED, None
        self.sequence += 1
        self.assignments().delete()
        self.coupons().filter(status__in=FLYING).update(status=Status.VOID)

    def reseat(self, segment: Any, wanted: Mapping[Coupon, str], now: datetime) -> None:
        """Give coupons of one segment other seats, all at once: their former seats are free for one another."""
        if len(set(wanted.values())) != len(wanted):
            raise Unfit(_("Choose a seat of its own for each traveller."))
        inventory = segment.inventory
        check_sitting(inventory.plan, self.cabin, self.sitting(segment, {}), self.sitting(segment, wanted))
        self.take(inventory, wanted, now)

    def take(self, inventory: Any, wanted: Mapping[Coupon, str], now: datetime) -> None:
        """Give these coupons these seats, and nothing else."""
        Assignment.objects.filter(coupon__in=list(wanted)).delete()
        new = {
            seat: Assignment(coupon=coupon, rank=self.rank, held_until=self.expires_at)
            for coupon, seat in wanted.items()
        }
        inventory.take(new, now)

    def sitting(self, segment: Any, wanted: Mapping[Coupon, str]) -> Sitting:
        """(traveller, seat) of everybody on a segment once these coupons have these seats; "" for an infant on a lap."""
        seats = {coupon.pk: coupon.seat for coupon in self.coupons().filter(segment=segment)}
        seats |= {coupon.pk: seat for coupon, seat in wanted.items()}
        everybody = self.coupons().filter(segment=segment).order_by("traveller__position")
        return [(coupon.traveller, seats[coupon.pk]) for coupon in everybody]

    def price_again(self, accepted: int | None, now: datetime) -> None:
        """Ask for the price of now, and freeze it. Raises PriceChanged where it is another one than the accepted one."""
        price = self.price_now(now)
        fees = sum(self.lines.filter(code=SEAT).values_list("amount", flat=True))
        check_price(price.quote, fees, accepted, self.total)
        self.freeze(price)

    def price_now(self, now: datetime) -> Price:
        """What it would cost if it was chosen now: its own seats do not count as sold."""
        inventories = [segment.inventory for segment in self.segments.select_related("inventory__flight__origin")]
        return price_of(inventories, self.cabin, self.family, self.party(), now, but_for=self.pk)

    def freeze(self, price: Price) -> None:
        """Keep this price and these terms. Fees for chosen seats stay as they are."""
        fees = list(self.lines.filter(code=SEAT))
        self.lines.exclude(code=SEAT).delete()
        travellers, segments = self.party_members(), list(self.segments.all())
        PriceLine.objects.bulk_create(PriceLine.of_quote(self, price.quote, travellers, segments))
        self.total = price.quote.total.amount + sum(fee.amount for fee in fees)
        self.terms, self.rank = price.terms, price.rank
