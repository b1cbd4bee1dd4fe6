"""How a reservation begins: held by a guest, booked by staff, or seated as a walk-in."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.holds import HoldableQuerySet
from bookings.restaurants import topics
from bookings.restaurants.models.floor import Table, Use
from bookings.restaurants.models.refusals import Closed
from bookings.restaurants.models.room import check_online, check_party, room_for
from bookings.restaurants.models.seating import TableSlot
from bookings.restaurants.models.slots import LONGEST, slots_for
from bookings.restaurants.models.states import TAKING, State
from bookings.restaurants.models.times import Time, current
from bookings.restaurants.models.venue import Restaurant
from links.models import LinkedQuerySet
from once import OnceQuerySet
from references import new_references
from strangers import NOBODY, Asker, bounds, check_bound

bounds("holds", "hold_share", "bookings", "contact", "queue", "waitlist")

HOLD = timedelta(minutes=7)
FEWEST = 2  # tables that guests of one address may hold at one time, however small the restaurant
TOO_MANY_HOLDS = gettext_lazy(
    "Many tables are being held from your network at the moment. Try again in a few minutes, or call the restaurant."
)


class ReservationQuerySet(HoldableQuerySet, OnceQuerySet, LinkedQuerySet):
    def taking(self, now: datetime | None = None) -> Self:
        """Those that have tables. An expired hold has none, whether or not it has been cleared away."""
        return self.filter(state__in=TAKING).unexpired(now)

    def on(self, restaurant: Restaurant, day: date) -> Self:
        return self.filter(restaurant=restaurant, day=day)

    def made_by_guests(self) -> Self:
        """Those that were booked, however they ended, without holds and walk-ins."""
        return self.exclude(state=State.HELD).exclude(cancel_until=None)

    def with_tables(self) -> Self:
        return self.prefetch_related("tables").select_related("service")

    def hold(
        self,
        restaurant: Restaurant,
        slot: int,
        party: int,
        key: UUID,
        area: int | None = None,
        user: Any = None,
        asker: Asker = NOBODY,
    ) -> Any:
        """Hold a table for a guest who has chosen a time, for HOLD. The same key gives the same hold.

        What the same browser held there is released. Raises Unfit for an impossible party, Closed if the restaurant takes
        no guests at that slot, Full if no table is left, TooMany if others of the same network hold enough already.
        """
        check_online(restaurant, party)
        with transaction.atomic():
            restaurant.lock()
            if made := self.made_with(key, restaurant_id=restaurant.pk):
                return made
            self.release_former(restaurant, asker)
            time, tables = room_for(restaurant, slot, party, Use.ONLINE, area)
            if time.day > restaurant.last_day():
                raise Closed(_("Tables can’t be booked so far ahead."))
            tables = list(tables)
            self.check_holds(restaurant, asker, time, tables)
            held = self.model(restaurant=restaurant, key=key, user=user, expires_at=timezone.now() + HOLD)
            held.set_asker(asker)
            return self.start(held, "hold", time, party, tables)

    def release_former(self, restaurant: Restaurant, asker: Asker) -> None:
        """Release what this browser holds at the restaurant."""
        if asker.browser:
            for former in self.filter(restaurant=restaurant, state=State.HELD, asked_by=asker.browser).holding():
                former.release()

    def check_holds(self, restaurant: Restaurant, asker: Asker, time: Time, tables: list[Table]) -> None:
        """Raise TooMany if guests of one address would hold too much: of holds, or of the tables at one time."""
        if not asker.address:
            return
        held = self.filter(restaurant=restaurant, state=State.HELD, asked_from=asker.address).holding().order_by()
        check_bound("holds", held.count(), settings.HOLDS_PER_ADDRESS, TOO_MANY_HOLDS)
        ends = time.slot + slots_for(time.turn)
        meanwhile = held.filter(first__lt=ends, first__gt=time.slot - LONGEST).values_list("first", "count", "tables")
        theirs = {table for first, count, table in meanwhile if first + count > time.slot}
        online = sum(table.serves(Use.ONLINE) for table in restaurant.table_plan.tables.values())
        share = max(FEWEST, online * settings.HOLD_SHARE // 100)
        if theirs:
            check_bound("hold_share", len(theirs | {table.pk for table in tables}), share + 1, TOO_MANY_HOLDS)

    def book(
        self,
        restaurant: Restaurant,
        slot: int,
        party: int,
        key: UUID | None = None,
        tables: Iterable[Table] | None = None,
        by: Any = None,
        **guest: Any,
    ) -> Any:
        """Book for a guest who calls or stands at the door, at these tables or at the best free ones. By staff."""
        check_party(restaurant, party)
        with transaction.atomic():
            restaurant.lock()
            if made := self.made_with(key, restaurant_id=restaurant.pk):
                return made
            time, best = room_for(restaurant, slot, party, Use.IN_HOUSE, given=tables)
            booked = self.model(restaurant=restaurant, state=State.BOOKED, channel=Use.IN_HOUSE, key=key, **guest)
            return self.start(booked, "book", time, party, tables or best, by=by)

    def walk_in(
        self,
        restaurant: Restaurant,
        party: int,
        tables: Iterable[Table],
        name: str = "",
        key: UUID | None = None,
        by: Any = None,
    ) -> Any:
        """Seat a party without a booking now. The same key gives the same reservation."""
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

    def start(
        self,
        reservation: Any,
        verb: str,
        time: Time,
        party: int,
        tables: Iterable[Table],
        by: Any = None,
        until: datetime | None = None,
    ) -> Any:
        """Save a new reservation at these tables: for its turn time, or until ``until`` or the next party.

        Raises Taken if one of the tables is not free.
        """
        reservation.plan(time, party)
        reservation.save()
        reservation.take(tables, reservation.first, 1 if until else reservation.count)
        if until:
            reservation.stretch(until)
        return reservation.begin(verb, by=by)

    def start_all(self, planned: Iterable[tuple[Any, Iterable[Any]]]) -> None:
        """Save many at once: ``[(reservation, tables), …]``, each planned and at free tables. No mail is written."""
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
