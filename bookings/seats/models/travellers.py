"""Who travels on what: segments, travellers, coupons, and the price of each."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.seats import topics
from bookings.seats.layouts import Cabin
from bookings.seats.models.flying import CouponVerbs
from bookings.seats.models.inventory import Inventory, lock_all
from bookings.seats.models.refusals import Refused
from bookings.seats.models.states import (
    CHILDREN,
    FLYING,
    LEGAL_OF_COUPONS,
    LIVE,
    REFUSED_TO_COUPONS,
    Kind,
    State,
    Status,
)
from verbs.history import Change


class Segment(models.Model):
    """One flight of a booking, in the cabin that was booked. Segments are flown in the order of ``position``."""

    booking = models.ForeignKey("seats.Booking", models.CASCADE, related_name="segments")
    inventory = models.ForeignKey(Inventory, models.PROTECT, related_name="segments")
    position = models.PositiveSmallIntegerField()
    cabin = models.CharField(_("cabin"), max_length=8, choices=Cabin)
    departs = models.DateTimeField(null=True)  # as scheduled when it was booked
    arrives = models.DateTimeField(null=True)
    instead_of = models.ForeignKey(Inventory, models.SET_NULL, null=True, related_name="replaced")  # by staff

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["booking", "position"], name="one_segment_at_a_position")]

    def __str__(self) -> str:
        return str(self.inventory)

    def plan_on(self, inventory: Inventory) -> "Segment":
        """This flight, by the schedule of now. The caller saves it."""
        self.inventory = inventory
        self.departs, self.arrives = inventory.flight.off_block_scheduled, inventory.flight.on_block_scheduled
        return self


class Traveller(models.Model):
    """Somebody who travels. The names are as in the travel document; one of them may be empty, as some people have one name.

    An infant on a lap travels with ``adult``, and goes wherever this one goes.
    """

    booking = models.ForeignKey("seats.Booking", models.CASCADE, related_name="travellers")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("passenger"), max_length=11, choices=Kind)
    given = models.CharField(_("given names"), max_length=60, blank=True)
    surname = models.CharField(_("surname"), max_length=60, blank=True)
    adult = models.ForeignKey("self", models.CASCADE, null=True, related_name="infants")
    ticket = models.CharField(_("ticket"), max_length=13, blank=True)  # the number, once it is paid
    needs_help = models.BooleanField(_("needs help on board"), default=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "position"], name="one_traveller_at_a_position"),
            models.CheckConstraint(
                condition=Q(kind=Kind.INFANT_LAP, adult__isnull=False) | ~Q(kind=Kind.INFANT_LAP) & Q(adult=None),
                name="infants_on_laps_of_adults",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.get_kind_display()} {self.position + 1}"

    @property
    def name(self) -> str:
        return f"{self.given} {self.surname}".strip()

    @property
    def has_seat(self) -> bool:
        return self.kind != Kind.INFANT_LAP

    @property
    def is_child(self) -> bool:
        """Whether they sit beside an adult of the booking."""
        return self.kind in CHILDREN


class CouponQuerySet(models.QuerySet["Coupon"]):
    def expected(self, now: datetime | None = None) -> "CouponQuerySet":
        """Those of travellers who are expected on their flight, or hold a seat on it."""
        live = Q(segment__booking__expires_at=None) | Q(segment__booking__expires_at__gt=now or timezone.now())
        return self.filter(live, status__in=FLYING, segment__booking__state__in=LIVE)

    def sold(self) -> "CouponQuerySet":
        """Those of travellers who are expected on their flight and have paid: the passenger list."""
        return self.filter(status__in=FLYING, segment__booking__state=State.CONFIRMED)


class Coupon(CouponVerbs):
    """The ticket of one traveller for one segment. Its seat is ``assignment``; an infant on a lap has none."""

    STATE: ClassVar[str] = "status"
    LEGAL: ClassVar = LEGAL_OF_COUPONS
    TRACKED: ClassVar = ("status", "sequence", "boarded_gate", "reason")

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="coupons")
    traveller = models.ForeignKey(Traveller, models.CASCADE, related_name="coupons")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ISSUED)
    sequence = models.PositiveSmallIntegerField(_("check-in sequence"), null=True)
    checked_in_at = models.DateTimeField(null=True)
    checked_in_seat = models.CharField(
        max_length=4, blank=True
    )  # so that the pass can say that the seat is another one
    boarded_at = models.DateTimeField(null=True)
    boarded_gate = models.CharField(_("gate"), max_length=6, blank=True)
    reason = models.CharField(_("reason"), max_length=60, blank=True)  # why it was taken off the flight

    objects = CouponQuerySet.as_manager()

    class Meta:
        ordering = ["segment", "traveller"]
        constraints = [models.UniqueConstraint(fields=["segment", "traveller"], name="one_coupon_per_flight")]
        permissions = [("board_coupon", "Can board passengers")]

    def __str__(self) -> str:
        return f"{self.traveller} {self.segment}"

    @property
    def seat(self) -> str:
        """The seat's code; "" for an infant on a lap."""
        assignment = getattr(self, "assignment", None)
        return assignment.seat if assignment else ""

    @property
    def display_name(self) -> str:
        return str(self.traveller)

    def refusal(self, verb: str, state: str) -> str:
        return str(REFUSED_TO_COUPONS[Status(state)]) % {"name": self.display_name}

    def lock(self) -> None:
        """The inventory first: sequence numbers and seats are given one after the other."""
        inventory = self.segment.inventory_id
        lock_all([inventory])
        super().lock()
        if self.segment.inventory_id != inventory:
            raise Refused(gettext("This booking has other flights now. Look at it again."))

    def topics(self) -> list[str]:
        booking = self.segment.booking
        here = topics.inventory(self.segment.inventory_id)
        return [here, topics.booking(booking.pk), topics.sales(), *booking.owner_topics()]


class CouponChange(Change):
    coupon = models.ForeignKey(Coupon, models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["coupon", "revision"])]


CHANGE_FEE = "change"  # the code of a price line


class PriceLine(models.Model):
    """One amount of one traveller, frozen when the price was agreed: a fare, a tax, a fee for a seat or for a change.

    ``amount`` is minor units of the booking's currency, and what has been given back of it is ``refunded``.
    """

    booking = models.ForeignKey("seats.Booking", models.CASCADE, related_name="lines")
    traveller = models.ForeignKey(Traveller, models.CASCADE, related_name="lines")
    segment = models.ForeignKey(Segment, models.CASCADE, null=True, related_name="lines")
    code = models.CharField(max_length=10)  # "fare", "seat", CHANGE_FEE, or the code of a tax
    amount = models.PositiveIntegerField()
    refunded = models.PositiveIntegerField(default=0)
    is_replaced = models.BooleanField(default=False)  # by those of a change

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(refunded__lte=models.F("amount")), name="no_more_back_than_was_paid"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.amount}"

    @staticmethod
    def of_quote(booking: Any, quote: Any, travellers: list[Traveller], segments: list[Segment]) -> "list[PriceLine]":
        """The unsaved lines of a quote, whose travellers and legs are counted in the same order."""
        return [
            PriceLine(
                booking=booking,
                traveller=travellers[line.traveller],
                segment=None if line.leg is None else segments[line.leg],
                code=line.code,
                amount=line.amount,
            )
            for line in quote.lines
        ]
