"""Check-in lists, and the scans at the doors."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.events.models.door_rules import Reason, Way
from bookings.events.models.events import Event
from bookings.events.models.quotas import TicketType
from bookings.events.models.scanning import ScanQuerySet
from bookings.events.models.tickets import Ticket

__all__ = ["CheckInList", "Reason", "Scan", "Way"]


class CheckInList(models.Model):
    """The tickets that a door lets in: their types, the hours, and whether their holders may come back."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="lists", verbose_name=_("event"))
    name = models.CharField(_("name"), max_length=80)
    types = models.ManyToManyField(
        TicketType, related_name="lists", blank=True, verbose_name=_("ticket types"), help_text=_("Empty: all.")
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    allows_reentry = models.BooleanField(_("who has left may come back"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "name"], name="one_list_of_a_name")]
        verbose_name = _("check-in list")
        verbose_name_plural = _("check-in lists")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": gettext("It has to close after it opens.")})

    @cached_property
    def type_keys(self) -> frozenset[int]:
        """The keys of its ticket types; none for all."""
        return frozenset(self.types.values_list("pk", flat=True))

    def tickets(self) -> models.QuerySet[Ticket]:
        """The tickets of its types, whatever became of them."""
        found = Ticket.objects.filter(event=self.event_id)
        return found.filter(type__in=self.type_keys) if self.type_keys else found


class Scan(models.Model):
    """One press at a door. ``key``: the device's own, once for each scan. ``scanned_at``: when, by the server's clock: for a
    scan that was queued on a device, the device's time corrected by its offset. ``received_at``: when the server heard of it.

    ``let_in``: whether somebody went through the door, in or out. ``reason``: why they should not have, or did not.
    ``earlier``: the scan that stood in the way. ``is_conflict``: it happened, and staff have to look at it.
    """

    key = models.UUIDField(unique=True)
    list = models.ForeignKey(CheckInList, models.CASCADE, related_name="scans")
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, related_name="scans")  # None: no ticket of this event
    code = models.CharField(max_length=64, blank=True)  # of what is no ticket of this event, shortened
    way = models.CharField(max_length=5, choices=Way, default=Way.ENTRY)
    door = models.CharField(_("door"), max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    was_queued = models.BooleanField(default=False)
    device_at = models.DateTimeField(null=True)
    offset_ms = models.BigIntegerField(null=True)  # of the device's clock: what has to be added to it
    scanned_at = models.DateTimeField()
    received_at = models.DateTimeField()
    let_in = models.BooleanField()
    reason = models.CharField(max_length=16, choices=Reason, blank=True)
    earlier = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    is_conflict = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True)  # that staff have looked at the conflict

    objects: Any = ScanQuerySet.as_manager()

    class Meta:
        ordering = ["scanned_at", "pk"]
        indexes = [
            models.Index(fields=["ticket", "scanned_at"]),
            models.Index(fields=["list", "scanned_at"]),
            models.Index(fields=["list"], condition=models.Q(is_conflict=True), name="scans_in_conflict"),
        ]
        verbose_name = _("scan")
        verbose_name_plural = _("scans")

    def __str__(self) -> str:
        return f"{self.door} {self.way}"
