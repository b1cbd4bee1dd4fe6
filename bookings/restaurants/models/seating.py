"""Which tables a reservation has, and when: the rows that make giving a table twice impossible."""

from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.restaurants.models.floor import Table
from bookings.restaurants.models.refusals import Taken, Unfit
from bookings.restaurants.models.slots import LONGEST, moment_of, slot_of, slots_for
from bookings.restaurants.models.states import State


class TableSlot(models.Model):
    """A table in a quarter of an hour. The unique constraint makes giving a table twice impossible."""

    table = models.ForeignKey(Table, models.CASCADE, related_name="slots")
    slot = models.IntegerField()
    reservation = models.ForeignKey("restaurants.Reservation", models.CASCADE, related_name="slots")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "slot"], name="one_party_at_a_table")]


class Seating(models.Model):
    """The part of a reservation that takes tables for slots: ``count`` quarters of an hour from ``first`` on."""

    first = models.IntegerField()
    count = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    def take(self, tables, first: int, count: int) -> None:
        """Have these tables for these slots, and no others. Raises Taken, which names who was first."""
        tables = list(dict.fromkeys(tables))
        if not tables:
            raise Unfit(_("Choose a table for it."))
        self.first, self.count = first, count
        self.slots.all().delete()
        wanted = TableSlot.objects.filter(table__in=tables, slot__gte=first, slot__lt=first + count)
        over = wanted.filter(**expired(timezone.now()))
        type(self).objects.filter(pk__in=list(over.values_list("reservation", flat=True))).delete()
        try:
            with transaction.atomic():  # a savepoint: after an IntegrityError we still ask who was first
                TableSlot.objects.bulk_create(self.slots_at(tables))
        except IntegrityError:
            was_first = wanted.select_related("reservation", "table").order_by("slot").first()
            raise taken(was_first) from None
        if self.state == State.SEATED and first <= (now := slot_of(timezone.now())) < first + count:
            self.check_empty(tables, now)
        self.tables.set(tables)

    def slots_at(self, tables) -> list[TableSlot]:
        """Unsaved rows for these tables in all its slots."""
        slots = range(self.first, self.first + self.count)
        return [TableSlot(table=table, slot=slot, reservation=self) for table in tables for slot in slots]

    def check_empty(self, tables, now: int) -> None:
        """Raise Taken if another party has one of these tables in the slot ``now``, or still sits there over its time."""
        others = TableSlot.objects.filter(table__in=tables, slot=now).exclude(reservation=self)
        if other := others.exclude(**expired(timezone.now())).select_related("reservation", "table").first():
            raise taken(other)
        sitting = type(self).tables.through.objects.filter(table__in=tables, reservation__state=State.SEATED)
        sitting = sitting.filter(reservation__first__gt=now - LONGEST).exclude(reservation=self)
        if other := sitting.select_related("reservation", "table").first():
            raise taken(other)

    def stretch(self, until: datetime) -> None:
        """Expect it to leave at ``until``, and keep its tables until then or until the next party is due at one of them."""
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
        """Have tables no more."""
        self.slots.all().delete()

    @property
    def overruns(self) -> bool:
        """Whether it is expected to stay longer than its tables are kept for it."""
        return self.state == State.SEATED and self.ends_at > moment_of(self.first + self.count)


def expired(now: datetime) -> dict[str, object]:
    """A filter of TableSlot: slots that are free because the hold that has them has expired."""
    return {"reservation__state": State.HELD, "reservation__expires_at__lte": now}


def taken(slot: TableSlot | None) -> Taken:
    """The refusal for the second party at a table; it names the first one."""
    if slot is None:
        return Taken(_("That table has just been taken."))
    words = {"table": slot.table.name, "time": slot.reservation.clock(slot.reservation.starts_at)}
    if slot.reservation.state == State.HELD:
        return Taken(_("Table %(table)s is being booked for %(time)s.") % words, slot.reservation)
    words["who"] = slot.reservation.display_name
    return Taken(_("Table %(table)s is taken: %(who)s at %(time)s.") % words, slot.reservation)
