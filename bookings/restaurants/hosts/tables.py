"""Which tables a host can give to a party, the best first."""

import re
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.restaurants.models import State, Table, TableSlot
from bookings.restaurants.models.seating import expired
from bookings.restaurants.models.slots import LONGEST, moment_of, slot_of, slots_for
from bookings.restaurants.models.times import current
from clocks import clock


def in_order(tables):
    """Area by area, and 2 before 10."""
    return sorted(tables, key=lambda table: (table.area.order, table.area_id, natural(table.name)))


def natural(name):
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", name)]


class Offer(NamedTuple):
    """Tables that are free now or then. ``until``: a time on the restaurant's clock at which somebody else is due."""

    tables: tuple
    seats: int
    until: str
    is_whole: bool  # free for all of the party's time
    fits: bool

    @property
    def value(self):
        return "-".join(str(table.pk) for table in self.tables)

    @property
    def name(self):
        return " + ".join(table.name for table in self.tables)

    @property
    def words(self):
        """T3, Terrace, 4 seats, until 19:30."""
        said = [self.name, self.tables[0].area.name, _("%(n)s seats") % {"n": self.seats}]
        if self.until:
            said.append(_("until %(time)s") % {"time": self.until})
        return ", ".join(said)


def offers_for(reservation, verb, now=None):
    """What can be given to a reservation by one of its verbs: seat, move, join or split."""
    now = now or timezone.now()
    first, count = reservation.first, reservation.count
    if verb == "seat":
        first, count = slot_of(now), slots_for(reservation.turn)
    elif reservation.state == State.SEATED:
        first, count = slot_of(now), max(reservation.first + reservation.count - slot_of(now), 1)
    party = 1 if verb in ("join", "split") else reservation.party
    own = {table.pk for table in reservation.tables.all()}
    found = offers(reservation.restaurant, party, first, count, but_for=reservation.pk, now=now)
    if verb in ("join", "split"):
        return [offer for offer in found if not own & {table.pk for table in offer.tables}]
    return [offer for offer in found if own != {table.pk for table in offer.tables}]


def offers_now(restaurant, party, now=None):
    """What can be given to a party that stands at the door."""
    now = now or timezone.now()
    return offers(restaurant, party, slot_of(now), slots_for(current(restaurant, party, now).turn), now=now)


def offers(restaurant, party, first, count, but_for=None, now=None):
    """All sets of tables that are free from a slot on: best fit first, then those soon due, then those of another size."""
    rooms = restaurant.table_plan
    due = next_due(restaurant, first, but_for, now or timezone.now())
    fitting = rooms.fitting(party)
    others = [(table,) for table in rooms.tables.values() if table.is_open and (table,) not in fitting]
    found = []
    for tables in [*fitting, *others]:
        until = min((due[table.pk] for table in tables if table.pk in due), default=None)
        if until == first:
            continue
        is_whole = until is None or until >= first + count
        free_until = clock(until and moment_of(until), restaurant.tz)
        found.append(Offer(tables, rooms.seats(tables), free_until, is_whole, tables in fitting))
    return sorted(found, key=lambda offer: (not offer.fits, not offer.is_whole))


def next_due(restaurant, first, but_for, now):
    """``{table: slot}``: the first slot from ``first`` on that somebody else has of each table."""
    slots = TableSlot.objects.filter(table__area__restaurant=restaurant, slot__gte=first, slot__lt=first + LONGEST)
    slots = slots.exclude(**expired(now)).exclude(reservation=but_for).order_by("-slot")
    return dict(slots.values_list("table", "slot"))


def tables_of(restaurant, value):
    """The tables that a form names as ``12-13``; None where one of them is not this restaurant's."""
    keys = value.split("-")
    if not all(key.isdecimal() and len(key) < 10 for key in keys):
        return None
    tables = list(Table.objects.filter(pk__in=keys, area__restaurant=restaurant).select_related("area"))
    return tables if len(tables) == len(set(keys)) else None
