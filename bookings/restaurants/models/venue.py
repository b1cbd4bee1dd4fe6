"""A restaurant as its owner sets it up: rooms and tables, services, and the rules by which guests come."""

from datetime import date, datetime, timedelta
from itertools import product

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.restaurants import topics
from bookings.restaurants.models.embed_origins import not_origins_of
from bookings.restaurants.models.slots import slot_of
from live.outbox import publish
from tracking.flights.models import Airport

LARGEST_PLAN = 1000  # of 10 cm each
LARGEST_PARTY = 100  # what anybody may ask for; a restaurant's own largest table is far below
NOT_SLUGS = {"mine", "held", "booked", "waiting"}  # pages beside the restaurants' own


class Restaurant(models.Model):
    """A restaurant at an airport. Its days and times are in the airport's zone."""

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
    embedded_by = models.TextField(
        gettext_lazy("sites that may show its widget"),
        blank=True,
        help_text=gettext_lazy("One origin a line, such as https://restaurant.example"),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = gettext_lazy("restaurant")
        verbose_name_plural = gettext_lazy("restaurants")

    def __str__(self):
        return self.name

    def clean(self):
        if self.slug in NOT_SLUGS:
            raise ValidationError({"slug": _("That address is the site’s own. Choose another.")})
        if timedelta(minutes=self.notice or 0) > timedelta(days=(self.days_ahead or 0) + 1):
            raise ValidationError({"notice": _("That is more than the days ahead: nobody could book.")})
        if wrong := not_origins_of(self.embedded_by):
            words = {"line": wrong[0]}
            raise ValidationError(
                {"embedded_by": _("“%(line)s” is no origin. Write https://restaurant.example") % words}
            )

    @property
    def tz(self):
        return self.airport.tz

    def today(self, now=None):
        return timezone.localdate(now, self.tz)

    @cached_property
    def table_plan(self):
        return TablePlan(self)

    def last_day(self, now=None):
        """The last day that guests may book."""
        return self.today(now) + timedelta(days=self.days_ahead)

    def lock(self):
        """Wait for whoever changes its book, and keep all others from it until the transaction ends."""
        self.__dict__.pop("table_plan", None)  # it may have changed while we waited
        Restaurant.objects.select_for_update(no_key=True).get(pk=self.pk)

    def close(self, day, service=None, reason="", by=None):
        """Take nobody new on a day, or at one service of it. Who is booked already stays so, until somebody deals with it."""
        with transaction.atomic():
            self.lock()
            fields = {"reason": reason, "by": by, "at": timezone.now()}
            closure, _is_new = self.closures.update_or_create(day=day, service=service, defaults=fields)
            publish(topics.book(self.pk, day))
        return closure

    def reopen(self, closure):
        """Take guests again as if it had never been closed."""
        with transaction.atomic():
            self.lock()
            self.closures.filter(pk=closure.pk).delete()
            publish(topics.book(self.pk, closure.day))

    def changed(self):
        """Say that its set-up is another one now, to all pages that show it."""
        publish(topics.setup(self.pk))


class Area(models.Model):
    """A part of a restaurant that guests may ask for: the terrace, the bar. ``width`` and ``height`` are its plan's, in steps of 10 cm."""

    restaurant = models.ForeignKey(Restaurant, models.CASCADE, related_name="areas")
    name = models.CharField(gettext_lazy("name"), max_length=40)
    order = models.PositiveSmallIntegerField(gettext_lazy("order"), default=0)
    width = models.PositiveSmallIntegerField(gettext_lazy("width"), default=120)
    height = models.PositiveSmallIntegerField(gettext_lazy("height"), default=80)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["restaurant", "name"], name="one_area")]
        verbose_name = gettext_lazy("area")
        verbose_name_plural = gettext_lazy("areas")

    def __str__(self):
        return self.name

    def clean(self):
        check_size(self, LARGEST_PLAN)


class Use(models.TextChoices):
    """Who may have a table. What guests book by themselves is ``online``; what staff book for them is ``in_house``."""

    ALL = "all", gettext_lazy("everybody")
    ONLINE = "online", gettext_lazy("bookings online only")
    IN_HOUSE = "in_house", gettext_lazy("bookings by staff only")
    WALK_IN = "walk_in", gettext_lazy("walk-ins only")


class Shape(models.TextChoices):
    ROUND = "round", gettext_lazy("round")
    SQUARE = "square", gettext_lazy("rectangular")
    BAR = "bar", gettext_lazy("seats at a bar")


class Table(models.Model):
    """A table, and where it stands on its area's plan."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="tables")
    name = models.CharField(gettext_lazy("name"), max_length=8)
    min_covers = models.PositiveSmallIntegerField(gettext_lazy("minimum party"), default=1)
    max_covers = models.PositiveSmallIntegerField(gettext_lazy("maximum party"), validators=[MinValueValidator(1)])
    use = models.CharField(gettext_lazy("for"), max_length=8, choices=Use, default=Use.ALL)
    shape = models.CharField(gettext_lazy("shape"), max_length=6, choices=Shape, default=Shape.SQUARE)
    x = models.PositiveSmallIntegerField(default=0)
    y = models.PositiveSmallIntegerField(default=0)
    width = models.PositiveSmallIntegerField(gettext_lazy("width"), default=10)
    height = models.PositiveSmallIntegerField(gettext_lazy("height"), default=10)
    server = models.CharField(gettext_lazy("server"), max_length=30, blank=True)
    is_open = models.BooleanField(gettext_lazy("in use"), default=True)

    class Meta:
        ordering = ["area__order", "area", "name"]
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], name="one_table"),
            models.CheckConstraint(condition=models.Q(min_covers__lte=models.F("max_covers")), name="table_from_up_to"),
        ]
        verbose_name = gettext_lazy("table")
        verbose_name_plural = gettext_lazy("tables")

    def __str__(self):
        return self.name

    def clean(self):
        if self.max_covers and (self.min_covers or 0) > self.max_covers:
            raise ValidationError({"min_covers": _("The minimum is larger than the maximum.")})
        if set(self.name) & set(" +,"):
            raise ValidationError({"name": _("Write it without spaces, commas and plus signs: T12.")})
        check_size(self, LARGEST_PLAN)

    def is_on_plan(self, area):
        return self.x + self.width <= area.width and self.y + self.height <= area.height

    def serves(self, channel):
        """Whether who comes this way (a ``Use`` other than ALL, None for whoever staff say) may have it."""
        return self.is_open and (channel is None or self.use in (Use.ALL, channel))


class Join(models.Model):
    """Tables that can be put together for a larger party. Joins may share tables."""

    restaurant = models.ForeignKey(Restaurant, models.CASCADE, related_name="joins")
    tables = models.ManyToManyField(Table, related_name="joins", verbose_name=gettext_lazy("tables"))
    min_covers = models.PositiveSmallIntegerField(gettext_lazy("minimum party"))
    max_covers = models.PositiveSmallIntegerField(gettext_lazy("maximum party"))

    class Meta:
        ordering = ["max_covers", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(min_covers__lte=models.F("max_covers")), name="join_from_up_to")
        ]
        verbose_name = gettext_lazy("join")
        verbose_name_plural = gettext_lazy("joins")

    def __str__(self):
        return " + ".join(table.name for table in self.tables.all())


class Service(models.Model):
    """A meal that is served: on which days, from when, until when guests may come, and how fast.

    Where it ends before it begins, it ends on the next day; all of it belongs to the day on which it begins.
    """

    restaurant = models.ForeignKey(Restaurant, models.CASCADE, related_name="services")
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

    def __str__(self):
        return self.name

    def clean(self):
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

    def after(self, at):
        """How long after the first guests a time of the clock is, over midnight too."""
        begins = timedelta(hours=self.begins.hour, minutes=self.begins.minute)
        return (timedelta(hours=at.hour, minutes=at.minute) - begins) % timedelta(days=1)

    def is_on(self, day):
        return (
            str(day.isoweekday()) in self.weekdays
            and (not self.since or self.since <= day)
            and (not self.until or day <= self.until)
        )

    def clash(self, other):
        """A day on which it is on while another service is, after midnight too; None if there is none."""
        begins, ends = self.span
        for day, later in product(self.common_days(other), (-1, 0, 1)):
            if self.is_on(day) and other.is_on(day + timedelta(days=later)):
                first, last = (at + timedelta(days=later) for at in other.span)
                if begins < last and first < ends:
                    return day + timedelta(days=max(begins, first).days)
        return None

    @property
    def span(self):
        """From when to when it is on, since midnight."""
        begins = timedelta(hours=self.begins.hour, minutes=self.begins.minute)
        return begins, begins + self.after(self.ends)

    def common_days(self, other):
        """A week of the season that it has in common with another service, and the days around it. Weeks are all alike."""
        since = [day for day in (self.since, other.since) if day]
        until = [day for day in (self.until, other.until) if day]
        first = max(since) if since else min(until, default=date(2000, 1, 1)) - timedelta(days=7)
        return [first + timedelta(days=number) for number in range(-1, 9)]

    def times(self, day, tz):
        """The slots at which guests may come on a day, and the one at which it ends: ``(range, int)``.

        They are counted as time passes, so a night in which clocks change has an hour more or less.
        """
        first, last, ends = (slot_of(self.moment(day, at, tz)) for at in (self.begins, self.last, self.ends))
        return range(first, max(last, first) + 1), ends

    def moment(self, day, at, tz):
        later = at < self.begins
        return datetime.combine(day + timedelta(days=later), at, tz)

    def turn(self, party):
        """How many minutes a party of this size has its table."""
        fitting = [turn.minutes for turn in self.turns.all() if party <= turn.party]
        longest = max((turn.minutes for turn in self.turns.all()), default=DEFAULT_TURN)
        return min(fitting, default=longest)


DEFAULT_TURN = 105


class TurnTime(models.Model):
    """How long a party of up to so many has its table at a service."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="turns")
    party = models.PositiveSmallIntegerField(gettext_lazy("up to guests"))
    minutes = models.PositiveSmallIntegerField(
        gettext_lazy("minutes"), validators=[MinValueValidator(15), MaxValueValidator(600)]
    )

    class Meta:
        ordering = ["party"]
        constraints = [models.UniqueConstraint(fields=["service", "party"], name="one_turn_time")]
        verbose_name = gettext_lazy("turn time")
        verbose_name_plural = gettext_lazy("turn times")

    def __str__(self):
        return f"≤ {self.party}: {self.minutes}"


class Closure(models.Model):
    """A day, or one service of it, on which nobody new is taken."""

    restaurant = models.ForeignKey(Restaurant, models.CASCADE, related_name="closures")
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

    def __str__(self):
        return f"{self.day}"


def check_size(thing, most):
    """Refuses what has no size, or an absurd one."""
    for name in ("width", "height"):
        if not 1 <= (getattr(thing, name) or 0) <= most:
            raise ValidationError({name: _("From 1 to %(most)s, in steps of 10 cm.") % {"most": most}})


class TablePlan:
    """A restaurant's tables and joins, read once."""

    def __init__(self, restaurant):
        tables = (
            Table.objects.filter(area__restaurant=restaurant).select_related("area").order_by("area__order", "name")
        )
        self.tables = {table.pk: table for table in tables}
        self.areas = {table.area for table in tables}
        rows = Join.tables.through.objects.filter(join__restaurant=restaurant).order_by("join", "table__name")
        self.joins = {}
        for key, min_covers, max_covers, table in rows.values_list(
            "join", "join__min_covers", "join__max_covers", "table"
        ):
            self.joins.setdefault((key, min_covers, max_covers), []).append(self.tables[table])

    def fitting(self, party, channel=None, area=None):
        """The sets of tables that a party fits, the best first: the fewest seats left over, one table before several.

        Tuples of Table. ``channel`` is a Use, or None for staff, who may give any table to anybody; ``area`` an
        Area's key.
        """
        ways = [
            (table.max_covers - party, 1, (table,))
            for table in self.tables.values()
            if table.min_covers <= party <= table.max_covers and table.serves(channel)
        ]
        for (_key, min_covers, max_covers), tables in self.joins.items():
            if min_covers <= party <= max_covers and all(table.serves(channel) for table in tables):
                ways.append((max_covers - party, len(tables), tuple(tables)))
        ways.sort(key=lambda way: way[:2])
        return [tables for _over, _count, tables in ways if area is None or tables[0].area_id == area]

    def seats(self, tables):
        """How many guests these tables take: as a join if they are one, else each for itself."""
        keys = {table.pk for table in tables}
        joined = [
            max_covers
            for (_key, _min_covers, max_covers), joined in self.joins.items()
            if {table.pk for table in joined} == keys
        ]
        return max([sum(table.max_covers for table in tables), *joined])

    @property
    def largest_party(self):
        """The largest party that any table or join takes; 0 where there is none."""
        single = [table.max_covers for table in self.tables.values() if table.is_open]
        joined = [
            max_covers
            for (_key, _min_covers, max_covers), tables in self.joins.items()
            if all(table.is_open for table in tables)
        ]
        return max([*single, *joined], default=0)
