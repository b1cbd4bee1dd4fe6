"""How a registration takes its places, keeps them and gives them up. Called by its verbs, with the event's lock."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events.models.capacity import Capacity
from bookings.events.models.event_verbs import EventState
from bookings.events.models.quotas import TicketType
from bookings.events.models.refusals import Closed, IllegalMove
from bookings.events.models.registering import HOLD
from bookings.events.models.states import USE_OF, State, Use
from bookings.events.models.tickets import Ticket
from bookings.events.models.vouchers import Voucher
from verbs.models import Tracked


class KeepsPlaces(Tracked):
    """``capacity``: the places of the event under its lock, while a verb runs."""

    event: Any
    event_id: int
    state: str
    voucher: Any
    voucher_id: int | None
    expires_at: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None
    total: int
    reason: str
    places: Any
    tickets: Any
    capacity: Any = None  # of the verb that runs; None for a row that has just been made
    give_back: Callable[[Sequence[Ticket], str], None]  # of PaidFor

    class Meta:
        abstract = True

    def lock(self) -> None:
        """Lock the quotas of the event first, in the order of their keys: a verb may take or free places."""
        self.capacity = Capacity.locked(self.event, timezone.now())
        rows = type(self)._base_manager.select_for_update(of=("self",), no_key=True)
        self.refresh_from_db(from_queryset=rows.select_related("event__hall__airport"))

    def take(
        self, capacity: Capacity, wanted: Mapping[int, int], types: Mapping[int, TicketType], use: Use = Use.HELD
    ) -> None:
        """Take places and make the tickets. Raises Full. What the voucher reserves is used first."""
        reserved = list(self.voucher.places.filter(use=Use.RESERVED)[: sum(wanted.values())]) if self.voucher else []
        rest = {type_: count - sum(place.type_id == type_ for place in reserved) for type_, count in wanted.items()}
        capacity.check(rest)
        capacity.put(reserved, use, self.expires_at, registration=self)
        places = [*reserved, *capacity.take(rest, use, self.expires_at, registration=self)]
        if self.voucher:
            Voucher.objects.filter(pk=self.voucher.pk).update(uses=F("uses") + len(places))
        places.sort(key=lambda place: (types[place.type_id].position, place.type_id))
        tickets = [self.new_ticket(place, types[place.type_id], number) for number, place in enumerate(places, start=1)]
        Ticket.objects.bulk_create(tickets)
        if total := sum(ticket.price for ticket in tickets):
            self.total = total
            self.save(update_fields=["total"])

    def new_ticket(self, place: Any, type_: TicketType, position: int) -> Ticket:
        """An unsaved ticket at the price of now."""
        return Ticket(
            registration=self,
            event_id=self.event_id,
            type=type_,
            place=place,
            position=position,
            price=self.voucher.price_of(type_.price) if self.voucher else type_.price,
            tax_rate=type_.tax_rate,
        )

    def make_way(self, capacity: Capacity) -> None:
        """End a hold for another one of the same browser, under a lock that somebody has."""
        capacity.free_places(self.places.all())
        self.state, self.expires_at, self.ended_at = State.RELEASED, None, capacity.now
        self.revision += 1
        self.save()

    def put_places(self) -> None:
        """Its places follow its state and its deadline."""
        self.capacity.put(self.places.all(), USE_OF[State(self.state)], self.expires_at)

    def ask_for_money(self, now: datetime) -> None:
        """Unpaid with a deadline, or confirmed where nothing is owed. Who asked in time has HOLD to pay, also after the sale."""
        if self.total:
            self.state = State.UNPAID
            latest = max(self.event.sale_ends_at, now + HOLD)
            self.expires_at = min(now + timedelta(minutes=self.event.pay_minutes), latest)
        else:
            self.state, self.expires_at, self.confirmed_at = State.CONFIRMED, None, now

    def check_takes_place(self) -> None:
        """Raise Closed where the event is cancelled: a job ends its registrations, and none of them goes on meanwhile."""
        if self.event.state == EventState.CANCELLED:
            raise Closed(_("This event is cancelled."))

    def check_in_time(self) -> None:
        """Raise IllegalMove where its time is over: the places may be somebody else's."""
        if self.expires_at is not None and self.expires_at <= self.capacity.now:
            raise IllegalMove(_("The time for these places is over, and they are free again."))

    def end(self, state: State, reason: str) -> None:
        """Free all its places, give back what was paid, and say why."""
        self.give_up(self.tickets.filter(cancelled_at=None).select_related("place"), reason)
        self.capacity.free_places(self.places.all())
        self.state, self.reason, self.expires_at, self.ended_at = state, reason, None, self.capacity.now

    def give_up(self, tickets: Iterable[Ticket], reason: str) -> None:
        """Cancel these tickets: their places are free, and what was paid for them goes back."""
        rows = list(tickets)
        places = [ticket.place for ticket in rows if ticket.place]
        self.give_back(rows, reason)
        Ticket.objects.filter(pk__in=[ticket.pk for ticket in rows]).update(
            cancelled_at=self.capacity.now, place=None, calendar_sequence=F("calendar_sequence") + 1
        )
        self.capacity.free_places(places)

    @property
    def live_tickets(self) -> models.QuerySet[Ticket]:
        found: models.QuerySet[Ticket] = self.tickets.filter(cancelled_at=None)
        return found
