"""The floor of a restaurant: areas, tables, joins that put tables together, and the sets of tables that a party fits."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LARGEST_PLAN = 1000  # steps of 10 cm
EXTRA_COVERS = 2  # how many more guests a join may take than its tables do apart


class Area(models.Model):
    """A part of a restaurant that guests may ask for, such as the terrace. Its plan is measured in steps of 10 cm."""

    restaurant = models.ForeignKey("restaurants.Restaurant", models.CASCADE, related_name="areas")
    name = models.CharField(gettext_lazy("name"), max_length=40)
    order = models.PositiveSmallIntegerField(gettext_lazy("order"), default=0)
    width = models.PositiveSmallIntegerField(gettext_lazy("width"), default=120)
    height = models.PositiveSmallIntegerField(gettext_lazy("height"), default=80)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["restaurant", "name"], name="one_area")]
        verbose_name = gettext_lazy("area")
        verbose_name_plural = gettext_lazy("areas")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        check_size(self, LARGEST_PLAN)


class Use(models.TextChoices):
    """What a table is for, and how a reservation came: guests book ``online``, staff book for them ``in_house``."""

    ALL = "all", gettext_lazy("everybody")
    ONLINE = "online", gettext_lazy("bookings online only")
    IN_HOUSE = "in_house", gettext_lazy("bookings by staff only")
    WALK_IN = "walk_in", gettext_lazy("walk-ins only")


class Shape(models.TextChoices):
    ROUND = "round", gettext_lazy("round")
    SQUARE = "square", gettext_lazy("rectangular")
    BAR = "bar", gettext_lazy("seats at a bar")


class Table(models.Model):
    """A table, and its place on the area's plan: ``x`` and ``y`` are its left upper corner."""

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

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.max_covers and (self.min_covers or 0) > self.max_covers:
            raise ValidationError({"min_covers": _("The minimum is larger than the maximum.")})
        if set(self.name) & set(" +,"):
            raise ValidationError({"name": _("Write it without spaces, commas and plus signs: T12.")})
        check_size(self, LARGEST_PLAN)

    def is_on_plan(self, area: Area) -> bool:
        return self.x + self.width <= area.width and self.y + self.height <= area.height

    def serves(self, channel: str | None) -> bool:
        """Whether reservations of this channel may have it: a Use other than ALL, or None for any that staff make."""
        return self.is_open and (channel is None or self.use in (Use.ALL, channel))


class Join(models.Model):
    """Tables that can be put together for a larger party. Joins may share tables."""

    restaurant = models.ForeignKey("restaurants.Restaurant", models.CASCADE, related_name="joins")
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

    def __str__(self) -> str:
        return " + ".join(table.name for table in self.tables.all())


def check_size(thing: Area | Table, largest: int) -> None:
    """Raise ValidationError unless width and height are from 1 to ``largest``."""
    for name in ("width", "height"):
        if not 1 <= (getattr(thing, name) or 0) <= largest:
            raise ValidationError({name: _("From 1 to %(most)s, in steps of 10 cm.") % {"most": largest}})


Tables = tuple[Table, ...]


class TablePlan:
    """A restaurant's tables and joins, read once."""

    def __init__(self, restaurant: Any) -> None:
        tables = (
            Table.objects.filter(area__restaurant=restaurant).select_related("area").order_by("area__order", "name")
        )
        self.tables = {table.pk: table for table in tables}
        self.areas = {table.area for table in tables}
        rows = Join.tables.through.objects.filter(join__restaurant=restaurant).order_by("join", "table__name")
        self.joins: dict[tuple[int, int, int], list[Table]] = {}  # by key, minimum and maximum party
        for key, min_covers, max_covers, table in rows.values_list(
            "join", "join__min_covers", "join__max_covers", "table"
        ):
            self.joins.setdefault((key, min_covers, max_covers), []).append(self.tables[table])

    def fitting(self, party: int, channel: str | None = None, area: int | None = None) -> list[Tables]:
        """The sets of tables that a party fits, the best first: the fewest empty seats, one table before several.

        ``channel`` is a Use, or None for staff, who may give any table to any party. ``area`` is an Area's key.
        """
        ways: list[tuple[int, int, Tables]] = [
            (table.max_covers - party, 1, (table,))
            for table in self.tables.values()
            if table.min_covers <= party <= table.max_covers and table.serves(channel)
        ]
        for (_key, min_covers, max_covers), tables in self.joins.items():
            if min_covers <= party <= max_covers and all(table.serves(channel) for table in tables):
                ways.append((max_covers - party, len(tables), tuple(tables)))
        ways.sort(key=lambda way: way[:2])
        return [tables for _empty, _count, tables in ways if area is None or tables[0].area_id == area]

    def seats(self, tables: Iterable[Table]) -> int:
        """How many guests these tables take together: apart, or as a join if they are one."""
        keys = {table.pk for table in tables}
        joined = [
            max_covers
            for (_key, _min_covers, max_covers), joined in self.joins.items()
            if {table.pk for table in joined} == keys
        ]
        return max([sum(table.max_covers for table in tables), *joined])

    @property
    def largest_party(self) -> int:
        """The largest party that any table or join takes; 0 where there is none."""
        single = [table.max_covers for table in self.tables.values() if table.is_open]
        joined = [
            max_covers
            for (_key, _min_covers, max_covers), tables in self.joins.items()
            if all(table.is_open for table in tables)
        ]
        return max([*single, *joined], default=0)
