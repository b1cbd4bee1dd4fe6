"""A booking: one party on one flight, or on two that connect. It goes from the hold to the flight."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.holds import Holdable
from bookings.seats import mail, topics
from bookings.seats.layouts import Cabin
from bookings.seats.models.customer_verbs import CustomerVerbs
from bookings.seats.models.desk_verbs import DeskVerbs
from bookings.seats.models.holding import BookingQuerySet
from bookings.seats.models.paid import PaidFor
from bookings.seats.models.settling import due_of
from bookings.seats.models.states import ALREADY, LEGAL, MADE, State
from bookings.seats.models.travellers import Coupon, Traveller
from bookings.seats.models.trip_verbs import TripVerbs
from languages import current_language
from links.models import Linked
from money import Money
from once import Once
from references import Referenced
from strangers import Asked
from verbs.history import Change
from verbs.models import Tracked

# The columns of a coupon that the history of its booking tells of
NAMED = ("position", "kind", "given", "surname")
IN_HISTORY = (
    *("assignment__seat", "segment__position"),
    *(f"segment__inventory__flight__{name}" for name in ("airline", "number", "date")),
    *("traveller__cancelled_at", *(f"traveller__{name}" for name in NAMED)),
)


class Booking(TripVerbs, DeskVerbs, CustomerVerbs, PaidFor, Holdable, Asked, Referenced, Once, Linked, Tracked):
    """A party and its seats. ``expires_at``: until then it is held, or has to be paid; then its seats are free.

    ``price_until``: until then the price stands that the customer saw. ``terms``: those of the fare family when it was
    booked, the fields of ``Terms``. Amounts are minor units of ``currency``.
    """

    LEGAL: ClassVar = LEGAL
    TRACKED: ClassVar = (
        "state",
        "total",
        "charged",
        "email",
        "phone",
        "expires_at",
        "link_version",
        "kept",
        "lapsed_at",
    )
    link_view = "seats:booked"

    state = models.CharField(_("state"), max_length=9, choices=State, default=State.HELD)
    cabin = models.CharField(_("cabin"), max_length=8, choices=Cabin)
    family = models.CharField(_("fare"), max_length=10)  # the code of the fare family
    rank = models.PositiveSmallIntegerField()  # of that family
    terms = models.JSONField(default=dict, editable=False)
    currency = models.CharField(max_length=3)
    total = models.PositiveIntegerField(_("price"))
    charged = models.PositiveIntegerField(_("charged"), default=0)  # what was charged, less what was given back
    price_until = models.DateTimeField()
    free_until = models.DateTimeField(null=True)  # until then it may be cancelled for nothing, whatever its fare
    was_extended = models.BooleanField(default=False)

    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="flight_bookings"
    )
    language = models.CharField(max_length=10, default=current_language)  # of the mail to this customer

    sequence = models.PositiveSmallIntegerField(default=0)  # of its calendar file
    told = models.JSONField(default=list, editable=False)  # its flights, as the last mail described them
    kept = models.CharField(
        _("kept as it is"), max_length=40, blank=True, editable=False
    )  # the trouble that was accepted
    made_at = models.DateTimeField(default=timezone.now)
    booked_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True, editable=False)  # when its passengers were told that it was not paid
    paid_at = models.DateTimeField(null=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "pk"]
        indexes = [
            models.Index(fields=["asked_from", "state"]),
            models.Index(fields=["user", "state"]),
            models.Index(fields=["expires_at"]),
        ]
        verbose_name = _("flight booking")
        verbose_name_plural = _("flight bookings")

    def __str__(self) -> str:
        return self.reference

    @property
    def price(self) -> Money:
        return Money(self.total, self.currency)

    @property
    def due(self) -> int:
        """What is still to be paid for a change, in minor units."""
        return due_of(self)

    @property
    def pay_until(self) -> datetime | None:
        """When a booking loses its seats that is not paid, or not the difference of its change; None for a hold."""
        return self.expires_at if self.state in MADE else None

    @property
    def is_live(self) -> bool:
        """Whether it has its seats."""
        return self.state != State.CANCELLED and not self.is_expired()

    @property
    def is_made(self) -> bool:
        """Whether the passengers are booked, paid or not."""
        return self.state in MADE and not self.is_expired()

    @property
    def departs(self) -> datetime:
        """The scheduled departure of its first flight."""
        first = self.segments.select_related("inventory__flight").first()
        return first.inventory.flight.off_block_scheduled

    # What the verbs need

    def lock(self) -> None:
        """The inventories first, in the order of their keys. Raises Refused if it goes on other flights meanwhile."""
        self.lock_with()
        super().lock()

    def snapshot(self) -> dict[str, str]:
        """Also its seats, the names of its travellers, and its flights. Each traveller has a coupon for each flight."""
        coupons = Coupon.objects.filter(segment__booking=self).order_by("segment__position", "traveller__position")
        seats, names, flights = [], {}, {}
        for seat, position, airline, number, day, cancelled_at, *traveller in coupons.values_list(*IN_HISTORY):
            flights[position] = f"{airline}{number}/{day}"
            if seat:
                seats.append(seat)
            if not cancelled_at:
                names[traveller[0]] = str(Traveller(**dict(zip(NAMED, traveller, strict=True))))
        texts = {"segments": " ".join(seats), "travellers": ", ".join(names.values())}
        return {**super().snapshot(), **texts, "flights": " ".join(flights.values())}

    def topics(self) -> list[str]:
        found: set[str] = {topics.booking(self.pk), topics.sales(), *self.owner_topics()}
        for segment in self.segments.select_related("inventory__flight__origin"):
            found |= set(segment.inventory.topics())
        return sorted(found)

    def before_commit(self, verb: str, changes: list[Any]) -> None:
        mail.notify(self, verb, {change.field: change.before for change in changes})

    def owner_topics(self) -> list[str]:
        return [topics.passenger(self.user_id)] if self.user_id else []

    def refusal(self, verb: str, state: str) -> str:
        return str(ALREADY[State(state)]) % {"name": self.display_name}


class BookingChange(Change):
    booking = models.ForeignKey(Booking, models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["booking", "revision"])]
        verbose_name = _("change of a flight booking")
        verbose_name_plural = _("changes of flight bookings")
