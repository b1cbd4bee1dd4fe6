"""What somebody wishes on a seat map, and what is offered where it can't be."""

import re
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from bookings.seats.fares.terms import SeatChoice, Terms
from bookings.seats.layouts.choosing import fits, together
from bookings.seats.models import Rules, SeatTaken, State
from bookings.seats.models.choosing import SEAT, fee_of
from bookings.seats.models.sitting import kind_of
from bookings.seats.passengers.seat_rows import seat_words
from money import Money
from whole_numbers import key_of

PAIR = re.compile(r"(\d{1,10}):(\d{1,2}[A-Z])")  # a coupon and a seat

Wish = dict[int, str]  # coupon → seat


class Seating:
    """The travellers of a booking on one of its flights, and the seats that they could have."""

    def __init__(self, booking: Any, segment: Any) -> None:
        self.booking, self.segment = booking, segment
        self.inventory = segment.inventory
        self.plan = self.inventory.plan
        self.terms = Terms.of(booking.terms)

    @cached_property
    def coupons(self) -> list[Any]:
        """Of those who have a seat, in the order of the travellers."""
        found = self.booking.coupons().filter(segment=self.segment).order_by("traveller__position")
        return [coupon for coupon in found if coupon.traveller.has_seat]

    @cached_property
    def own(self) -> dict[str, int]:
        """The coupon of each seat of the booking."""
        return {coupon.seat: coupon.pk for coupon in self.coupons}

    @cached_property
    def free(self) -> set[str]:
        return set(self.inventory.free(self.booking.cabin, timezone.now()))

    @cached_property
    def rules(self) -> Rules:
        return Rules.read()

    def wished(self, post: QueryDict) -> Wish:
        """From ``pairs`` ("7:12A,8:12B"), from a ``seat`` of one ``traveller``, or from a list with one field for each.

        A seat that another traveller of the booking has is exchanged.
        """
        if pairs := post.get("pairs") or post.get("agreed"):
            return {key_of(key) or 0: seat for key, seat in PAIR.findall(pairs[:400])}
        if "seat" not in post:
            found = {coupon.pk: post.get(f"seat-{coupon.pk}", "") for coupon in self.coupons}
            return {key: seat[:4] for key, seat in found.items() if seat}
        who, seat = post.get("traveller", ""), post["seat"][:4]
        coupon = next((each for each in self.coupons if str(each.pk) == who), None)
        if coupon is None:
            return {}
        other = self.own.get(seat)
        return {coupon.pk: seat, **({other: coupon.seat} if other and other != coupon.pk else {})}

    def said(self, wish: Wish) -> str:
        """What was done: Ana Ortiz has seat 12A."""
        names = {coupon.pk: str(coupon.traveller) for coupon in self.coupons}
        words = [_("%(name)s has seat %(seat)s.") % {"name": names[key], "seat": seat} for key, seat in wish.items()]
        if self.booking.state == State.HELD:
            words.append(_("The total is %(price)s.") % {"price": self.booking.price})
        return " ".join(words)

    # What is offered instead

    def nearest(self, refusal: SeatTaken, wish: Wish) -> list[tuple[str, str]]:
        """(what its button sends, its words) of free seats like one that is gone, which this traveller may have."""
        who = next((key for key, seat in wish.items() if seat == refusal.seat), None)
        if who is None:
            return []
        return [
            (f"{who}:{seat}", self.words(seat))
            for seat in refusal.nearest
            if seat in self.free and self.may_have(who, seat)
        ]

    def all_together(self, wish: Wish) -> tuple[str, str] | None:
        """What a button sends, and its words: the whole party near a seat that one of them wished, children beside adults."""
        wished = next((seat for seat in wish.values() if seat in self.plan.seats and seat not in self.own), None)
        if wished is None:
            return None
        row = self.plan.seats[wished].row
        children = {number for number, coupon in enumerate(self.coupons) if coupon.traveller.is_child}
        free = {seat for seat in self.free | set(self.own) if not self.plan.seats[seat].is_exit}
        for distance in range(6):
            near = {seat for seat in free if abs(self.plan.seats[seat].row - row) <= distance}
            choice = together(self.plan, near, len(self.coupons), children=children)
            if choice and choice.family:
                pairs = zip(self.coupons, choice.seats, strict=True)
                return ",".join(f"{coupon.pk}:{seat}" for coupon, seat in pairs), ", ".join(choice.seats)
        return None

    @cached_property
    def with_infants(self) -> set[int]:
        """The adults with an infant on their lap."""
        return set(self.booking.travellers.exclude(adult=None).values_list("adult", flat=True))

    def may_have(self, key: int, code: str) -> bool:
        traveller = next(each for each in self.coupons if each.pk == key).traveller
        return fits(
            self.plan.seats[code],
            kind_of(traveller),
            needs_help=traveller.needs_help,
            with_infant=traveller.pk in self.with_infants,
        )

    def words(self, code: str) -> str:
        """12A, window, $12.00."""
        fee = self.fee(code)
        price = [str(Money(fee, self.booking.currency))] if fee else []
        return ", ".join([code, seat_words(self.plan.seats[code]), *price])

    def fee(self, code: str) -> int:
        return fee_of(self.rules, self.terms, self.plan.seats[code]) or 0

    # The list, for those who don't use the map

    @property
    def may_choose(self) -> bool:
        return self.terms.seat_choice != SeatChoice.NONE

    def lists(self) -> list[tuple[Any, list[tuple[str, str, bool]]]]:
        """For each traveller the seats that they may have: (seat, words, whether it is the present one)."""
        seats = [
            code for code in self.plan.seats if code in (self.free if self.may_choose else set()) or code in self.own
        ]
        words = {code: self.words(code) for code in seats}
        return [
            (
                coupon,
                [
                    (code, words[code], code == coupon.seat)
                    for code in seats
                    if self.may_have(coupon.pk, code) and self.is_paid(coupon, code)
                ],
            )
            for coupon in self.coupons
        ]

    @cached_property
    def paid(self) -> dict[int, int]:
        """What each traveller pays for a seat on this flight, in minor units."""
        lines = self.booking.lines.filter(code=SEAT, segment=self.segment)
        return dict(lines.values_list("traveller", "amount"))

    def is_paid(self, coupon: Any, code: str) -> bool:
        """Whether this traveller may have a seat without paying more. While it is held, what it costs is added."""
        if self.booking.state == State.HELD or code in self.own:
            return True
        return self.fee(code) <= self.paid.get(coupon.traveller_id, 0)

    @property
    def has_others(self) -> bool:
        """Whether one may choose another seat that is free; once it is booked, for what was paid."""
        if not self.may_choose or self.booking.state == State.HELD:
            return self.may_choose
        return any(self.is_paid(coupon, code) for coupon in self.coupons for code in self.free)
