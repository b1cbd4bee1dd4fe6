"""Ticket types, and the quotas under which they are sold."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from money import Money


class Quota(models.Model):
    """So many places, for all ticket types that count against it. Its row is locked by what takes or frees a place.

    ``taken``: the places that are used, written under the lock; those whose time is over count until they are swept. What is
    free is never read from it, but counted (models/capacity.py). It is there for the ``CHECK``: whatever a program does wrong,
    no more than ``ceiling`` can be taken. That is the size, or what was taken when the size was lowered below it.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="quotas", verbose_name=_("event"))
    name = models.CharField(_("name"), max_length=80)
    size = models.PositiveIntegerField(_("places"), validators=[MaxValueValidator(1_000_000)])
    taken = models.PositiveIntegerField(default=0, editable=False)
    ceiling = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="one_quota_of_a_name"),
            models.CheckConstraint(condition=Q(taken__lte=F("ceiling")), name="no_more_places_than_there_are"),
        ]
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new quota can be taken up to its size. Later sizes are written by ``Capacity.resize``."""
        if self._state.adding:
            self.ceiling = self.size
        super().save(*args, **kwargs)


class TicketType(models.Model):
    """What is registered for, such as "Adult". Without a quota it is not for sale. ``price``: minor units, with tax."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="types", verbose_name=_("event"))
    name = models.CharField(_("name"), max_length=80)
    about = models.CharField(_("about"), max_length=200, blank=True)
    price = models.PositiveIntegerField(_("price"), default=0)
    tax_rate = models.DecimalField(
        _("tax in the price, per cent"),
        max_digits=5,
        decimal_places=3,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    quotas = models.ManyToManyField(Quota, related_name="types", verbose_name=_("quotas"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    needs_approval = models.BooleanField(_("the organiser approves each registration"), default=False)
    is_hidden = models.BooleanField(_("for holders of a voucher only"), default=False)
    sale_from = models.DateTimeField(_("sale from"), null=True, blank=True)
    sale_until = models.DateTimeField(_("sale until"), null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "name"], name="one_ticket_type_of_a_name")]
        verbose_name = _("ticket type")
        verbose_name_plural = _("ticket types")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.sale_from and self.sale_until and self.sale_until <= self.sale_from:
            raise ValidationError({"sale_until": gettext("It has to end after it begins.")})

    @property
    def money(self) -> Money:
        return Money(self.price, self.event.currency)

    def is_on_sale(self, now: datetime | None = None) -> bool:
        """Whether its own times let it be sold; the event has times too."""
        now = now or timezone.now()
        return (self.sale_from is None or self.sale_from <= now) and (self.sale_until is None or now < self.sale_until)
