"""Places: a row for each place that is used, whatever for. The ledger is these rows, counted."""

from datetime import datetime

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.events.models.quotas import TicketType
from bookings.events.models.states import Use


class PlaceQuerySet(models.QuerySet["Place"]):
    def current(self, now: datetime | None = None) -> "PlaceQuerySet":
        """Those that count. A place whose time is over is free in the query itself."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now or timezone.now()))

    def counted(self, now: datetime | None = None) -> "PlaceQuerySet":
        """With ``counts_as``: the use, or RESERVED where a hold is over whose place a voucher reserves."""
        now = now or timezone.now()
        reserved = Q(voucher__isnull=False) & (Q(voucher__valid_until=None) | Q(voucher__valid_until__gt=now))
        is_over = Q(expires_at__lte=now)
        return self.exclude(is_over & ~reserved).annotate(
            counts_as=Case(When(is_over, then=Value(Use.RESERVED)), default=F("use"), output_field=models.CharField())
        )

    def expired(self, now: datetime | None = None) -> "PlaceQuerySet":
        return self.filter(expires_at__lte=now or timezone.now())

    def next_expiry(self, now: datetime | None = None) -> datetime | None:
        """When the next of them is free by itself; None where none will be."""
        later = self.filter(expires_at__gt=now or timezone.now())
        found: datetime | None = later.aggregate(first=models.Min("expires_at"))["first"]
        return found


class Place(models.Model):
    """One place of one ticket type that is not free. It counts against each quota of its type.

    Rows are written by ``Capacity`` only (models/capacity.py), under the event's lock. A place belongs to a registration, or
    to a voucher that reserves it, or to an entry of the waitlist for which places are gathered, or to nobody (blocked).
    One that a registration took from a voucher's reserve keeps the voucher: given up, it is reserved again.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="places")
    type = models.ForeignKey(TicketType, models.PROTECT, related_name="places")
    use = models.CharField(_("use"), max_length=8, choices=Use)
    expires_at = models.DateTimeField(null=True)  # None: until somebody frees it
    registration = models.ForeignKey("events.Registration", models.CASCADE, null=True, related_name="places")
    voucher = models.ForeignKey("events.Voucher", models.CASCADE, null=True, related_name="places")
    entry = models.ForeignKey("events.WaitlistEntry", models.CASCADE, null=True, related_name="places")
    reason = models.CharField(_("reason"), max_length=80, blank=True)  # why it is blocked

    objects = PlaceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["event", "type", "use", "expires_at"], name="places_counted")]
        verbose_name = _("place")
        verbose_name_plural = _("places")

    def __str__(self) -> str:
        return f"{self.type} {self.get_use_display()}"

    def is_reserved_again(self, now: datetime) -> bool:
        """Whether its voucher keeps it when a registration gives it up."""
        voucher = self.voucher
        return voucher is not None and self.use != Use.RESERVED and voucher.is_valid(now)
