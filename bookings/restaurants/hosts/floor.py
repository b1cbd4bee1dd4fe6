"""The floor: the status of each table now, for the plan and for its twin, the table of tables."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.restaurants.hosts.reservation_list import ReservationRow, reservation_row, reservations_of
from bookings.restaurants.hosts.status import Status, guest_name, status_of
from bookings.restaurants.hosts.tables import in_order, table_names
from bookings.restaurants.models import Area, Reservation, Restaurant, Shape, State, Table, TablePlan
from bookings.restaurants.models.slots import moment_of, slot_of
from bookings.restaurants.models.states import EXPECTED, TAKING

SOON = 8  # slots: a free table says who comes within two hours
SECTIONS = 6  # colours of servers' sections
LETTERS = 62  # letters across a plan, however large the area is


class AreaPlan(NamedTuple):
    """An area with its tables. ``width`` is that of the widest area, so that all plans have one scale."""

    area: Area
    tables: list["TableNow"]
    width: int

    @property
    def letter(self) -> float:
        """The height of letters, in the units of the plan."""
        return round(self.width / LETTERS, 2)

    @property
    def height(self) -> float:
        """With room for the words below the last table."""
        return self.area.height + 2 * self.letter


class TableNow(NamedTuple):
    """A table on the plan, the party that has it now or next, and the party after that."""

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
    status: Status
    reference: str
    guest: str
    party: int
    verb: str  # what dragging the party to another table does
    seen: int
    next_party: str
    letter: float  # the height of letters on its plan

    @property
    def is_round(self) -> bool:
        return self.shape == Shape.ROUND

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def centre(self) -> float:
        return self.y + self.height / 2

    @property
    def section_mark(self) -> tuple[float, float]:
        """Where the mark of its server's section begins on its upper side, and the length of the mark."""
        return (self.middle - self.width / 4, self.width / 2) if self.is_round else (self.x, self.width)

    @property
    def target_height(self) -> float:
        """The height of what can be pressed or dropped on: the table with the words below it."""
        return self.height + 2.5 * self.letter

    @property
    def lines(self) -> list[tuple[float, str, str]]:
        """The words on it and below it: their height, their class, the words."""
        below = self.y + self.height
        return [
            (self.centre, "name", self.name),
            (below + self.letter * 1.1, "word", self.status.word),
            (below + self.letter * 2.2, "detail", self.status.detail),
        ]

    @property
    def radii(self) -> tuple[float, float]:
        return self.width / 2, self.height / 2


class ExpectedParty(NamedTuple):
    """A party that has no seat yet, and can be dragged to one."""

    reference: str
    time: str
    guest: str
    party: int
    tables: str
    status: Status
    verb: str
    seen: int


def floor_of(restaurant: Restaurant, day: date, now: datetime) -> dict[str, Any]:
    """``plans``: each area with its tables; ``arriving``: who can be seated, those who are here first; ``servers``."""
    reservations = [row for row in reservations_of(restaurant, day, now) if row.state in TAKING]
    by_table: dict[int, list[Reservation]] = {}
    for reservation in sorted(reservations, key=lambda row: row.first):
        for table in reservation.tables.all():
            by_table.setdefault(table.pk, []).append(reservation)
    table_plan = restaurant.table_plan
    sections = sections_of(table_plan)
    slot = slot_of(now)
    areas = restaurant.areas.all()
    widest = max((area.width for area in areas), default=0)
    plans = {area.pk: AreaPlan(area, [], widest) for area in areas}
    for table in in_order(table_plan.tables.values()):
        plan, at_table = plans[table.area_id], by_table.get(table.pk, [])
        look = {"section": sections.get(table.server, 0), "letter": plan.letter}
        plan.tables.append(table_now(table, at_table, slot, now, **look))
    return {
        "plans": list(plans.values()),
        "arriving": [expected_party(row, now) for row in next_expected(reservations)],
        "servers": list(sections.items()),
    }


def table_today(restaurant: Restaurant, table: Table, day: date, now: datetime) -> list[ReservationRow]:
    """The rows of the parties that have a table on a day."""
    reservations = reservations_of(restaurant, day, now).filter(tables=table, state__in=TAKING)
    return [reservation_row(reservation, now) for reservation in reservations]


def sections_of(table_plan: TablePlan) -> dict[str, int]:
    """``{server: number}`` of the servers' sections."""
    servers = sorted({table.server for table in table_plan.tables.values() if table.server})
    return {server: number % SECTIONS + 1 for number, server in enumerate(servers)}


def next_expected(reservations: Iterable[Reservation], most: int = 12) -> list[Reservation]:
    """The parties to be seated next: those who are here, then by their time."""
    rows = [row for row in reservations if row.state in EXPECTED]
    return sorted(rows, key=lambda row: (row.state != State.ARRIVED, row.starts_at))[:most]


def expected_party(reservation: Reservation, now: datetime) -> ExpectedParty:
    return ExpectedParty(
        reference=reservation.reference,
        time=reservation.clock(reservation.starts_at),
        guest=guest_name(reservation),
        party=reservation.party,
        tables=table_names(reservation.tables.all()),
        status=status_of(reservation, now),
        verb=drag_verb(reservation),
        seen=reservation.revision,
    )


def drag_verb(reservation: Reservation | None) -> str:
    return "seat" if reservation and reservation.state == State.ARRIVED else "move"


def table_now(table: Table, reservations: Sequence[Reservation], slot: int, now: datetime, **look: Any) -> TableNow:
    """``reservations`` are those that have the table on this day, in the order of their times."""
    here = first_of(reservations, lambda row: row.state == State.SEATED)
    here = here or first_of(reservations, lambda row: row.state == State.ARRIVED)
    here = here or first_of(reservations, lambda row: row.first <= slot < row.first + row.count)
    later = first_of(reservations, lambda row: row is not here and row.first > slot)
    return TableNow(
        **{name: getattr(table, name) for name in ("name", "shape", "x", "y", "width", "height", "server")},
        id=table.pk,
        seats=table.max_covers,
        status=status_of(here, now) if here else free_status(table, later, slot),
        reference=here.reference if here else "",
        guest=guest_name(here) if here else "",
        party=here.party if here else 0,
        verb=drag_verb(here),
        seen=here.revision if here else 0,
        next_party=f"{later.clock(moment_of(later.first))} {guest_name(later)}, {later.party}" if later else "",
        **look,
    )


def first_of(reservations: Iterable[Reservation], test: Callable[[Reservation], bool]) -> Reservation | None:
    return next(filter(test, reservations), None)


def free_status(table: Table, later: Reservation | None, slot: int) -> Status:
    """The status of a table that no party has now; ``later`` is the next one that has it."""
    if not table.is_open:
        return Status(pgettext("a table", "Closed"), "calm")
    if later is None:
        return Status(_("Free"), "free")
    words = {"time": later.clock(moment_of(later.first))}
    if later.first - slot > SOON:
        return Status(_("Free"), "free", _("next %(time)s") % words)
    if later.first - slot <= 2:
        return Status(_("Booked"), "info", words["time"])
    return Status(_("Free"), "free", _("until %(time)s") % words)
