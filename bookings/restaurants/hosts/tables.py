"""Which tables a host can give to a party, the best first."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.restaurants.models import Reservation, Restaurant, State, Table, TableSlot
from bookings.restaurants.models.seating import expired
from bookings.restaurants.models.slots import LONGEST, moment_of, slot_of, slots_for
from bookings.restaurants.models.times import current
from clocks import clock
from whole_numbers import key_of


def in_order(tables: Iterable[Table]) -> list[Table]:
    """Area by area, and 2 before 10."""
    return sorted(tables, key=lambda table: (table.area.order, table.area_id, natural(table.name)))


def natural(name: str) -> list[tuple[bool, int, str]]:
    """A sort key that reads digits as numbers."""
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", name)]


def table_names(tables: Iterable[Table]) -> str:
    """T3 + T4."""
    return " + ".join(sorted(table.name for table in tables))


class TableOption(NamedTuple):
    """Tables that are free at a time. ``until``: when the next party is due at one of them, "" if none is."""

    tables: tuple[Table, ...]
    seats: int
    until: str
    is_whole: bool  # free for the party's whole turn time
    fits: bool

    @property
    def value(self) -> str:
        return "-".join(str(table.pk) for table in self.tables)

    @property
    def label(self) -> str:
        """T3, Terrace, 4 seats, until 19:30."""
        parts = [table_names(self.tables), self.tables[0].area.name, _("%(n)s seats") % {"n": self.seats}]
        if self.until:
            parts.append(_("until %(time)s") % {"time": self.until})
        return ", ".join(parts)


def options_for(reservation: Reservation, verb: str, now: datetime | None = None) -> list[TableOption]:
    """The tables that one of its verbs can give to a reservation: seat, move, join or split."""
    now = now or timezone.now()
    first, count = reservation.first, reservation.count
    if verb == "seat":
        first, count = slot_of(now), slots_for(reservation.turn)
    elif reservation.state == State.SEATED:
        first, count = slot_of(now), max(reservation.first + reservation.count - slot_of(now), 1)
    party = 1 if verb in ("join", "split") else reservation.party
    own = {table.pk for table in reservation.tables.all()}
    options = table_options(reservation.restaurant, party, first, count, but_for=reservation.pk, now=now)
    if verb in ("join", "split"):
        return [option for option in options if not own & {table.pk for table in option.tables}]
    return [option for option in options if own != {table.pk for table in option.tables}]


def options_now(restaurant: Restaurant, party: int, now: datetime | None = None) -> list[TableOption]:
    """The tables that can be given to a party without a booking."""
    now = now or timezone.now()
    count = slots_for(current(restaurant, party, now).turn)
    return table_options(restaurant, party, slot_of(now), count, now=now)


def table_options(
    restaurant: Restaurant,
    party: int,
    first: int,
    count: int,
    but_for: int | None = None,
    now: datetime | None = None,
) -> list[TableOption]:
    """All sets of tables that are free from the slot ``first`` on: best fit first, then those soon due, then other sizes.

    ``but_for`` is the key of a reservation whose own tables count as free.
    """
    plan = restaurant.table_plan
    due = next_due(restaurant, first, but_for, now or timezone.now())
    fitting = plan.fitting(party)
    others = [(table,) for table in plan.tables.values() if table.is_open and (table,) not in fitting]
    options = []
    for tables in [*fitting, *others]:
        until = min((due[table.pk] for table in tables if table.pk in due), default=None)
        if until == first:
            continue
        is_whole = until is None or until >= first + count
        free_until = clock(until and moment_of(until), restaurant.tz)
        options.append(TableOption(tables, plan.seats(tables), free_until, is_whole, tables in fitting))
    return sorted(options, key=lambda option: (not option.fits, not option.is_whole))


def next_due(restaurant: Restaurant, first: int, but_for: int | None, now: datetime) -> dict[int, int]:
    """``{table: slot}``: the first slot from ``first`` on in which another reservation has the table."""
    slots = TableSlot.objects.filter(table__area__restaurant=restaurant, slot__gte=first, slot__lt=first + LONGEST)
    slots = slots.exclude(**expired(now)).exclude(reservation=but_for).order_by("-slot")
    return dict(slots.values_list("table", "slot"))


def tables_of(restaurant: Restaurant, value: str) -> list[Table] | None:
    """The tables that a form names as ``12-13``; None if one of them is not this restaurant's."""
    keys = [key_of(key) for key in value.split("-")]
    if None in keys:
        return None
    tables = list(Table.objects.filter(pk__in=keys, area__restaurant=restaurant).select_related("area"))
    return tables if len(tables) == len(set(keys)) else None
