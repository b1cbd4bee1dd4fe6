from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracking.flights.models.reasons import DELAY_REASONS
from verbs.history import Change


class FlightChange(Change):
    """One field of one flight that a desk agent or a source changed. ``reported_at`` is by the source's own clock."""

    flight = models.ForeignKey("flights.Flight", models.CASCADE, related_name="changes")
    source = models.ForeignKey("flights.Source", models.SET_NULL, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True)
    observed = models.BooleanField()  # and not an estimate

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["flight", "revision"])]
        verbose_name = _("change of a flight")
        verbose_name_plural = _("changes of flights")

    def value(self, text: str) -> Any:
        return DELAY_REASONS.get(text, "") if self.field == "delay_code" else super().value(text)
