"""The time grid: tables down, quarters of an hour across, a block for each reservation."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from bookings.restaurants.hosts.reservation_list import reservations_of, services_of
from bookings.restaurants.hosts.status import Status, guest_name, status_of
from bookings.restaurants.hosts.tables import in_order
from bookings.restaurants.models import Reservation, Restaurant, State
from bookings.restaurants.models.slots import moment_of, slot_of, slots_for
from bookings.restaurants.models.states import TAKING
from clocks import clock
from whole_numbers import key_of

HOUR = 4  # quarters
EVENING = (17, 22)  # the hours that a day without services and reservations shows
STEP = 5  # minutes by which the line of now moves


class Columns(NamedTuple):
    """The quarters that a grid shows, in full hours: slots from ``begin`` to ``end``, and the times of the hours."""

    begin: int
    end: int
    hours: tuple[str, ...]

    @property
    def count(self) -> int:
        return self.end - self.begin


class Cell(NamedTuple):
    """A free quarter, or the block of a reservation, which covers ``span`` quarters."""

    span: int = 1
    is_hour: bool = False
    reference: str = ""
    time: str = ""
    name: str = ""
    party: int = 0
    status: Status | None = None
    is_marked: bool = False  # it has notes or allergies


class GridRow(NamedTuple):
    id: int
    restaurant: str
    name: str
    area: str
    seats: int
    cells: tuple[Cell, ...]


def grid_columns(restaurant: Restaurant, day: date, service: str = "") -> Columns:
    """From the first guests of a day, or of a service (its key), until the last table is due back."""
    services = services_of(restaurant, day)
    taken = restaurant.reservations.filter(day=day, state__in=TAKING)
    if chosen := key_of(service):
        services = [one for one in services if one.pk == chosen]
        taken = taken.filter(service=chosen)
    begins, ends = [], []
    for one in services:
        slots, end = one.times(day, restaurant.tz)
        begins.append(slots.start)
        ends.append(end)
    for first, count in taken.values_list("first", "count"):
        begins.append(first)
        ends.append(first + count)
    if not begins:
        begins, ends = ([slot_of(datetime.combine(day, time(hour), restaurant.tz))] for hour in EVENING)
    begin, end = min(begins), max(ends)
    begin -= moment_of(begin).astimezone(restaurant.tz).minute // 15
    end += -(end - begin) % HOUR
    hours = tuple(clock(moment_of(slot), restaurant.tz) for slot in range(begin, end, HOUR))
    return Columns(begin, end, hours)


def now_line(columns: Columns, now: datetime) -> str:
    """Where now is, in percent of the grid's width; "" if the grid shows another day."""
    minutes = (now - moment_of(columns.begin)) / timedelta(minutes=1)
    share = (minutes - minutes % STEP) / (columns.count * 15)
    return f"{100 * share:.2f}%" if 0 <= share <= 1 else ""


def grid_rows(restaurant: Restaurant, day: date, columns: Columns, now: datetime) -> list[GridRow]:
    blocks: dict[int, list[Reservation]] = {}
    for reservation in reservations_of(restaurant, day, now):
        if reservation.state in TAKING or reservation.state == State.FINISHED:
            for table in reservation.tables.all():
                blocks.setdefault(table.pk, []).append(reservation)
    return [
        GridRow(
            id=table.pk,
            restaurant=restaurant.slug,
            name=table.name,
            area=table.area.name,
            seats=table.max_covers,
            cells=tuple(cells_of(blocks.get(table.pk, []), columns, now)),
        )
        for table in in_order(restaurant.table_plan.tables.values())
    ]


def cells_of(reservations: Iterable[Reservation], columns: Columns, now: datetime) -> Iterator[Cell]:
    """The cells of one table from left to right. A party that has left is shown unless another one came after it."""
    owners: dict[int, Reservation] = {}
    for reservation in sorted(reservations, key=lambda one: one.state == State.FINISHED):
        first, end = extent(reservation)
        for slot in range(max(first, columns.begin), min(end, columns.end)):
            owners.setdefault(slot, reservation)
    slot = columns.begin
    while slot < columns.end:
        reservation = owners.get(slot)
        if reservation is None:
            yield Cell(is_hour=(slot - columns.begin) % HOUR == 0)
            slot += 1
            continue
        span = 1
        while owners.get(slot + span) is reservation:
            span += 1
        yield block(reservation, span, now)
        slot += span


def extent(reservation: Reservation) -> tuple[int, int]:
    """The slots that it has, or that it had until it left: from, to."""
    if reservation.state != State.FINISHED:
        return reservation.first, reservation.first + reservation.count
    stayed = reservation.ends_at - moment_of(reservation.first)
    return reservation.first, reservation.first + max(1, slots_for(stayed / timedelta(minutes=1)))


def block(reservation: Reservation, span: int, now: datetime) -> Cell:
    return Cell(
        span=span,
        reference=reservation.reference,
        time=reservation.clock(reservation.starts_at),
        name=guest_name(reservation),
        party=reservation.party,
        status=status_of(reservation, now),
        is_marked=bool(reservation.notes or reservation.allergies),
    )
