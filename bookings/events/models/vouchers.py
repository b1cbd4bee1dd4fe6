"""Vouchers: a code that gives a price or a hidden ticket type, and may reserve places."""

from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.events.models.events import Event
from bookings.events.models.quotas import TicketType


class Voucher(models.Model):
    """``uses`` of ``most`` were redeemed; a place that is held counts. A voucher that reserves has a place for each use that
    is left (``Use.RESERVED``); ``most - uses`` of them, never more than there were when it was made."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="vouchers", verbose_name=_("event"))
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
