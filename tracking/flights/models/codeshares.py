from django.db import models
from django.utils.translation import gettext_lazy

from tracking.flights.models.airports import Airline


class Codeshare(models.Model):
    """A further number of a flight, sold by another airline."""

    flight = models.ForeignKey("flights.Flight", models.CASCADE, related_name="codeshares")
    airline = models.ForeignKey(
        Airline, models.PROTECT, related_name="codeshares", verbose_name=gettext_lazy("airline")
    )
    number = models.CharField(gettext_lazy("number"), max_length=6)

    class Meta:
        ordering = ["airline_id", "number"]
        constraints = [models.UniqueConstraint(fields=["flight", "airline", "number"], name="one_codeshare")]
        indexes = [models.Index(fields=["airline", "number"])]
        verbose_name = gettext_lazy("further number")
        verbose_name_plural = gettext_lazy("Further numbers")

    def __str__(self):
        return f"{self.airline_id} {self.number}"
