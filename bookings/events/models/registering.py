"""How a registration begins: somebody chooses ticket types, and their places are held while they type."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.events.models.capacity import Capacity
from bookings.events.models.event_verbs import EventState
from bookings.events.models.events import Event
from bookings.events.models.quotas import TicketType
from bookings.events.models.refusals import Closed, IllegalMove, NotValid, Unfit
from bookings.events.models.states import State
from bookings.events.models.vouchers import Voucher
from bookings.holds import HoldableQuerySet
from links.models import LinkedQuerySet
from once import OnceQuerySet
from strangers import NOBODY, Asker, bounds, check_bound

HOLD = timedelta(minutes=10)
TOO_MANY = gettext_lazy("Too many places are held from your network. Finish one form, or wait some minutes.")

bounds("event_holds")


class RegistrationQuerySet(HoldableQuerySet[Any], OnceQuerySet[Any], LinkedQuerySet[Any]):
    def hold(
        self,
        event: Event,
        wanted: Mapping[int, int],
        key: UUID,
        voucher: str = "",
        user: Any = None,
        asker: Asker = NOBODY,
        now: datetime | None = None,
    ) -> Any:
        """Hold places for HOLD: so many of each ticket type (by key). The same key gives the same hold.

        What the same browser held at this event is released first: one's own hold never stands in one's way. Who waits is
        served before. Raises Full, Closed, NotValid, TooMany or Unfit; nothing is held then.
        """
        now = now or timezone.now()
        wanted = {type_: count for type_, count in wanted.items() if count}
        with transaction.atomic():
            capacity = Capacity.locked(event, now)
            if made := self.made_with(key, event_id=event.pk, asked_by=asker.browser):
                return made
            types = check_wanted(event, wanted, now)
            event.serve_with(capacity)  # before the former hold ends: what one holds oneself is not for those who wait
            formers = self.held_by(asker, event)
            for former in formers:
                with suppress(IllegalMove):
                    former.make_way(capacity)
            if asker.address:
                held = self.filter(state=State.HELD, asked_from=asker.address).holding(now).order_by()
                check_bound("event_holds", held.count(), settings.EVENT_HOLDS_PER_ADDRESS, TOO_MANY)
            used = check_voucher(event, voucher, wanted, types, now) if voucher else None
            if used is None and any(type_.is_hidden for type_ in types.values()):
                raise Unfit(_("This ticket type needs a voucher."))
            registration = self.model(
                event=event, state=State.HELD, key=key, user=user, voucher=used, expires_at=now + HOLD, revision=1
            )
            registration.currency = event.currency
            registration.set_asker(asker)
            registration.save()
            registration.take(capacity, wanted, types)
            if formers:
                event.serve_with(capacity)  # with what is not held any more
            return registration.begin("hold")

    def refuse_full(self, event: Event, wanted: Mapping[int, int], key: UUID, seen: Capacity) -> None:
        """Raise Full by what was read without a lock: most requests for an event that is sold out end here, and nobody waits
        for them. Who has a hold by this key gets it, whatever is left. All else is decided by ``hold``.
        """
        wanted = {type_: count for type_, count in wanted.items() if count}
        closed = [type_ for type_ in event.types.all() if type_.pk in wanted and not type_.is_on_sale(seen.now)]
        if event.is_on_sale(seen.now) and not closed and not seen.fits(wanted) and not self.filter(key=key).exists():
            seen.check(wanted)

    def held_by(self, asker: Asker, event: Event) -> list[Any]:
        """What this browser holds at this event."""
        return list(self.filter(event=event, state=State.HELD, asked_by=asker.browser)) if asker.browser else []


def check_wanted(event: Event, wanted: Mapping[int, int], now: datetime) -> dict[int, TicketType]:
    """The ticket types by key. Raises Unfit or Closed for what nobody can register for now."""
    if event.state == EventState.CANCELLED:
        raise Closed(_("This event is cancelled."))
    if not event.is_on_sale(now):
        raise Closed(_("The sale of this event has not begun, or is over."))
    if not wanted or min(wanted.values()) < 1:
        raise Unfit(_("Choose how many places you want."))
    if sum(wanted.values()) > event.most_places:
        raise Unfit(_("One registration has at most %(most)s places.") % {"most": event.most_places})
    types = {type_.pk: type_ for type_ in event.types.filter(pk__in=wanted)}
    if len(types) != len(wanted):
        raise Unfit(_("This event has no such ticket type."))
    for type_ in types.values():
        if not type_.is_on_sale(now):
            raise Closed(_("“%(name)s” is not on sale now.") % {"name": type_.name})
    return types


def check_voucher(
    event: Event, code: str, wanted: Mapping[int, int], types: Mapping[int, TicketType], now: datetime
) -> Voucher:
    """The voucher of this code, under the event's lock, for all the places that are wanted. Raises NotValid."""
    voucher = (
        Voucher.objects.select_for_update(of=("self",), no_key=True).filter(event=event, code=code.upper()).first()
    )
    if voucher is None or not voucher.is_valid(now):
        raise NotValid(_("This voucher is not valid."))
    if voucher.type_id and set(wanted) != {voucher.type_id}:
        raise NotValid(_("This voucher is for another ticket type."))
    if voucher.uses + sum(wanted.values()) > voucher.most:
        words = {"left": voucher.most - voucher.uses}
        raise NotValid(_("This voucher has %(left)s uses left.") % words)
    return voucher
