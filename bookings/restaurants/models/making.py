"""The ways in which a reservation begins: held by a guest, booked by staff, walked in."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.holds import HoldableQuerySet
from bookings.references import new_references
from bookings.restaurants import topics
from bookings.restaurants.models.floor import Use
from bookings.restaurants.models.refusals import Closed
from bookings.restaurants.models.room import check_online, check_party, room_for
from bookings.restaurants.models.seating import TableSlot
from bookings.restaurants.models.states import TAKING, State
from bookings.restaurants.models.times import current
from links.models import LinkedQuerySet
from once import OnceQuerySet

HOLD = timedelta(minutes=7)


class ReservationQuerySet(HoldableQuerySet, OnceQuerySet, LinkedQuerySet):
    def taking(self, now: datetime | None = None) -> Self:
        """Those that have tables now. An expired hold has none, though no job has cleared it away."""
        return self.filter(state__in=TAKING).unexpired(now)

    def on(self, restaurant, day) -> Self:
        return self.filter(restaurant=restaurant, day=day)

    def made_by_guests(self) -> Self:
        """Those that were booked, however they ended; without holds."""
        return self.exclude(state=State.HELD).exclude(cancel_until=None)

    def with_tables(self) -> Self:
        return self.prefetch_related("tables").select_related("service")

    def hold(self, restaurant, slot: int, party: int, key: UUID, area: int | None = None, user=None):
        """Keep a table for HOLD, for a guest who chooses a time. The same key gives the same hold.

        Raises Unfit for an impossible party, Closed if the restaurant takes nobody at that slot, Full if no table is left.
        """
        check_online(restaurant, party)
        with transaction.atomic():
            restaurant.lock()
            if made := self.made_with(key, restaurant_id=restaurant.pk):
                return made
            time, tables = room_for(restaurant, slot, party, Use.ONLINE, area)
            if time.day > restaurant.last_day():
                raise Closed(_("Tables can’t be booked so far ahead."))
            held = self.model(restaurant=restaurant, key=key, user=user, expires_at=timezone.now() + HOLD)
            return self.start(held, "hold", time, party, tables)

    def book(self, restaurant, slot: int, party: int, key: UUID | None = None, tables=None, by=None, **guest: Any):
        """A booking that staff take by telephone or at the stand, at these tables or at the best free ones."""
        check_party(restaurant, party)
        with transaction.atomic():
            restaurant.lock()
            if made := self.made_with(key, restaurant_id=restaurant.pk):
                return made
            time, best = room_for(restaurant, slot, party, Use.IN_HOUSE, given=tables)
            booked = self.model(restaurant=restaurant, state=State.BOOKED, channel=Use.IN_HOUSE, key=key, **guest)
            return self.start(booked, "book", time, party, tables or best, by=by)

    def walk_in(self, restaurant, party: int, tables, name: str = "", key: UUID | None = None, by=None):
        """A party without a booking, seated now. The same key gives the same party."""
        check_party(restaurant, party)
        now = timezone.now()
        with transaction.atomic():
            restaurant.lock()
            if made := self.made_with(key, restaurant_id=restaurant.pk):
                return made
            time = current(restaurant, party, now)
            fields = {"arrived_at": now, "seated_at": now, "channel": Use.WALK_IN, "key": key}
            seated = self.model(restaurant=restaurant, state=State.SEATED, name=name, **fields)
            return self.start(seated, "book", time, party, tables, by, now + timedelta(minutes=time.turn))

    def start(self, reservation, verb: str, time, party: int, tables, by=None, until: datetime | None = None):
        """Save a new reservation on these tables: for its turn time, or until ``until`` or the next party.

        Raises Taken if one of the tables is not free.
        """
        reservation.plan(time, party)
        reservation.save()
        reservation.take(tables, reservation.first, 1 if until else reservation.count)
        if until:
            reservation.stretch(until)
        return reservation.begin(verb, by=by)

    def start_all(self, planned: Iterable[tuple[Any, Iterable[Any]]]) -> None:
        """Save many at once: ``[(reservation, tables), …]``, each planned and on free tables. Nobody gets mail."""
        planned = list(planned)
        references = new_references(self.model, len(planned))
        for (reservation, tables), reference in zip(planned, references, strict=True):
            reservation.revision = 1
            reservation.reference = reference
            reservation._prefetched_objects_cache = {"tables": list(tables)}  # for its snapshot
        rows = [reservation for reservation, _tables in planned]
        with transaction.atomic():
            self.bulk_create(rows)
            through = self.model.tables.through
            through.objects.bulk_create(
                through(reservation=reservation, table=table) for reservation, tables in planned for table in tables
            )
            TableSlot.objects.bulk_create(
                slot for reservation, tables in planned for slot in reservation.slots_at(tables)
            )
            days = {(reservation.restaurant_id, reservation.day) for reservation in rows}
            shown = [*(topics.book(*day) for day in days), *(topics.queue(restaurant) for restaurant, _day in days)]
            self.model.begin_all("book", rows, shown)
