"""Which tables a reservation has, and when. One row for each table and slot keeps a table from being given twice."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.restaurants.models.floor import Table
from bookings.restaurants.models.refusals import Taken, Unfit
from bookings.restaurants.models.slots import LONGEST, moment_of, slot_of, slots_for
from bookings.restaurants.models.states import State


class TableSlot(models.Model):
    """A reservation's table in one slot. The unique constraint makes it impossible to give a table to two parties."""

    table = models.ForeignKey(Table, models.CASCADE, related_name="slots")
    slot = models.IntegerField()
    reservation = models.ForeignKey("restaurants.Reservation", models.CASCADE, related_name="slots")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "slot"], name="one_party_at_a_table")]


class Seating(models.Model):
    """The part of a reservation that takes tables: for ``count`` slots from ``first`` on."""

    first = models.IntegerField()
    count = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    def take(self, tables: Iterable[Table], first: int, count: int) -> None:
        """Take these tables for these slots, and give up all others.

        Expired holds that are in the way are deleted. Raises Taken, which names the party that has the table.
        """
        tables = list(dict.fromkeys(tables))
        if not tables:
            raise Unfit(_("Choose a table for it."))
        self.first, self.count = first, count
        self.slots.all().delete()
        wanted = TableSlot.objects.filter(table__in=tables, slot__gte=first, slot__lt=first + count)
        expired_keys = wanted.filter(**expired(timezone.now())).values_list("reservation", flat=True)
        type(self).objects.filter(pk__in=list(expired_keys)).delete()
        try:
            with transaction.atomic():  # a savepoint, since after an IntegrityError we still read who was first
                TableSlot.objects.bulk_create(self.slots_at(tables))
        except IntegrityError:
            was_first = wanted.select_related("reservation", "table").order_by("slot").first()
            raise taken(was_first) from None
        if self.state == State.SEATED and first <= (now := slot_of(timezone.now())) < first + count:
            self.check_empty(tables, now)
        self.tables.set(tables)

    def slots_at(self, tables: Iterable[Table]) -> list[TableSlot]:
        """Unsaved rows for these tables in all its slots."""
        slots = range(self.first, self.first + self.count)
        return [TableSlot(table=table, slot=slot, reservation=self) for table in tables for slot in slots]

    def check_empty(self, tables: Iterable[Table], now: int) -> None:
        """Raise Taken if another party has one of these tables in the slot ``now``, or stays there beyond its time."""
        others = TableSlot.objects.filter(table__in=tables, slot=now).exclude(reservation=self)
        if other := others.exclude(**expired(timezone.now())).select_related("reservation", "table").first():
            raise taken(other)
        sitting = type(self).tables.through.objects.filter(table__in=tables, reservation__state=State.SEATED)
        sitting = sitting.filter(reservation__first__gt=now - LONGEST).exclude(reservation=self)
        if other := sitting.select_related("reservation", "table").first():
            raise taken(other)

    def stretch(self, until: datetime) -> None:
        """Expect it to leave at ``until``, and keep its tables until then, or until the next party is due at one of them."""
        self.ends_at = until
        now = slot_of(timezone.now())
        first = min(self.first, now)
        end = max(first + slots_for((until - moment_of(first)).total_seconds() / 60), now + 1)
        others = TableSlot.objects.filter(table__in=self.tables.all(), slot__gte=first, slot__lt=end)
        others = others.exclude(reservation=self).exclude(**expired(timezone.now())).order_by("slot")
        if was_first := others.filter(slot__lt=self.first).select_related("reservation", "table").first():
            raise taken(was_first)
        due = others.values_list("slot", flat=True).first()
        self.take(self.tables.all(), first, (end if due is None else due) - first)

    def free(self) -> None:
        """Give up its tables."""
        self.slots.all().delete()

    @property
    def overruns(self) -> bool:
        """Whether it is expected to stay beyond the time for which it has its tables."""
        return self.state == State.SEATED and self.ends_at > moment_of(self.first + self.count)


def expired(now: datetime) -> dict[str, object]:
    """A filter for the TableSlot rows of holds that have expired."""
    return {"reservation__state": State.HELD, "reservation__expires_at__lte": now}


def taken(slot: TableSlot | None) -> Taken:
    """The refusal for a table that another party has; ``slot`` is that party's."""
    if slot is None:
        return Taken(_("That table has just been taken."))
    words = {"table": slot.table.name, "time": slot.reservation.clock(slot.reservation.starts_at)}
    if slot.reservation.state == State.HELD:
        return Taken(_("Table %(table)s is being booked for %(time)s.") % words, slot.reservation)
    words["who"] = slot.reservation.display_name
    return Taken(_("Table %(table)s is taken: %(who)s at %(time)s.") % words, slot.reservation)
