"""The seats of a flight that is for sale, and which of them are taken.

One row for each seat that is taken, unique by flight and seat, makes it impossible to sell a seat twice: every traveller
with a seat has one from the hold on, so a cabin can't be sold beyond its seats either.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.seats import topics
from bookings.seats.layouts import Cabin, Layout, layout
from bookings.seats.layouts.choosing import nearest
from bookings.seats.models.refusals import SeatTaken, Unfit
from bookings.seats.models.states import FLYING, LIVE, Kind
from tracking.flights.models import Flight
from verbs.history import Change
from verbs.models import Tracked, verb


class Ledger(NamedTuple):
    """Where the seats of a flight are. ``sold + held + blocked + free == seats``; infants on laps have no seat."""

    seats: int
    sold: int
    held: int
    blocked: int
    free: int
    infants: int


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def current(self, now: datetime | None = None) -> "AssignmentQuerySet":
        """Those that count. A hold that has expired is free in the query itself."""
        return self.filter(Q(held_until=None) | Q(held_until__gt=now or timezone.now()))

    def counting(self, now: datetime | None = None, but_for: int | None = None) -> "AssignmentQuerySet":
        """Those that count, but for the seats of this booking (a key)."""
        current = self.current(now)
        return current.exclude(coupon__segment__booking=but_for) if but_for else current

    def by_rank(self) -> dict[int, Counter[int | None]]:
        """How many seats there are, by inventory and by rank of their fare family; None is the rank of blocked seats."""
        counts: dict[int, Counter[int | None]] = defaultdict(Counter)
        for inventory, rank, seats in self.order_by().values_list("inventory", "rank").annotate(models.Count("pk")):
            counts[inventory][rank] = seats
        return counts

    def expired(self, now: datetime | None = None) -> "AssignmentQuerySet":
        return self.filter(held_until__lte=now or timezone.now())


class Inventory(Tracked):
    """What is sold on one flight. ``layout`` is the slug of the aircraft's layout; ``miles`` the great circle of the flight.

    Its row is the lock of all seats of the flight, and of its check-in.
    """

    STATE: ClassVar[str] = "is_on_sale"
    TRACKED: ClassVar = ("layout", "is_on_sale")

    flight = models.OneToOneField(Flight, models.PROTECT, related_name="inventory")
    layout = models.CharField(gettext_lazy("aircraft"), max_length=20)
    miles = models.PositiveIntegerField(gettext_lazy("miles"))
    is_on_sale = models.BooleanField(gettext_lazy("on sale"), default=True)
    followed = models.PositiveIntegerField(default=0, editable=False)  # the flight's revision that passengers were told
    last_sequence = models.PositiveSmallIntegerField(default=0, editable=False)  # the last one given at check-in

    class Meta:
        verbose_name = gettext_lazy("flight for sale")
        verbose_name_plural = gettext_lazy("flights for sale")

    def __str__(self) -> str:
        return str(self.flight)

    # What may be asked of it

    @property
    def plan(self) -> Layout:
        return layout(self.layout)

    @cached_property
    def day(self) -> date:
        """The local day of the scheduled departure."""
        return timezone.localdate(self.flight.off_block_scheduled, self.flight.origin.tz)

    def taken(self, now: datetime | None = None) -> dict[str, "Assignment"]:
        """The assignments that count, by seat."""
        return {taken.seat: taken for taken in self.assignments.current(now)}

    def free(self, cabin: str, now: datetime | None = None) -> set[str]:
        """The seats of a cabin that nobody has."""
        taken = set(self.assignments.current(now).values_list("seat", flat=True))
        return {seat.code for seat in self.plan.in_cabin(Cabin(cabin))} - taken

    def ledger(self, now: datetime | None = None) -> Ledger:
        """Where its seats are now. It always adds up to the layout: tests and a command check it."""
        now = now or timezone.now()
        counts = self.assignments.current(now).aggregate(
            sold=models.Count("pk", Q(held_until=None, rank__isnull=False)),
            held=models.Count("pk", Q(held_until__gt=now)),
            blocked=models.Count("pk", Q(rank=None)),
        )
        seats = self.plan.capacity()
        return Ledger(seats=seats, free=seats - sum(counts.values()), infants=self.infants(now), **counts)

    def infants(self, now: datetime) -> int:
        """Infants on laps that are expected on the flight."""
        on_laps = Q(segments__coupons__traveller__kind=Kind.INFANT_LAP, segments__coupons__status__in=FLYING)
        live = Q(segments__booking__expires_at=None) | Q(segments__booking__expires_at__gt=now)
        here = Inventory.objects.filter(on_laps, live, pk=self.pk, segments__booking__state__in=LIVE)
        return here.values("segments__coupons").count()

    # Taking seats: with the lock of this row

    def take(self, wanted: Mapping[str, "Assignment"], now: datetime) -> None:
        """Save these unsaved assignments, by seat. Expired holds that are in the way are deleted.

        Raises SeatTaken, which names the first of the seats that somebody else has.
        """
        cabins = {seat: self.cabin_of(seat) for seat in wanted}
        self.assignments.filter(seat__in=wanted).expired(now).delete()
        for seat, assignment in wanted.items():
            assignment.inventory, assignment.seat, assignment.cabin = self, seat, cabins[seat]
        try:
            with transaction.atomic():  # a savepoint, since after an IntegrityError we still read who was first
                Assignment.objects.bulk_create(wanted.values())
        except IntegrityError:
            lost = self.assignments.filter(seat__in=wanted).values_list("seat", flat=True).first()
            raise self.taken_refusal(lost or next(iter(wanted)), now) from None

    def cabin_of(self, seat: str) -> Cabin:
        """Raises Unfit for a seat that the aircraft does not have."""
        if seat not in self.plan.seats:
            raise Unfit(_("This aircraft has no seat %(seat)s.") % {"seat": seat})
        return self.plan.seats[seat].cabin

    def taken_refusal(self, seat: str, now: datetime) -> SeatTaken:
        """That a seat is gone, with the nearest ones like it."""
        free = self.free(self.cabin_of(seat), now)
        text = _("Seat %(seat)s has just been taken.") % {"seat": seat}
        return SeatTaken(text, seat, nearest(self.plan, free, seat))

    # Verbs

    @verb
    def block(self, seats: Iterable[str], reason: str = "") -> None:
        """Take seats out of the sale: for the crew, for repair, or to give later."""
        now = timezone.now()
        self.take({seat: Assignment(reason=reason) for seat in seats}, now)

    @verb
    def unblock(self, seats: Iterable[str]) -> None:
        self.assignments.filter(seat__in=list(seats), rank=None).delete()

    @verb
    def stop_sale(self) -> None:
        self.is_on_sale = False

    @verb
    def resume_sale(self) -> None:
        self.is_on_sale = True

    @verb
    def change_aircraft(self, layout: str, taken: Sequence["Assignment"]) -> None:
        """Another aircraft, on which these seats are taken. The function of this name in staff_verbs calls it."""
        self.layout = layout
        self.assignments.all().delete()
        for assignment in taken:
            assignment.pk, assignment.inventory, assignment.cabin = None, self, self.cabin_of(assignment.seat)
        Assignment.objects.bulk_create(taken)

    # What the verbs need

    def snapshot(self) -> dict[str, str]:
        blocked = self.assignments.filter(rank=None).order_by("reason", "seat").values_list("reason", "seat")
        by_reason: dict[str, list[str]] = {}
        for reason, seat in blocked:
            by_reason.setdefault(reason, []).append(seat)
        words = [" ".join(seats) + (f" ({reason})" if reason else "") for reason, seats in by_reason.items()]
        return {**super().snapshot(), "assignments": "; ".join(words)}

    def topics(self) -> list[str]:
        flight = self.flight
        market = topics.market(flight.origin_id, flight.destination_id, self.day)
        return [topics.inventory(self.pk), market, topics.sales()]


class InventoryChange(Change):
    inventory = models.ForeignKey(Inventory, models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["inventory", "revision"])]
        verbose_name = gettext_lazy("change of a flight for sale")
        verbose_name_plural = gettext_lazy("changes of flights for sale")


class Assignment(models.Model):
    """A seat of a flight that is taken: sold, held until a time, or blocked by staff (without a rank).

    What others have sold, such as the airline itself, has a rank and no coupon: it counts, and we don't know who it is.
    """

    inventory = models.ForeignKey(
        Inventory, models.CASCADE, related_name="assignments", verbose_name=gettext_lazy("seats")
    )
    seat = models.CharField(gettext_lazy("seat"), max_length=4)
    cabin = models.CharField(max_length=8, choices=Cabin)
    rank = models.PositiveSmallIntegerField(null=True)  # of the fare family that it was sold in; None if it is blocked
    coupon = models.OneToOneField("seats.Coupon", models.CASCADE, null=True, related_name="assignment")
    held_until = models.DateTimeField(null=True)  # None for what is sold or blocked
    reason = models.CharField(gettext_lazy("reason"), max_length=60, blank=True)  # why it is blocked

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inventory", "seat"], name="one_traveller_in_a_seat"),
            models.CheckConstraint(
                condition=Q(coupon=None, held_until=None) | Q(coupon__isnull=False, rank__isnull=False),
                name="sold_to_somebody_or_blocked",
            ),
        ]
        indexes = [
            # All columns that a search counts by, so that both databases answer from the index alone.
            models.Index(fields=["inventory", "cabin", "rank", "held_until"], name="assignments_counted"),
        ]
        verbose_name = gettext_lazy("seat assignment")
        verbose_name_plural = gettext_lazy("seat assignments")

    def __str__(self) -> str:
        return self.seat

    def is_current(self, now: datetime | None = None) -> bool:
        return self.held_until is None or self.held_until > (now or timezone.now())


def lock_all(inventories: Iterable[Any]) -> "list[Inventory]":
    """Lock these inventories, given by key, in the order of their keys, and read them. Inside a transaction.

    What needs the seats of several flights locks all of them first, with one call; the verbs of a booking lock its own once
    more, which is harmless. Otherwise two that go from one flight to the other could wait for each other.
    """
    wanted = list(inventories)
    locked = Inventory.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted).order_by("pk")
    return list(locked.select_related("flight__origin", "flight__destination", "flight__airline"))
