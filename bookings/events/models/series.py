"""Events that repeat, at the same local time whatever the clock does."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.events.models.halls import Hall
from local_times import NoSuchTime, Twice, moment_at

MOST_DATES = 200


class Series(models.Model):
    """Such as every Tuesday at 19:00. Times are local: 19:00 stays 19:00 when the clock changes."""

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="series", verbose_name=_("hall"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    every = models.PositiveSmallIntegerField(
        _("weeks between dates"), default=1, validators=[MinValueValidator(1), MaxValueValidator(52)]
    )
    at = models.TimeField(_("local time"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=90, validators=[MinValueValidator(1), MaxValueValidator(3 * 24 * 60)]
    )

    events: Any

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="series_ends_after_it_begins"
            )
        ]
        verbose_name = pgettext_lazy("one", "series")
        verbose_name_plural = pgettext_lazy("several", "series")

    def __str__(self) -> str:
        return self.name

    def days(self) -> Iterator[date]:
        """The days on which it takes place, the first MOST_DATES of them."""
        for number in range(MOST_DATES):
            day = self.first_day + timedelta(weeks=self.every * number)
            if day > self.last_day:
                return
            yield day

    def starts_at(self, day: date) -> datetime:
        """When it begins on a day. A time that the clock skips that night is an hour later; of two, it is the first."""
        return local_moment(datetime.combine(day, self.at), self.hall.tz)

    def make_events(self, pattern: Any) -> list[Any]:
        """An event as ``pattern`` for each day that has none: its texts, types, quotas, questions and lists, and its people."""
        made = []
        with transaction.atomic():
            here = {event.day for event in self.events.select_related("hall__airport")}
            for day in self.days():
                if day not in here:
                    starts_at = self.starts_at(day)
                    made.append(
                        pattern.copy_to(f"{self.slug}-{day:%Y-%m-%d}", starts_at, timedelta(minutes=self.minutes), self)
                    )
        return made


def local_moment(local: datetime, zone: ZoneInfo) -> datetime:
    """A time that the clock skips that night is an hour later; of two, it is the first."""
    try:
        return moment_at(local, zone)
    except NoSuchTime:
        return moment_at(local + timedelta(hours=1), zone)
    except Twice as twice:
        return moment_at(local, zone, twice.names[0])
