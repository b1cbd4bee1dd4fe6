"""When a party can come: computed from tables, joins, services, turn times, pacing and what is taken already.

Availability is read in six queries, however many days it covers and however much is booked. What it is asked then is
arithmetic on the bits of integers: one integer for each table, one bit for each quarter of an hour.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.functional import cached_property

from bookings.restaurants.models.floor import Use
from bookings.restaurants.models.services import DEFAULT_TURN, Closure, Service
from bookings.restaurants.models.slots import LONGEST, mask, members, moment_of, slot_of, slots_for, starts
from bookings.restaurants.models.states import State

FREE, HELD, FULL = "free", "held", "full"
DAY = timedelta(days=1)


class Time(NamedTuple):
    """A time at which guests may come to a service, and whether this party could: free, held or full.

    ``frees_at``: of a held one, when the hold that is in the way expires, if nobody confirms it.
    """

    day: date
    service: Service
    slot: int
    turn: int
    state: str
    frees_at: datetime | None = None

    @property
    def at(self):
        return moment_of(self.slot)

    @property
    def is_free(self):
        return self.state == FREE


class Availability:
    """What a restaurant has taken from ``first_day`` to ``last_day``, without the reservation ``but_for`` (a key)."""

    def __init__(self, restaurant, first_day, last_day=None, now=None, but_for=None):
        self.restaurant = restaurant
        self.first_day, self.last_day = first_day, last_day or first_day
        self.now = now or timezone.now()
        self.but_for = but_for
        self.tz = restaurant.tz
        self.table_plan = restaurant.table_plan
        self.services = list(restaurant.services.prefetch_related("turns"))
        closures = Closure.objects.filter(restaurant=restaurant, day__range=(self.first_day, self.last_day))
        self.closures = {(closure.day, closure.service_id): closure for closure in closures}
        self.begin = slot_of(datetime.combine(self.first_day, datetime.min.time(), self.tz)) - LONGEST
        self.end = slot_of(datetime.combine(self.last_day + 2 * DAY, datetime.min.time(), self.tz))
        self.read()

    def read(self):
        """Sets of slots: ``busy`` for each table, ``held`` those of them that a hold has; and guests by their slot."""
        rows = self.restaurant.reservations.taking(self.now).filter(first__lt=self.end)
        rows = rows.filter(first__gte=self.begin, tables__isnull=False).order_by()
        if self.but_for:
            rows = rows.exclude(pk=self.but_for)
        self.busy, self.held = defaultdict(int), defaultdict(int)
        self.holds = []  # (reservation's key, table's key, slots)
        self.ways, self.found = {}, {}  # what was computed once
        self.guests, self.guests_online = defaultdict(int), defaultdict(int)
        now, begin, busy = slot_of(self.now), self.begin, self.busy
        held, seated, online = map(str, (State.HELD, State.SEATED, Use.ONLINE))  # of thousands of rows each asks
        seen = set()
        # No moment is among them: making a datetime of each would cost more than all the rest.
        fields = ("pk", "tables", "first", "count", "party", "state", "channel")
        for pk, table, first, count, party, state, channel in rows.values_list(*fields):
            if state == seated:  # whoever stays longer than expected still sits there
                count = max(count, now + 1 - first)
            bits = (1 << count) - 1 << first - begin
            busy[table] |= bits
            if state == held:
                self.held[table] |= bits
                self.holds.append((pk, table, bits))
            if pk not in seen:
                seen.add(pk)
                self.guests[first] += party
                if channel == online:
                    self.guests_online[first] += party

    def add(self, reservation, tables):
        """Count a reservation that was made since this was read."""
        self.found.clear()
        for table in tables:
            self.busy[table.pk] |= mask(reservation.first - self.begin, reservation.count)
        self.guests[reservation.first] += reservation.party
        if reservation.channel == Use.ONLINE:
            self.guests_online[reservation.first] += reservation.party

    # What it answers

    def days(self):
        for number in range((self.last_day - self.first_day).days + 1):
            yield self.first_day + number * DAY

    def is_closed(self, day, service=None):
        return (day, None) in self.closures or (service is not None and (day, service.pk) in self.closures)

    def services_on(self, day):
        return [service for service in self.services if service.is_on(day) and not self.is_closed(day, service)]

    def times(self, day, party, channel=Use.ONLINE, area=None):
        """Every time of a day at which this party could be asked for, as a list of Time; none where nothing fits it."""
        asked = (party, channel, area)
        if not self.fitting(*asked):
            return []
        return [time for service in self.services_on(day) for time in self.of_service(day, service, asked)]

    def of_service(self, day, service, asked):
        party, channel, _area = asked
        turn = service.turn(party)
        count = slots_for(turn)
        offered = self.offered(day, service, channel)
        free = offered & self.starts(asked, count)
        maybe = offered & self.starts(asked, count, but_holds=True) & ~free if self.holds else 0
        for number in members(offered):
            slot, bit = self.begin + number, 1 << number
            if not self.is_paced(service, slot, party, channel):
                state, frees_at = FULL, None
            elif free & bit:
                state, frees_at = FREE, None
            elif maybe & bit:
                state, frees_at = HELD, self.frees_at(asked, number, count)
            else:
                state, frees_at = FULL, None
            yield Time(day, service, slot, turn, state, frees_at)

    def earliest(self, channel):
        """The first slot that may still be asked for: guests give notice, staff need none."""
        if channel == Use.ONLINE:
            return slot_of(self.now + timedelta(minutes=self.restaurant.notice)) + 1
        return slot_of(self.now)

    def offered(self, day, service, channel):
        """The slots of a service that may still be asked for, as bits."""
        slots, _ends = service.times(day, self.tz)
        return mask(slots.start - self.begin, len(slots)) & ~mask(0, self.earliest(channel) - self.begin)

    def fitting(self, party, channel, area=None):
        asked = (party, channel, area)
        if asked not in self.ways:
            self.ways[asked] = self.table_plan.fitting(*asked)
        return self.ways[asked]

    def starts(self, asked, count, but_holds=False):
        """The slots from which at least one fitting set of tables is free for so many, holds counted or not; as bits."""
        key = (asked, count, but_holds)
        if key not in self.found:
            possible = 0
            for tables in self.fitting(*asked):
                taken = 0
                for table in tables:
                    taken |= self.busy[table.pk] & ~(self.held[table.pk] if but_holds else 0)
                possible |= starts(self.all & ~taken, count)
            self.found[key] = possible
        return self.found[key]

    @cached_property
    def all(self):
        return mask(0, self.end - self.begin + LONGEST)

    def is_paced(self, service, slot, party, channel):
        """Whether so many more guests may come in this quarter of an hour. Walk-ins come when they come."""
        if channel == Use.WALK_IN or channel is None:
            return True
        if self.guests[slot] + party > service.pace:
            return False
        return channel != Use.ONLINE or self.guests_online[slot] + party <= service.pace_online

    @cached_property
    def expiries(self):
        """When each of the holds expires, by their keys; without those that meanwhile are none."""
        keys = {pk for pk, _table, _bits in self.holds}
        return dict(self.restaurant.reservations.filter(pk__in=keys, state=State.HELD).values_list("pk", "expires_at"))

    def frees_at(self, asked, number, count):
        """When the first of the holds that are in the way expires, as far as that alone makes room."""
        wanted = mask(number, count)
        moments = []
        for tables in self.fitting(*asked):
            keys = {table.pk for table in tables}
            if not any(self.busy.get(key, 0) & ~self.held.get(key, 0) & wanted for key in keys):
                moments.append(
                    max(
                        self.expiries.get(pk, self.now)
                        for pk, table, bits in self.holds
                        if table in keys and bits & wanted
                    )
                )
        return min(moments, default=None)

    def free_tables(self, slot, count, party, channel=None, area=None):
        """The best set of tables that is free from this slot on for so many, a tuple of Table; None if there is none."""
        wanted = mask(slot - self.begin, count)
        for tables in self.fitting(party, channel, area):
            if not any(self.busy.get(table.pk, 0) & wanted for table in tables):
                return tables
        return None

    def find(self, slot, party, channel=Use.ONLINE, area=None):
        """The Time at a slot, or None where the restaurant takes nobody then."""
        day = moment_of(slot).astimezone(self.tz).date()
        for possible in (day, day - DAY):
            if self.first_day <= possible <= self.last_day:
                for time in self.times(possible, party, channel, area):
                    if time.slot == slot:
                        return time
        return None

    def nearest(self, slot, party, most=4, channel=Use.ONLINE, area=None):
        """The free times closest to a slot, before and after it, in the order of the day."""
        free = [time for day in self.days() for time in self.times(day, party, channel, area) if time.is_free]
        return sorted(sorted(free, key=lambda time: abs(time.slot - slot))[:most], key=lambda time: time.slot)

    def calendar(self, party, channel=Use.ONLINE):
        """For each day: whether the party could come at all, ``{day: bool}``."""
        return {day: self.has_time(day, party, channel) for day in self.days()}

    def has_time(self, day, party, channel=Use.ONLINE, area=None):
        """Whether a party could come at any time of a day."""
        asked = (party, channel, area)
        return any(
            self.is_paced(service, self.begin + number, party, channel)
            for service in self.services_on(day)
            for number in members(
                self.offered(day, service, channel) & self.starts(asked, slots_for(service.turn(party)))
            )
        )


def current(restaurant, party, now):
    """The Time that it is, for who walks in: of the service that is on, or of none."""
    today = restaurant.today(now)
    slot = slot_of(now)
    for day in (today, today - DAY):
        for service in restaurant.services.prefetch_related("turns"):
            slots, ends = service.times(day, restaurant.tz)
            if service.is_on(day) and slots.start <= slot < ends:
                return Time(day, service, slot, service.turn(party), FREE)
    return Time(today, None, slot, DEFAULT_TURN, FREE)
