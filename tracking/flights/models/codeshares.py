from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracking.flights.models.airports import Airline
from tracking.flights.models.names import name_of


class CodeshareQuerySet(models.QuerySet):
    def replace(self, flight: Any, designators: Iterable[str]) -> None:
        """Give a flight these further numbers, such as "AA 7623", and no others. Unknown airlines are added."""
        self.filter(flight=flight).delete()
        pairs = [designator.split() for designator in designators]
        airlines = (Airline(code=code, name=name_of(code)) for code, _number in pairs)
        Airline.objects.bulk_create(airlines, ignore_conflicts=True)
        self.bulk_create(self.model(flight=flight, airline_id=code, number=number) for code, number in pairs)


class Codeshare(models.Model):
    """A further number of a flight, sold by another airline."""

    flight = models.ForeignKey("flights.Flight", models.CASCADE, related_name="codeshares")
    airline = models.ForeignKey(Airline, models.PROTECT, related_name="codeshares", verbose_name=_("airline"))
    number = models.CharField(_("number"), max_length=6)

    objects = CodeshareQuerySet.as_manager()

    class Meta:
        ordering = ["airline_id", "number"]
        constraints = [models.UniqueConstraint(fields=["flight", "airline", "number"], name="one_codeshare")]
        indexes = [models.Index(fields=["airline", "number"])]
        verbose_name = _("further number")
        verbose_name_plural = _("Further numbers")

    def __str__(self) -> str:
        return f"{self.airline_id} {self.number}"
