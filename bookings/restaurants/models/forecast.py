"""How long a party waits for a table now, and when each table is expected back.

A table comes back when its party is expected to leave, which the courses shift. A late party takes a turn time from now
on. Parties in the queue get tables in the order in which they joined.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.restaurants.models.floor import Tables, Use
from bookings.restaurants.models.queue import QueueEntry
from bookings.restaurants.models.refusals import Unfit
from bookings.restaurants.models.reservations import Reservation
from bookings.restaurants.models.services import DEFAULT_TURN
from bookings.restaurants.models.slots import LONGEST, slot_of
from bookings.restaurants.models.states import State
from bookings.restaurants.models.times import current
from bookings.restaurants.models.venue import Restaurant

STEP = 5  # minutes, to which a quote is rounded up
OVERDUE = timedelta(minutes=5)  # from now on, how long a party is expected to stay that should have left already


def quote(restaurant: Restaurant, party: int, now: datetime | None = None) -> int:
    """The wait in minutes for a party that joins the queue now; 0 if there is a table for it.

    Raises Unfit for a party size that no table for walk-ins takes.
    """
    return TableForecast(restaurant, now).quote(party)


def quotes(restaurant: Restaurant, sizes: Iterable[int], now: datetime | None = None) -> dict[int, int | None]:
    """The wait in minutes by party size, None for a size that no table takes. Everything is read once for all sizes."""
    forecast = TableForecast(restaurant, now)
    return {party: forecast.quote(party) if forecast.fitting(party) else None for party in sizes}


def ready_at(entry: QueueEntry, now: datetime | None = None) -> datetime | None:
    """When a table is expected for a queue entry; None if it has stopped waiting or fits no table."""
    return TableForecast(entry.restaurant, now).ready.get(entry.pk)


def position(entry: QueueEntry) -> int:
    """The position of an entry in the queue, from 1; 0 if it has stopped waiting."""
    keys = list(entry.restaurant.queue.waiting().values_list("pk", flat=True))
    return keys.index(entry.pk) + 1 if entry.pk in keys else 0


def expected_end(reservation: Reservation, now: datetime | None = None) -> datetime:
    """When a reservation is expected to give its tables back."""
    now = now or timezone.now()
    if reservation.state == State.SEATED:
        return reservation.ends_at if reservation.ends_at > now else now + OVERDUE
    if reservation.starts_at < now:
        return now + timedelta(minutes=reservation.turn)
    return reservation.ends_at


class Stay(NamedTuple):
    """When a party comes to a table, or came, and when it is expected to leave."""

    begins: datetime
    ends: datetime


class TableForecast:
    """The expected stays at each table. ``ready`` has the moment at which each queue entry can expect a table, by key."""

    def __init__(self, restaurant: Restaurant, now: datetime | None = None) -> None:
        self.restaurant = restaurant
        self.now = now or timezone.now()
        self.table_plan = restaurant.table_plan
        self.service = current(restaurant, 1, self.now).service
        self.stays: dict[int, list[Stay]] = defaultdict(list)  # by a table's key
        for reservation in self.reservations():
            stay = Stay(max(reservation.starts_at, self.now), expected_end(reservation, self.now))
            for table in reservation.tables.all():
                self.stays[table.pk].append(stay)
        entries = restaurant.queue.waiting()
        self.ready = {entry.pk: self.assign(entry.party) for entry in entries if self.fitting(entry.party)}

    def reservations(self) -> QuerySet[Reservation]:
        today = slot_of(self.now)
        rows = Reservation.objects.taking(self.now).filter(restaurant=self.restaurant)
        return rows.filter(first__gt=today - LONGEST, first__lt=today + LONGEST).prefetch_related("tables")

    def quote(self, party: int) -> int:
        if not self.fitting(party):
            raise Unfit(_("No table for walk-ins takes a party of %(party)s.") % {"party": party})
        begins, _tables = self.soonest(party)
        minutes = -(-(begins - self.now).total_seconds() // 60)
        return int(-(-minutes // STEP) * STEP)

    def assign(self, party: int) -> datetime:
        """Count a party at the tables that it can have soonest. Returns when that is."""
        begins, tables = self.soonest(party)
        stay = Stay(begins, begins + self.turn(party))
        for table in tables:
            self.stays[table.pk].append(stay)
        return begins

    def soonest(self, party: int) -> tuple[datetime, Tables]:
        """The first moment from which fitting tables are free for a whole turn time, and the best such tables then."""
        turn = self.turn(party)
        fitting = self.fitting(party)
        moments = {self.now} | {stay.ends for tables in fitting for table in tables for stay in self.stays[table.pk]}
        for begins in sorted(moments):
            for tables in fitting:
                if self.is_free(tables, begins, begins + turn):
                    return begins, tables
        raise AssertionError("after the last stay all tables are free")

    def is_free(self, tables: Tables, begins: datetime, ends: datetime) -> bool:
        return not any(stay.begins < ends and begins < stay.ends for table in tables for stay in self.stays[table.pk])

    def fitting(self, party: int) -> list[Tables]:
        return self.table_plan.fitting(party, Use.WALK_IN)

    def turn(self, party: int) -> timedelta:
        return timedelta(minutes=self.service.turn(party) if self.service else DEFAULT_TURN)
