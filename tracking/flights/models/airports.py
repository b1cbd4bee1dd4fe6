from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from django.core.validators import RegexValidator
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

import clocks
from live.outbox import publish
from tracking.flights import topics
from tracking.flights.models.names import better_name
from verbs.refusals import Refused


class Named(models.Model):
    """An airport or an airline: boards and the pages of flights show its name."""

    class Meta:
        abstract = True

    def correct(self) -> None:
        """Save a correction, and update every page that shows the name."""
        with transaction.atomic():
            self.save()
            publish(topics.names())


class AirportQuerySet(models.QuerySet):
    def load(self, airports: "Iterable[Airport]") -> None:
        """Add these airports, and update those that exist."""
        with transaction.atomic():
            self.bulk_create(
                airports,
                update_conflicts=True,
                unique_fields=["iata"],
                update_fields=["name", "city", "country", "zone"],
                batch_size=1000,
            )
            publish(topics.names())


class Airport(Named):
    """An airport, by its IATA code; times at it are in its own zone."""

    iata = models.CharField(_("IATA code"), max_length=3, primary_key=True, validators=[RegexValidator(r"^[A-Z]{3}$")])
    name = models.CharField(_("name"), max_length=120)
    city = models.CharField(_("city"), max_length=80)
    country = models.CharField(_("country"), max_length=2)
    zone = models.CharField(_("time zone"), max_length=40)

    objects = AirportQuerySet.as_manager()

    class Meta:
        ordering = ["city", "iata"]
        verbose_name = _("airport")
        verbose_name_plural = _("airports")

    def __str__(self) -> str:
        return f"{self.city} {self.iata}"

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def today(self) -> date:
        return clocks.today(self.tz)


def airport_or_refuse(iata: str) -> Airport:
    """The airport of this code; Refused where there is none."""
    airport = Airport.objects.filter(pk=iata).first()
    if airport is None:
        raise Refused(gettext("There is no airport “%(iata)s”.") % {"iata": iata})
    return airport


class AirlineQuerySet(models.QuerySet):
    def called(self, code: str, name: str) -> "Airline":
        """The airline of this code, by this name from now on. A new one is added."""
        airline, made = self.get_or_create(pk=code, defaults={"name": name})
        if not made and airline.name != name:
            airline.name = name
            airline.correct()
        return airline

    def name_known(self) -> None:
        """Give the airlines that are called by their code the names that ship with Airside."""
        for airline in self.filter(name=models.F("code")):
            self.called(airline.code, better_name(airline.code, airline.name))


class Airline(Named):
    """An airline, by its two-character IATA designator or three-letter ICAO one."""

    code = models.CharField(_("code"), max_length=3, primary_key=True, validators=[RegexValidator(r"^[A-Z0-9]{2,3}$")])
    name = models.CharField(_("name"), max_length=120)

    objects = AirlineQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("airline")
        verbose_name_plural = _("airlines")

    def __str__(self) -> str:
        return self.name
