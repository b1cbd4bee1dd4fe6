"""When a party can come: computed from tables, joins, services, turn times, pacing and what is taken already.

Availability is read in six queries, however many days it covers and however much is booked. Its answers are arithmetic
on sets of slots: one integer for each table, one bit for each quarter of an hour.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.functional import cached_property

from bookings.restaurants.models.floor import Table, Tables, Use
from bookings.restaurants.models.services import Closure, Service
from bookings.restaurants.models.slots import LONGEST, mask, members, moment_of, slot_of, slots_for, starts
from bookings.restaurants.models.states import State
from bookings.restaurants.models.times import FREE, FULL, HELD, Time

DAY = timedelta(days=1)


class Asked(NamedTuple):
    """Who would come: how many, by which channel (a Use, None for staff), to which area (its key, None for any)."""

    party: int
    channel: str | None
    area: int | None = None


class Availability:
    """What is taken at a restaurant from ``first_day`` to ``last_day``, leaving out the reservation ``but_for`` (a key)."""

    def __init__(
        self,
        restaurant: Any,
        first_day: date,
        last_day: date | None = None,
        now: datetime | None = None,
        but_for: int | None = None,
    ) -> None:
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

    def read(self) -> None:
        """Read the slots of each table that are ``busy``, those of them that are ``held``, and the guests of each slot."""
        rows = self.restaurant.reservations.taking(self.now).filter(first__lt=self.end)
        rows = rows.filter(first__gte=self.begin, tables__isnull=False).order_by()
        if self.but_for:
            rows = rows.exclude(pk=self.but_for)
        self.busy: dict[int, int] = defaultdict(int)  # sets of slots by a table's key
        self.held: dict[int, int] = defaultdict(int)
        self.holds: list[tuple[int, int, int]] = []  # (reservation's key, table's key, set of slots)
        self.guests: dict[int, int] = defaultdict(int)  # covers by slot
        self.guests_online: dict[int, int] = defaultdict(int)
        self.sets_of_tables: dict[Asked, list[Tables]] = {}  # answers that were computed once
        self.free_starts: dict[tuple[Asked, int, bool], int] = {}
        now, begin, busy = slot_of(self.now), self.begin, self.busy
        held, seated, online = map(str, (State.HELD, State.SEATED, Use.ONLINE))  # compared for thousands of rows
        seen = set()
        # No datetime column is read: converting it would cost more than all the rest.
        fields = ("pk", "tables", "first", "count", "party", "state", "channel")
        for pk, table, first, count, party, state, channel in rows.values_list(*fields):
            if state == seated:  # a party that stays longer than expected still has its table
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

    def add(self, reservation: Any, tables: Iterable[Table]) -> None:
        """Count a reservation that was made since this was read."""
        self.free_starts.clear()
        for table in tables:
            self.busy[table.pk] |= mask(reservation.first - self.begin, reservation.count)
        self.guests[reservation.first] += reservation.party
        if reservation.channel == Use.ONLINE:
            self.guests_online[reservation.first] += reservation.party

    # What it answers

    def days(self) -> Iterator[date]:
        for number in range((self.last_day - self.first_day).days + 1):
            yield self.first_day + number * DAY

    def is_closed(self, day: date, service: Service | None = None) -> bool:
        return (day, None) in self.closures or (service is not None and (day, service.pk) in self.closures)

    def services_on(self, day: date) -> list[Service]:
        return [service for service in self.services if service.is_on(day) and not self.is_closed(day, service)]

    def times(self, day: date, party: int, channel: str | None = Use.ONLINE, area: int | None = None) -> list[Time]:
        """All times of a day that can still be asked for, free or not; none if no table fits this party."""
        asked = Asked(party, channel, area)
        if not self.fitting(asked):
            return []
        return [time for service in self.services_on(day) for time in self.times_of_service(day, service, asked)]

    def times_of_service(self, day: date, service: Service, asked: Asked) -> Iterator[Time]:
        turn = service.turn(asked.party)
        count = slots_for(turn)
        offered = self.offered(day, service, asked.channel)
        free = offered & self.starts(asked, count)
        maybe = offered & self.starts(asked, count, but_holds=True) & ~free if self.holds else 0
        for number in members(offered):
            slot, bit = self.begin + number, 1 << number
            if not self.is_paced(service, slot, asked.party, asked.channel):
                state, frees_at = FULL, None
            elif free & bit:
                state, frees_at = FREE, None
            elif maybe & bit:
                state, frees_at = HELD, self.frees_at(asked, number, count)
            else:
                state, frees_at = FULL, None
            yield Time(day, service, slot, turn, state, frees_at)

    def earliest(self, channel: str | None) -> int:
        """The first slot that can still be asked for: guests must give notice, staff need not."""
        if channel == Use.ONLINE:
            return slot_of(self.now + timedelta(minutes=self.restaurant.notice)) + 1
        return slot_of(self.now)

    def offered(self, day: date, service: Service, channel: str | None) -> int:
        """The set of the slots of a service that can still be asked for."""
        slots, _ends = service.times(day, self.tz)
        return mask(slots.start - self.begin, len(slots)) & ~mask(0, self.earliest(channel) - self.begin)

    def fitting(self, asked: Asked) -> list[Tables]:
        if asked not in self.sets_of_tables:
            self.sets_of_tables[asked] = self.table_plan.fitting(*asked)
        return self.sets_of_tables[asked]

    def starts(self, asked: Asked, count: int, but_holds: bool = False) -> int:
        """The set of the slots from which some fitting tables are free for ``count`` slots, holds counted or not."""
        key = (asked, count, but_holds)
        if key not in self.free_starts:
            possible = 0
            for tables in self.fitting(asked):
                taken = 0
                for table in tables:
                    taken |= self.busy[table.pk] & ~(self.held[table.pk] if but_holds else 0)
                possible |= starts(self.all & ~taken, count)
            self.free_starts[key] = possible
        return self.free_starts[key]

    @cached_property
    def all(self) -> int:
        return mask(0, self.end - self.begin + LONGEST)

    def is_paced(self, service: Service, slot: int, party: int, channel: str | None) -> bool:
        """Whether the pacing lets this many more guests come in a slot. Walk-ins are not paced."""
        if channel == Use.WALK_IN or channel is None:
            return True
        if self.guests[slot] + party > service.pace:
            return False
        return channel != Use.ONLINE or self.guests_online[slot] + party <= service.pace_online

    @cached_property
    def expiries(self) -> dict[int, datetime]:
        """When each hold expires, by the reservation's key; without those that were booked or released meanwhile."""
        keys = {pk for pk, _table, _bits in self.holds}
        return dict(self.restaurant.reservations.filter(pk__in=keys, state=State.HELD).values_list("pk", "expires_at"))

    def frees_at(self, asked: Asked, number: int, count: int) -> datetime | None:
        """When fitting tables become free because holds expire, the earliest; None if other parties are in the way too."""
        wanted = mask(number, count)
        moments = []
        for tables in self.fitting(asked):
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

    def free_tables(
        self, slot: int, count: int, party: int, channel: str | None = None, area: int | None = None
    ) -> Tables | None:
        """The best tables that are free for ``count`` slots from this one on; None if there are none."""
        wanted = mask(slot - self.begin, count)
        for tables in self.fitting(Asked(party, channel, area)):
            if not any(self.busy.get(table.pk, 0) & wanted for table in tables):
                return tables
        return None

    def find(self, slot: int, party: int, channel: str | None = Use.ONLINE, area: int | None = None) -> Time | None:
        """The Time at a slot, or None if the restaurant takes no guests then."""
        day = moment_of(slot).astimezone(self.tz).date()
        for possible in (day, day - DAY):
            if self.first_day <= possible <= self.last_day:
                for time in self.times(possible, party, channel, area):
                    if time.slot == slot:
                        return time
        return None

    def nearest(
        self, slot: int, party: int, most: int = 4, channel: str | None = Use.ONLINE, area: int | None = None
    ) -> list[Time]:
        """The free times closest to a slot, before and after it, in the order of the day."""
        free = [time for day in self.days() for time in self.times(day, party, channel, area) if time.is_free]
        return sorted(sorted(free, key=lambda time: abs(time.slot - slot))[:most], key=lambda time: time.slot)

    def calendar(self, party: int, channel: str | None = Use.ONLINE) -> dict[date, bool]:
        """For each day whether the party could come at any time."""
        return {day: self.has_time(day, party, channel) for day in self.days()}

    def has_time(self, day: date, party: int, channel: str | None = Use.ONLINE, area: int | None = None) -> bool:
        """Whether a party could come at any time of a day."""
        asked = Asked(party, channel, area)
        return any(
            self.is_paced(service, self.begin + number, party, channel)
            for service in self.services_on(day)
            for number in members(
                self.offered(day, service, channel) & self.starts(asked, slots_for(service.turn(party)))
            )
        )
