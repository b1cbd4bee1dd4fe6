"""The waitlist of an event: parties join it, and what is free is offered to them."""

import logging
from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bookings.events.models.capacity import Capacity
from bookings.events.models.event_verbs import EventState
from bookings.events.models.places import Place
from bookings.events.models.refusals import Known
from bookings.events.models.serving import Decision, Party, Simulation, Step
from bookings.events.models.states import Use
from bookings.waitlist import OPEN, WaitingQuerySet, WaitingState
from strangers import NOBODY, Asker, bounds, contact_of
from verbs.refusals import Refused

log = logging.getLogger("airside.waitlist")

AT_ONCE = 20  # offers that are made under one lock, so that nobody waits long for it; the others follow at once
AGAIN = timedelta(minutes=1)  # a waitlist is looked at so often, whatever was changed without serving it
WAITS_ALREADY = gettext_lazy("You are on the waitlist for these tickets already. We write as soon as there are places.")
TOO_MANY = gettext_lazy("Many people of your network wait for this event already. Please write to the organiser.")

bounds("event_waitlist")


class WaitlistQuerySet(WaitingQuerySet[Any]):
    """The entries of an event: ``event.waitlist``. They are changed under the event's lock only."""

    def join(
        self,
        event: Any,
        type_: Any,
        size: int,
        least: int = 0,
        key: UUID | None = None,
        user: Any = None,
        asker: Asker = NOBODY,
        **person: Any,
    ) -> Any:
        """Add a party that wants ``size`` places of one ticket type together, or ``least``. The same key gives the same entry.

        Raises RoomLeft where there are places for it, Known where this mail address waits for them already, Closed, Unfit or
        TooMany.
        """

        def make() -> Any:
            entry = self.model(event=event, type=type_, size=size, least=least or size, key=key, user=user, **person)
            entry.contact = contact_of(entry.email)
            entry.set_asker(asker)
            with transaction.atomic():
                entry.capacity = Capacity.locked(event, timezone.now())
                entry.check_may_join()
                try:
                    with transaction.atomic():
                        entry.save()
                except IntegrityError:
                    if key and self.filter(key=key).exists():
                        raise
                    raise Known(str(WAITS_ALREADY), entry.same_contact()) from None
                entry.begin("join")
                event.waitlist.serve(entry.capacity)
                event.serve_waitlist_at(entry.capacity.now + AGAIN)
            return entry

        return self.make_once(key, make, event_id=event.pk)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    # Serving

    def simulate(self, capacity: Capacity) -> Simulation:
        """What each party that waits would get now. Reads only; the waitlist is that of the event of ``capacity``."""
        event, now = capacity.event, capacity.now
        return Simulation(
            parties_of(self.waiting(), capacity),
            {quota: capacity.free(quota) for quota in capacity.quotas},
            capacity.quotas_of,
            offers_end_at(event, now),
            capacity.freed,
            now,
            timedelta(minutes=event.gather_minutes),
            timedelta(minutes=event.offer_minutes),
        )

    def serve(self, capacity: Capacity) -> int:
        """Let offers lapse that were not taken, and offer or gather what is free, under the event's lock.

        Returns how many offers were made, AT_ONCE at most. What is free beyond that is ``capacity.owed`` to those who come next,
        and the waitlist is due again now. Called by everything that frees places, in its transaction, and before anybody from
        the public gets one.
        """
        capacity.owed.clear()
        made, states = 0, set(self.open().order_by().values_list("state", flat=True))
        if states:
            capacity.event = read_again(capacity.event)
        if WaitingState.OFFERED in states:
            self.end_offers(capacity)
        if states:
            decisions = [one for one in self.simulate(capacity).decisions() if is_news(one)]
            decisions.sort(key=lambda one: one.step != Step.LET_GO)  # what goes on is free for those who follow
            entries = self.in_bulk([one.party.key for one in decisions])
            for one in decisions:
                if one.step == Step.OFFER and made == AT_ONCE:
                    for quota in capacity.quotas_of[one.party.type]:
                        capacity.owed[quota] += one.count - one.party.gathered  # which are taken already
                else:
                    made += self.carry_out(one, entries[one.party.key], capacity)
        if capacity.owed:
            capacity.event.serve_waitlist_at(capacity.now)
        capacity.freed.clear()
        return made

    def carry_out(self, decision: Decision, entry: Any, capacity: Capacity) -> bool:
        """Do what was decided. Returns whether it was an offer; one that is refused stops no other."""
        entry.under(capacity)
        try:
            with transaction.atomic():
                if decision.step == Step.LET_GO:
                    entry.pass_on()
                elif decision.step == Step.GATHER:
                    entry.gather(decision.count, decision.until)
                else:
                    entry.make_offer(decision)
        except Refused as refusal:
            log.warning("passed over party %s on the waitlist of event %s: %s", entry.pk, capacity.event.pk, refusal)
            capacity.read_uses()
            return False
        return decision.step == Step.OFFER

    def end_offers(self, capacity: Capacity) -> None:
        """End the offers that are held no longer, and let none last beyond the sale as it is now."""
        ends = offers_end_at(capacity.event, capacity.now)
        for entry in self.offered().select_related("offer"):
            entry.under(capacity)
            if capacity.event.state == EventState.CANCELLED:
                entry.close()
            elif entry.was_given_back():
                entry.leave()
            elif not entry.is_offer_open(capacity.now) or entry.type_id not in ends:
                entry.lapse()
            elif entry.offer.expires_at > ends[entry.type_id]:
                entry.bring_forward(ends[entry.type_id])


def read_again(event: Any) -> Any:
    """The event as it is under the lock: who waited for the lock may have read it before it was changed."""
    return type(event)._base_manager.select_related("hall__airport").get(pk=event.pk)


def offers_end_at(event: Any, now: datetime) -> dict[int, datetime]:
    """Until when an offer of each ticket type may last at most; without those that are not on sale now."""
    if not event.is_on_sale(now) or event.starts_at <= now:
        return {}
    ends = min(event.sale_ends_at, event.starts_at)
    types = [type_ for type_ in event.types.all() if type_.is_on_sale(now) and not type_.is_hidden]
    return {type_.pk: min(type_.sale_until or ends, ends) for type_ in types}


def is_news(decision: Decision) -> bool:
    """Whether it changes anything: a party that waits on does not, nor a gathering to which nothing is added."""
    if decision.step == Step.GATHER:
        return decision.count > decision.party.gathered
    return decision.step in (Step.OFFER, Step.LET_GO)


def parties_of(entries: models.QuerySet[Any], capacity: Capacity) -> list[Party]:
    columns = ("pk", "type", "size", "made_at", "least", "gathers_until", "passed_on_at")
    rows = list(entries.values_list(*columns))
    gathered = gathered_by(capacity) if rows else Counter()
    return [
        Party(pk, type_, size, made_at, least, gathered[pk], until if gathered[pk] else None, passed_on_at)
        for pk, type_, size, made_at, least, until, passed_on_at in rows
    ]


def gathered_by(capacity: Capacity) -> Counter[int]:
    """How many places are gathered for each entry, by its key."""
    if not any(uses[Use.GATHERED] for uses in capacity.by_type.values()):
        return Counter()
    rows = Place.objects.filter(event=capacity.event.pk, use=Use.GATHERED).order_by()
    return Counter(dict(rows.values_list("entry").annotate(models.Count("pk"))))
