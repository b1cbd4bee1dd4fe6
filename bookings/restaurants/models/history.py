"""The histories of reservations, queue entries and waitlist entries: a row for each field that a verb changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from verbs.history import Change


class ReservationChange(Change):
    reservation = models.ForeignKey("restaurants.Reservation", models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["reservation", "revision"])]
        verbose_name = _("change of a reservation")
        verbose_name_plural = _("changes of reservations")


class QueueEntryChange(Change):
    entry = models.ForeignKey("restaurants.QueueEntry", models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["entry", "revision"])]
        verbose_name = _("change of a queue entry")
        verbose_name_plural = _("changes of queue entries")


class WaitlistEntryChange(Change):
    entry = models.ForeignKey("restaurants.WaitlistEntry", models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["entry", "revision"])]
        verbose_name = _("change of a waitlist entry")
        verbose_name_plural = _("changes of waitlist entries")
