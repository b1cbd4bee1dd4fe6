"""Vouchers: a code that gives a price or a hidden ticket type, and may reserve places."""

from datetime import datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.events import topics
from bookings.events.models.quotas import TicketType
from bookings.events.models.refusals import Unfit
from bookings.events.models.states import Use
from live.outbox import publish


class VoucherQuerySet(models.QuerySet["Voucher"]):
    def issue(self, event: Any, code: str, most: int = 1, **fields: Any) -> "Voucher":
        """A new voucher. One that reserves takes its places now, or is refused (Full): no voucher reserves what is not there.
        Raises Unfit where the event has one of this code."""
        with transaction.atomic():
            capacity = capacity_of(event)
            if self.filter(event=event, code=code.upper()).exists():
                raise Unfit(gettext("There is a voucher with this code already."))
            voucher: Voucher = self.create(event=event, code=code.upper(), most=most, **fields)
            voucher.reserve(capacity, most)
        publish(topics.places(event.pk))
        return voucher


class Voucher(models.Model):
    """``uses`` of ``most`` were redeemed; a place that is held counts. One that reserves has a place for each use that is left
    (``Use.RESERVED``), until ``valid_until``."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="vouchers", verbose_name=_("event"))
    code = models.CharField(
        _("code"), max_length=30, validators=[RegexValidator(r"^[A-Z0-9-]{4,}$", _("Capital letters, digits and -."))]
    )
    type = models.ForeignKey(
        TicketType, models.CASCADE, null=True, blank=True, related_name="vouchers", verbose_name=_("ticket type"),
        help_text=_("Empty: any. One that reserves places names a ticket type."),
    )  # fmt: skip
    most = models.PositiveIntegerField(
        _("uses"), default=1, validators=[MinValueValidator(1), MaxValueValidator(10_000)]
    )
    uses = models.PositiveIntegerField(default=0, editable=False)
    reserves = models.BooleanField(_("reserves places"), default=False)
    discount = models.PositiveSmallIntegerField(_("discount, per cent"), default=0, validators=[MaxValueValidator(100)])
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=120, blank=True)

    objects = VoucherQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["event", "code"], name="one_voucher_of_a_code"),
            models.CheckConstraint(condition=Q(uses__lte=F("most")), name="voucher_used_at_most"),
            models.CheckConstraint(condition=Q(reserves=False) | Q(type__isnull=False), name="reserved_of_a_type"),
        ]
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")

    def __str__(self) -> str:
        return self.code

    def is_valid(self, now: datetime | None = None) -> bool:
        return self.valid_until is None or (now or timezone.now()) < self.valid_until

    def price_of(self, price: int) -> int:
        """What something costs with it, in minor units: half a unit is rounded up, in favour of the organiser."""
        return price - price * self.discount // 100

    # With the event's lock

    def reserve(self, capacity: Any, count: int) -> None:
        """Take so many places for it, if it reserves any."""
        if self.reserves and self.type_id and count > 0:
            capacity.check({self.type_id: count})
            capacity.take({self.type_id: count}, Use.RESERVED, self.valid_until, voucher=self)

    def change(self, most: int, valid_until: datetime | None) -> None:
        """Another number of uses, and another end. Raises Full, or Unfit below what is used."""
        with transaction.atomic():
            capacity = capacity_of(self.event)
            self.read_again()
            if most < self.uses:
                raise Unfit(gettext("It was used %(uses)s times already.") % {"uses": self.uses})
            kept = list(self.reserved_places)
            more = most - self.uses - len(kept)
            self.most, self.valid_until = most, valid_until
            self.save(update_fields=["most", "valid_until"])
            self.reserve(capacity, more)
            capacity.free_places(kept[: max(0, -more)])
            capacity.put(kept[max(0, -more) :], Use.RESERVED, valid_until)
            self.event.serve_with(capacity)
        publish(topics.places(self.event_id))

    def withdraw(self) -> None:
        """It can't be used any more; what it reserves is free. What was redeemed stays as it is."""
        with transaction.atomic():
            capacity = capacity_of(self.event)
            self.read_again()
            capacity.free_places(self.reserved_places)
            self.places.update(voucher=None)  # those of registrations, which would be deleted with it
            self.delete()
            self.event.serve_with(capacity)
        publish(topics.places(self.event_id))

    def read_again(self) -> None:
        """As it is now, under the lock. Raises Unfit where somebody else has withdrawn it."""
        try:
            self.refresh_from_db(from_queryset=Voucher.objects.select_for_update())
        except Voucher.DoesNotExist:
            raise Unfit(gettext("There is no such voucher any more.")) from None

    @property
    def reserved_places(self) -> Any:
        return self.places.filter(use=Use.RESERVED).order_by("pk")


def capacity_of(event: Any) -> Any:
    """The event's places, locked."""
    event.lock()
    return event.capacity
