"""How long a party waits for a table now, and when each table is expected back.

Both follow the forecast: a table comes back when the party at it is expected to end, which its courses shift; who is
late takes a turn time from now on. Parties that wait get tables in the order in which they came.
"""

from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.restaurants.models import QueueEntry, Reservation, State, Unfit, Use
from bookings.restaurants.models.availability import current
from bookings.restaurants.models.services import DEFAULT_TURN
from bookings.restaurants.models.slots import LONGEST, slot_of

STEP = 5  # minutes that a quote is rounded up to
LEAVING = timedelta(minutes=5)  # what a party that stays longer than expected still needs, for all we know


def quote(restaurant, party, now=None):
    """Minutes that a party of this size would wait if it joined the queue now; 0 if there is a table for it.

    Raises Unfit for a size that no table for walk-ins takes.
    """
    return TableForecast(restaurant, now).quote(party)


def quotes(restaurant, sizes, now=None):
    """``{party: minutes}``, None for a size that no table takes; read once for all of them."""
    forecast = TableForecast(restaurant, now)
    return {party: forecast.quote(party) if forecast.fitting(party) else None for party in sizes}


def ready_at(entry, now=None):
    """When a party of the queue can expect its table, as it looks now; None once it waits no more, or fits no table."""
    return TableForecast(entry.restaurant, now).ready.get(entry.pk)


def position(entry):
    """The place in the queue of a party that waits, from 1; 0 once it waits no more."""
    waiting = QueueEntry.objects.filter(restaurant=entry.restaurant_id, state__in=QueueEntry.WAITS)
    return next((number for number, key in enumerate(waiting.values_list("pk", flat=True), 1) if key == entry.pk), 0)


def expected_end(reservation, now=None):
    """When a reservation is expected to give its tables back."""
    now = now or timezone.now()
    if reservation.state == State.SEATED:
        return reservation.ends_at if reservation.ends_at > now else now + LEAVING
    if reservation.starts_at < now:
        return now + timedelta(minutes=reservation.turn)
    return reservation.ends_at


class Stay(NamedTuple):
    """Somebody at a table, or expected there: from when, until when."""

    begins: object
    ends: object


class TableForecast:
    """Who is at which table until when, and what becomes of those who wait: ``ready``, moments by a QueueEntry's key."""

    def __init__(self, restaurant, now=None):
        self.restaurant = restaurant
        self.now = now or timezone.now()
        self.table_plan = restaurant.table_plan
        self.service = current(restaurant, 1, self.now).service
        self.stays = defaultdict(list)
        for reservation in self.reservations():
            stay = Stay(max(reservation.starts_at, self.now), expected_end(reservation, self.now))
            for table in reservation.tables.all():
                self.stays[table.pk].append(stay)
        self.ready = {}
        for entry in QueueEntry.objects.filter(restaurant=restaurant, state__in=QueueEntry.WAITS):
            if self.fitting(entry.party):
                self.ready[entry.pk] = self.give(entry.party)

    def reservations(self):
        today = slot_of(self.now)
        rows = Reservation.objects.taking(self.now).filter(restaurant=self.restaurant)
        return rows.filter(first__gt=today - LONGEST, first__lt=today + LONGEST).prefetch_related("tables")

    def quote(self, party):
        if not self.fitting(party):
            raise Unfit(_("No table for walk-ins takes a party of %(party)s.") % {"party": party})
        begins, _tables = self.soonest(party)
        minutes = -(-(begins - self.now).total_seconds() // 60)
        return int(-(-minutes // STEP) * STEP)

    def give(self, party):
        """Give a party the tables that it can have soonest. Answers when that is."""
        begins, tables = self.soonest(party)
        stay = Stay(begins, begins + self.turn(party))
        for table in tables:
            self.stays[table.pk].append(stay)
        return begins

    def soonest(self, party):
        """The first moment from which tables are free for a whole turn time, and the best such tables then."""
        turn = self.turn(party)
        ways = self.fitting(party)
        moments = {self.now} | {stay.ends for tables in ways for table in tables for stay in self.stays[table.pk]}
        for begins in sorted(moments):
            for tables in ways:
                if self.is_free(tables, begins, begins + turn):
                    return begins, tables
        raise AssertionError("after the last of all stays every table is free")

    def is_free(self, tables, begins, ends):
        return not any(stay.begins < ends and begins < stay.ends for table in tables for stay in self.stays[table.pk])

    def fitting(self, party):
        return self.table_plan.fitting(party, Use.WALK_IN)

    def turn(self, party):
        return timedelta(minutes=self.service.turn(party) if self.service else DEFAULT_TURN)
