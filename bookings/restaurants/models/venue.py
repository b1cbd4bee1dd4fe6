"""A restaurant: where it is, who works there, and its rules for bookings."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.offers import WaitlistOwner
from bookings.restaurants import topics
from bookings.restaurants.models.floor import TablePlan
from bookings.restaurants.models.presence import Presence
from bookings.restaurants.models.states import State
from bookings.restaurants.models.times import current
from embeds.origins import invalid_origins, valid_origins
from live.outbox import publish
from tracking.flights.models import Airport

LARGEST_PARTY = 100  # the largest number that forms accept; no restaurant has tables for so many
RESERVED_SLUGS = {"mine", "held", "booked", "waiting", "in-queue"}  # addresses of pages beside the restaurants' own


class Restaurant(WaitlistOwner):
    """A restaurant at an airport. Its days and times of day are in the airport's time zone."""

    slug = models.SlugField(gettext_lazy("address"), max_length=40, unique=True)
    name = models.CharField(gettext_lazy("name"), max_length=80)
    airport = models.ForeignKey(
        Airport, models.PROTECT, related_name="restaurants", verbose_name=gettext_lazy("airport")
    )
    kitchen = models.CharField(gettext_lazy("kitchen"), max_length=60, blank=True)
    about = models.TextField(gettext_lazy("about"), max_length=600, blank=True)
    where = models.CharField(gettext_lazy("where"), max_length=80, help_text=gettext_lazy("Terminal 5, near gate B22"))
    phone = models.CharField(gettext_lazy("phone"), max_length=30, blank=True)
    staff = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="restaurants", blank=True, verbose_name=gettext_lazy("staff")
    )
    days_ahead = models.PositiveSmallIntegerField(
        gettext_lazy("days ahead that guests may book"), default=60, validators=[MaxValueValidator(365)]
    )
    notice = models.PositiveSmallIntegerField(
        gettext_lazy("minutes before a time until which guests may book it"), default=15
    )
    max_party_online = models.PositiveSmallIntegerField(
        gettext_lazy("largest party that books online"), default=8, validators=[MinValueValidator(1)]
    )
    cancel_before = models.PositiveSmallIntegerField(
        gettext_lazy("minutes before its time until which guests may change or cancel"), default=120
    )
    policy = models.TextField(gettext_lazy("what guests agree to"), max_length=600, blank=True)
    grace = models.PositiveSmallIntegerField(gettext_lazy("minutes that a late table is kept"), default=15)
    presence = models.CharField(
        gettext_lazy("what guests show to join the queue"),
        max_length=4,
        choices=Presence,
        default=Presence.CODE,
        help_text=gettext_lazy("Hosts see the code in the queue of their book, and print the card from there."),
    )
    embedded_by = models.TextField(
        gettext_lazy("sites that may show its widget"),
        blank=True,
        help_text=gettext_lazy("One origin a line, such as https://restaurant.example"),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = gettext_lazy("restaurant")
        verbose_name_plural = gettext_lazy("restaurants")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This site uses that address itself. Choose another.")})
        if timedelta(minutes=self.notice or 0) > timedelta(days=(self.days_ahead or 0) + 1):
            raise ValidationError({"notice": _("This is longer than the days ahead, so that nobody could book.")})
        if wrong := invalid_origins(self.embedded_by):
            words = {"line": wrong[0]}
            raise ValidationError(
                {"embedded_by": _("“%(line)s” is not an origin. Write https://restaurant.example") % words}
            )
        self.embedded_by = "\n".join(valid_origins(self.embedded_by))  # international names as browsers send them

    @property
    def tz(self) -> ZoneInfo:
        return self.airport.tz

    def today(self, now: datetime | None = None) -> date:
        return timezone.localdate(now, self.tz)

    @cached_property
    def table_plan(self) -> TablePlan:
        return TablePlan(self)

    def last_day(self, now: datetime | None = None) -> date:
        """The last day that guests may book."""
        return self.today(now) + timedelta(days=self.days_ahead)

    def is_open(self, now: datetime | None = None) -> bool:
        """Whether a service is running now, so that walk-ins can be seated."""
        time = current(self, 1, now or timezone.now())
        if time.service is None:
            return False
        closed = self.closures.filter(day=time.day).values_list("service", flat=True)
        return not any(service in (None, time.service.pk) for service in closed)

    def lock(self) -> None:
        """Lock its reservations, queue and waitlist until the transaction ends."""
        self.__dict__.pop("table_plan", None)  # another transaction may change it while this one waits for the lock
        Restaurant.objects.select_for_update(no_key=True).get(pk=self.pk)

    def close(self, day: date, service: Any = None, reason: str = "", by: Any = None) -> Any:
        """Take no new reservations for a day, or for one service of it. Those that exist stay. Returns the Closure."""
        with transaction.atomic():
            self.lock()
            fields = {"reason": reason, "by": by, "at": timezone.now()}
            closure, _is_new = self.closures.update_or_create(day=day, service=service, defaults=fields)
            publish(topics.book(self.pk, day))
        return closure

    def reopen(self, closure: Any) -> None:
        """Delete a closure: reservations are taken again, and the waitlist is served."""
        with transaction.atomic():
            self.lock()
            self.closures.filter(pk=closure.pk).delete()
            publish(topics.book(self.pk, closure.day))
            self.serve_waitlist_at(timezone.now())

    def changed(self) -> None:
        """Publish that its set-up has changed, which may also have made room for the waitlist."""
        with transaction.atomic():
            self.lock()
            publish(topics.setup(self.pk))
            self.serve_waitlist_at(timezone.now())

    def next_expiry(self, now: datetime) -> datetime | None:
        return self.reservations.filter(state=State.HELD).next_expiry(now)
