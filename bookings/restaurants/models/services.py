"""The services of a restaurant: which meals are served when, how many guests may come at once, how long they stay."""

from datetime import date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.restaurants.models.slots import slot_of

DEFAULT_TURN = 105


class Service(models.Model):
    """A meal, such as dinner: on which days it is served, when guests may come, and its pacing.

    A service whose end is earlier than its beginning ends on the next day. All of it belongs to the day on which it
    begins.
    """

    restaurant = models.ForeignKey("restaurants.Restaurant", models.CASCADE, related_name="services")
    name = models.CharField(gettext_lazy("name"), max_length=40)
    weekdays = models.CharField(
        gettext_lazy("weekdays"),
        max_length=7,
        default="1234567",
        help_text=gettext_lazy("1 is Monday, 7 Sunday: 12345 for working days"),
    )
    begins = models.TimeField(gettext_lazy("first guests"))
    last = models.TimeField(gettext_lazy("last guests"))
    ends = models.TimeField(gettext_lazy("ends"))
    pace_online = models.PositiveSmallIntegerField(gettext_lazy("online covers per 15 minutes"), default=12)
    pace = models.PositiveSmallIntegerField(gettext_lazy("covers per 15 minutes in all"), default=20)
    since = models.DateField(gettext_lazy("from day"), null=True, blank=True)
    until = models.DateField(gettext_lazy("to day"), null=True, blank=True)

    class Meta:
        ordering = ["begins", "pk"]
        verbose_name = gettext_lazy("service")
        verbose_name_plural = gettext_lazy("services")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if set(self.weekdays) - set("1234567"):
            raise ValidationError({"weekdays": _("Write the digits of its days, 1 to 7.")})
        for name in ("begins", "last"):
            if (at := getattr(self, name)) and (at.minute % 15 or at.second):
                raise ValidationError({name: _("Write a full quarter of an hour, such as 18:15.")})
        if self.begins and self.last and self.ends and not self.after(self.last) < self.after(self.ends):
            raise ValidationError({"last": _("The last guests come after the first, and before it ends.")})
        if (self.pace_online or 0) > (self.pace or 0):
            raise ValidationError({"pace_online": _("That is more than may come in all.")})
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": _("That is before it begins.")})
        for name in ("since", "until"):
            if (day := getattr(self, name)) and not 2000 <= day.year < 2100:
                raise ValidationError({name: _("Write a day of this century.")})

    def after(self, at: time) -> timedelta:
        """How long after the first guests a time of day is, also over midnight."""
        begins = timedelta(hours=self.begins.hour, minutes=self.begins.minute)
        return (timedelta(hours=at.hour, minutes=at.minute) - begins) % timedelta(days=1)

    def is_on(self, day: date) -> bool:
        """Whether it is served on a day, closures aside."""
        return (
            str(day.isoweekday()) in self.weekdays
            and (not self.since or self.since <= day)
            and (not self.until or day <= self.until)
        )

    def clash(self, other: "Service") -> date | None:
        """A day on which it overlaps with another service, also after midnight; None if there is none."""
        begins, ends = self.span
        for day, later in product(self.common_days(other), (-1, 0, 1)):
            if self.is_on(day) and other.is_on(day + timedelta(days=later)):
                first, last = (at + timedelta(days=later) for at in other.span)
                if begins < last and first < ends:
                    return day + timedelta(days=max(begins, first).days)
        return None

    @property
    def span(self) -> tuple[timedelta, timedelta]:
        """Its beginning and its end, counted from midnight."""
        begins = timedelta(hours=self.begins.hour, minutes=self.begins.minute)
        return begins, begins + self.after(self.ends)

    def common_days(self, other: "Service") -> list[date]:
        """One week of the season in common with another service, with the days around it. All weeks are alike."""
        since = [day for day in (self.since, other.since) if day]
        until = [day for day in (self.until, other.until) if day]
        first = max(since) if since else min(until, default=date(2000, 1, 1)) - timedelta(days=7)
        return [first + timedelta(days=number) for number in range(-1, 9)]

    def times(self, day: date, tz: ZoneInfo) -> tuple[range, int]:
        """The slots at which guests may come on a day, and the slot at which it ends.

        A night in which clocks change has four slots more or less.
        """
        first, last, ends = (slot_of(self.moment(day, at, tz)) for at in (self.begins, self.last, self.ends))
        return range(first, max(last, first) + 1), ends

    def moment(self, day: date, at: time, tz: ZoneInfo) -> datetime:
        """When it is this time of day at the service that begins on ``day``."""
        later = at < self.begins
        return datetime.combine(day + timedelta(days=later), at, tz)

    def turn(self, party: int) -> int:
        """The turn time of a party of this size, in minutes."""
        fitting = [turn.minutes for turn in self.turns.all() if party <= turn.party]
        longest = max((turn.minutes for turn in self.turns.all()), default=DEFAULT_TURN)
        return min(fitting, default=longest)


class TurnTime(models.Model):
    """How long a party of up to this size has its table at a service."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="turns")
    party = models.PositiveSmallIntegerField(gettext_lazy("party up to"))
    minutes = models.PositiveSmallIntegerField(
        gettext_lazy("minutes"), validators=[MinValueValidator(15), MaxValueValidator(600)]
    )

    class Meta:
        ordering = ["party"]
        constraints = [models.UniqueConstraint(fields=["service", "party"], name="one_turn_time")]
        verbose_name = gettext_lazy("turn time")
        verbose_name_plural = gettext_lazy("turn times")

    def __str__(self) -> str:
        return f"≤ {self.party}: {self.minutes}"


class Closure(models.Model):
    """A day, or one service of it, for which no new reservations are taken."""

    restaurant = models.ForeignKey("restaurants.Restaurant", models.CASCADE, related_name="closures")
    day = models.DateField(gettext_lazy("day"))
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, verbose_name=gettext_lazy("service, or the whole day")
    )
    reason = models.CharField(gettext_lazy("reason that guests read"), max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["restaurant", "day", "service"], name="one_closure_of_a_service"),
            models.UniqueConstraint(
                fields=["restaurant", "day"], condition=models.Q(service=None), name="one_closure_of_a_day"
            ),
        ]
        verbose_name = gettext_lazy("closure")
        verbose_name_plural = gettext_lazy("closures")

    def __str__(self) -> str:
        return f"{self.day}"
