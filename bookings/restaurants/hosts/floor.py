"""The floor: what each table is at this minute, for the plan and for its twin, the table of tables."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.restaurants.hosts.reservation_list import names, of_day, row_of
from bookings.restaurants.hosts.status import Standing, standing, who
from bookings.restaurants.hosts.tables import in_order
from bookings.restaurants.models import Area, Shape, State
from bookings.restaurants.models.slots import moment_of, slot_of
from bookings.restaurants.models.states import EXPECTED, TAKING

SOON = 8  # slots: who comes within two hours is said on a free table
SECTIONS = 6  # colours of servers' sections
LETTERS = 62  # that stand beside each other across a plan, however large it is


class Plan(NamedTuple):
    """An area with its tables, as wide as the widest, so that all are of one scale; letters fit below the last table."""

    area: Area
    tables: list
    width: int

    @property
    def letter(self):
        return round(self.width / LETTERS, 2)

    @property
    def height(self):
        return self.area.height + 2 * self.letter


class TableNow(NamedTuple):
    """A table on the plan: what it is, who is at it or due at it, and who comes after that."""

    id: int
    name: str
    seats: int
    shape: str
    x: int
    y: int
    width: int
    height: int
    server: str
    section: int  # 1 to SECTIONS, 0 without a server
    standing: Standing
    reference: str
    who: str
    party: int
    verb: str  # what dragging that party elsewhere does
    seen: int
    coming: str
    letter: float  # how high letters are on its plan

    @property
    def is_round(self):
        return self.shape == Shape.ROUND

    @property
    def middle(self):
        return self.x + self.width / 2

    @property
    def centre(self):
        return self.y + self.height / 2

    @property
    def mark(self):
        """Where the mark of its server's section begins at its upper side, and how long it is."""
        return (self.middle - self.width / 4, self.width / 2) if self.is_round else (self.x, self.width)

    @property
    def reach(self):
        """How far down one can press or drop: with the words below it."""
        return self.height + 2.5 * self.letter

    @property
    def lines(self):
        """What is written on it and below it: how high, what kind of line, which words."""
        below = self.y + self.height
        return [
            (self.centre, "name", self.name),
            (below + self.letter * 1.1, "word", self.standing.word),
            (below + self.letter * 2.2, "detail", self.standing.detail),
        ]

    @property
    def radii(self):
        return self.width / 2, self.height / 2


class Arriving(NamedTuple):
    """A party that has no seat yet, and can be dragged to one."""

    reference: str
    time: str
    who: str
    party: int
    tables: str
    standing: Standing
    verb: str
    seen: int


def floor_of(restaurant, day, now):
    """``plans``: each area with its tables; ``arriving``: who can be seated, first those who are here."""
    reservations = [row for row in of_day(restaurant, day, now) if row.state in TAKING]
    by_table = {}
    for reservation in sorted(reservations, key=lambda row: row.first):
        for table in reservation.tables.all():
            by_table.setdefault(table.pk, []).append(reservation)
    rooms = restaurant.table_plan
    sections = sections_of(rooms)
    slot = slot_of(now)
    areas = restaurant.areas.all()
    widest = max((area.width for area in areas), default=0)
    plans = {area.pk: Plan(area, [], widest) for area in areas}
    for table in in_order(rooms.tables.values()):
        plan, at = plans[table.area_id], by_table.get(table.pk, [])
        look = {"section": sections.get(table.server, 0), "letter": plan.letter}
        plan.tables.append(table_now(table, at, slot, now, **look))
    return {
        "plans": list(plans.values()),
        "arriving": [arriving(row, now) for row in expected(reservations)],
        "servers": list(sections.items()),
    }


def table_today(restaurant, table, day, now):
    """The lines of those who have a table on a day."""
    listed = of_day(restaurant, day, now).filter(tables=table, state__in=TAKING)
    return [row_of(reservation, now) for reservation in listed]


def sections_of(rooms):
    servers = sorted({table.server for table in rooms.tables.values() if table.server})
    return {server: number % SECTIONS + 1 for number, server in enumerate(servers)}


def expected(reservations, most=12):
    rows = [row for row in reservations if row.state in EXPECTED]
    return sorted(rows, key=lambda row: (row.state != State.ARRIVED, row.starts_at))[:most]


def arriving(reservation, now):
    return Arriving(
        reference=reservation.reference,
        time=reservation.clock(reservation.starts_at),
        who=who(reservation),
        party=reservation.party,
        tables=names(reservation.tables.all()),
        standing=standing(reservation, now),
        verb="seat" if reservation.state == State.ARRIVED else "move",
        seen=reservation.revision,
    )


def table_now(table, reservations, slot, now, **look):
    """``reservations``: those that have the table on this day, in the order of their time."""
    here = first_of(reservations, lambda row: row.state == State.SEATED)
    here = here or first_of(reservations, lambda row: row.state == State.ARRIVED)
    here = here or first_of(reservations, lambda row: row.first <= slot < row.first + row.count)
    later = first_of(reservations, lambda row: row is not here and row.first > slot)
    return TableNow(
        **{name: getattr(table, name) for name in ("name", "shape", "x", "y", "width", "height", "server")},
        id=table.pk,
        seats=table.max_covers,
        standing=standing(here, now) if here else free(table, later, slot),
        reference=here.reference if here else "",
        who=who(here) if here else "",
        party=here.party if here else 0,
        verb="seat" if here and here.state == State.ARRIVED else "move",
        seen=here.revision if here else 0,
        coming=f"{later.clock(moment_of(later.first))} {who(later)}, {later.party}" if later else "",
        **look,
    )


def first_of(reservations, test):
    return next(filter(test, reservations), None)


def free(table, later, slot):
    if not table.is_open:
        return Standing(pgettext("a table", "Closed"), "calm")
    if later is None:
        return Standing(_("Free"), "free")
    words = {"time": later.clock(moment_of(later.first))}
    if later.first - slot > SOON:
        return Standing(_("Free"), "free", _("next %(time)s") % words)
    if later.first - slot <= 2:
        return Standing(_("Booked"), "info", words["time"])
    return Standing(_("Free"), "free", _("until %(time)s") % words)
