"""How long a party waits for a table now, and when each table is expected back.

Both follow the evening: a table comes back when the party at it is expected to end, which its courses shift; who is
late takes a turn time from now on. Parties that wait get tables in the order in which they came.
"""

from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.restaurants.models import Party, Reservation, State, Unfit, Use
from bookings.restaurants.models.availability import current
from bookings.restaurants.models.slots import LONGEST, slot_of
from bookings.restaurants.models.venue import DEFAULT_TURN

STEP = 5  # minutes that a quote is rounded up to
LEAVING = timedelta(minutes=5)  # what a party that stays longer than expected still needs, for all we know


def quote(restaurant, size, now=None):
    """Minutes that a party of this size would wait if it joined the queue now; 0 if there is a table for it.

    Raises Unfit for a size that no table for walk-ins takes.
    """
    return Evening(restaurant, now).quote(size)


def quotes(restaurant, sizes, now=None):
    """``{size: minutes}``, None for a size that no table takes; read once for all of them."""
    evening = Evening(restaurant, now)
    return {size: evening.quote(size) if evening.fitting(size) else None for size in sizes}


def ready_at(party, now=None):
    """When a party of the queue can expect its table, as it looks now; None once it waits no more, or fits no table."""
    return Evening(party.restaurant, now).ready.get(party.pk)


def place(party):
    """The place in the queue of a party that waits, from 1; 0 once it waits no more."""
    waiting = Party.objects.filter(restaurant=party.restaurant_id, state__in=Party.WAITS)
    return next((number for number, key in enumerate(waiting.values_list("pk", flat=True), 1) if key == party.pk), 0)


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


class Evening:
    """Who is at which table until when, and what becomes of those who wait: ``ready``, moments by a Party's key."""

    def __init__(self, restaurant, now=None):
        self.restaurant = restaurant
        self.now = now or timezone.now()
        self.rooms = restaurant.rooms
        self.service = current(restaurant, 1, self.now).service
        self.stays = defaultdict(list)
        for reservation in self.reservations():
            stay = Stay(max(reservation.starts_at, self.now), expected_end(reservation, self.now))
            for table in reservation.tables.all():
                self.stays[table.pk].append(stay)
        self.ready = {}
        for party in Party.objects.filter(restaurant=restaurant, state__in=Party.WAITS):
            if self.fitting(party.size):
                self.ready[party.pk] = self.give(party.size)

    def reservations(self):
        today = slot_of(self.now)
        rows = Reservation.objects.taking(self.now).filter(restaurant=self.restaurant)
        return rows.filter(first__gt=today - LONGEST, first__lt=today + LONGEST).prefetch_related("tables")

    def quote(self, size):
        if not self.fitting(size):
            raise Unfit(_("No table for walk-ins takes a party of %(size)s.") % {"size": size})
        begins, _tables = self.soonest(size)
        minutes = -(-(begins - self.now).total_seconds() // 60)
        return int(-(-minutes // STEP) * STEP)

    def give(self, size):
        """Give a party the tables that it can have soonest. Answers when that is."""
        begins, tables = self.soonest(size)
        stay = Stay(begins, begins + self.turn(size))
        for table in tables:
            self.stays[table.pk].append(stay)
        return begins

    def soonest(self, size):
        """The first moment from which tables are free for a whole turn time, and the best such tables then."""
        turn = self.turn(size)
        ways = self.fitting(size)
        moments = {self.now} | {stay.ends for tables in ways for table in tables for stay in self.stays[table.pk]}
        for begins in sorted(moments):
            for tables in ways:
                if self.is_free(tables, begins, begins + turn):
                    return begins, tables
        raise AssertionError("after the last of all stays every table is free")

    def is_free(self, tables, begins, ends):
        return not any(stay.begins < ends and begins < stay.ends for table in tables for stay in self.stays[table.pk])

    def fitting(self, size):
        return self.rooms.fitting(size, Use.WALK_IN)

    def turn(self, size):
        return timedelta(minutes=self.service.turn(size) if self.service else DEFAULT_TURN)
