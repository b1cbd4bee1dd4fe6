from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracking.flights.models.codes import DELAY_REASONS, Phase


class FlightChange(models.Model):
    """One field of one flight, changed once: what, from, to, when, by whom. Rows are only ever added."""

    flight = models.ForeignKey("flights.Flight", models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    reported_at = models.DateTimeField(null=True)
    verb = models.CharField(max_length=20)
    what = models.CharField(max_length=30)
    before = models.CharField(max_length=250)
    after = models.CharField(max_length=250)
    revision = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    source = models.ForeignKey("flights.Source", models.SET_NULL, null=True, related_name="+")
    observed = models.BooleanField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["flight", "revision"])]
        verbose_name = _("change of a flight")
        verbose_name_plural = _("changes of flights")

    def __str__(self):
        return f"{self.words}: {self.was or '–'} → {self.now or '–'}"

    @property
    def words(self):
        """What changed, as the flight's field calls itself."""
        field = self._meta.get_field("flight").related_model._meta.get_field(self.what)
        return field.related_model._meta.verbose_name_plural if field.one_to_many else field.verbose_name

    @property
    def was(self):
        return self.value(self.before)

    @property
    def now(self):
        return self.value(self.after)

    @property
    def is_time(self):
        return self.what.startswith(("off_block", "take_off", "landing", "on_block"))

    def value(self, text):
        """What the text stands for: a datetime in UTC, words, or the text itself."""
        if self.is_time:
            return datetime.fromisoformat(text) if text else None
        if self.what == "phase":
            return Phase(text).label if text else ""
        if self.what == "delay_code":
            return DELAY_REASONS.get(text, "")
        return text
