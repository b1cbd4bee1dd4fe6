"""The time grid: tables down, quarters of an hour across, a block for each reservation."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from bookings.restaurants.hosts.reservation_list import of_day, services_of
from bookings.restaurants.hosts.status import Standing, standing, who
from bookings.restaurants.hosts.tables import in_order
from bookings.restaurants.models import State
from bookings.restaurants.models.slots import moment_of, slot_of, slots_for
from bookings.restaurants.models.states import TAKING
from clocks import clock

HOUR = 4  # quarters
EVENING = (17, 22)  # hours that an empty day without services shows
STEP = 5  # minutes by which the line of now moves


class Columns(NamedTuple):
    """The quarters that a grid shows, whole hours of them: ``begin`` to ``end`` as slots; clocks of the hours."""

    begin: int
    end: int
    hours: tuple

    @property
    def count(self):
        return self.end - self.begin


class Cell(NamedTuple):
    """A free quarter, or the block of a reservation over ``span`` of them."""

    span: int = 1
    is_hour: bool = False
    reference: str = ""
    time: str = ""
    name: str = ""
    party: int = 0
    standing: Standing | None = None
    is_marked: bool = False  # notes or allergies


class GridRow(NamedTuple):
    id: int
    restaurant: str
    name: str
    area: str
    seats: int
    cells: tuple


def grid_columns(restaurant, day, service=""):
    """From the first guests of the day, or of a service (its key), until the last table is given back."""
    services = services_of(restaurant, day)
    taken = restaurant.reservations.filter(day=day, state__in=TAKING)
    if service.isdecimal():
        services = [one for one in services if str(one.pk) == service]
        taken = taken.filter(service=service)
    begins, ends = [], []
    for one in services:
        slots, end = one.times(day, restaurant.tz)
        begins.append(slots.start)
        ends.append(end)
    for first, count in taken.values_list("first", "count"):
        begins.append(first)
        ends.append(first + count)
    if not begins:
        begins, ends = ([slot_of(at_hour(restaurant, day, hour))] for hour in EVENING)
    begin, end = min(begins), max(ends)
    begin -= moment_of(begin).astimezone(restaurant.tz).minute // 15
    end += -(end - begin) % HOUR
    hours = tuple(clock(moment_of(slot), restaurant.tz) for slot in range(begin, end, HOUR))
    return Columns(begin, end, hours)


def at_hour(restaurant, day, hour):
    return datetime.combine(day, time(hour), restaurant.tz)


def now_line(columns, now):
    """Where now is, in percent of the grid's width; empty where the grid shows another day."""
    minutes = (now - moment_of(columns.begin)) / timedelta(minutes=1)
    share = (minutes - minutes % STEP) / (columns.count * 15)
    return f"{100 * share:.2f}%" if 0 <= share <= 1 else ""


def grid_rows(restaurant, day, columns, now):
    blocks = {}
    for reservation in of_day(restaurant, day, now):
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


def cells_of(reservations, columns, now):
    """The cells of one table from left to right. Those who have gone leave their block where nobody came after them."""
    owners = {}
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


def extent(reservation):
    """The slots that it has, or had until it left."""
    if reservation.state != State.FINISHED:
        return reservation.first, reservation.first + reservation.count
    stayed = reservation.ends_at - moment_of(reservation.first)
    return reservation.first, reservation.first + max(1, slots_for(stayed / timedelta(minutes=1)))


def block(reservation, span, now):
    return Cell(
        span=span,
        reference=reservation.reference,
        time=reservation.clock(reservation.starts_at),
        name=who(reservation),
        party=reservation.party,
        standing=standing(reservation, now),
        is_marked=bool(reservation.notes or reservation.allergies),
    )
