from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ReservationChange(models.Model):
    """One field of one reservation, changed once: what, from, to, when, by whom. Rows are only ever added."""

    reservation = models.ForeignKey("restaurants.Reservation", models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=12)
    what = models.CharField(max_length=12)
    before = models.CharField(max_length=400)
    after = models.CharField(max_length=400)
    revision = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["reservation", "revision"])]
        verbose_name = _("change of a reservation")
        verbose_name_plural = _("changes of reservations")

    def __str__(self):
        return f"{self.words}: {self.was or '–'} → {self.now or '–'}"

    @property
    def words(self):
        """What changed, as the reservation's field calls itself."""
        return self._meta.get_field("reservation").related_model._meta.get_field(self.what).verbose_name

    @property
    def was(self):
        return self.value(self.before)

    @property
    def now(self):
        return self.value(self.after)

    @property
    def is_time(self):
        return self.what in ("starts_at", "ends_at")

    def value(self, text):
        """What the text stands for: a datetime in UTC, words, or the text itself."""
        if self.is_time:
            return datetime.fromisoformat(text) if text else None
        field = self._meta.get_field("reservation").related_model._meta.get_field(self.what)
        return dict(field.flatchoices).get(text, text) if field.choices else text
