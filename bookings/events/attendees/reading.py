"""The places of many events, read with few queries: so that a list, a calendar and an event's page show the same number."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import cached_property

from bookings.events.models import Capacity, Event, Place, Quota, TicketType, Use, WaitlistEntry
from bookings.events.models.serving import Simulation


class Reading(Capacity):
    """As ``Capacity.read``, from rows that were read already.

    ``mine``: places of each type that are used, and count as free for the reader; nobody who waits could be given them.
    """

    def __init__(self, event: Event, now: datetime) -> None:
        self.event, self.now, self.is_locked = event, now, False
        self.quotas: dict[int, Quota] = {}
        self.quotas_of: dict[int, list[int]] = {}
        self.by_type: dict[int, Counter[str]] = {}
        self.mine: Counter[int] = Counter()
        self.is_waited_for = False

    @cached_property
    def after_waitlist(self) -> Simulation:
        """What is left once everybody who waits was given what fits. Without such people it is what is free."""
        if not self.is_waited_for:
            free = {quota: self.free(quota) for quota in self.quotas}
            return Simulation([], free, self.quotas_of, {}, {}, self.now, timedelta(), timedelta())
        found: Simulation = self.event.waitlist.simulate(self.for_others())
        for type_, count in self.mine.items():
            found.take(type_, -count)
        return found

    def for_others(self) -> "Reading":
        """The same places, without those that are free for the reader only."""
        found = Reading(self.event, self.now)
        found.quotas, found.quotas_of = self.quotas, self.quotas_of
        found.by_type = {type_: uses.copy() for type_, uses in self.by_type.items()}
        for type_, count in self.mine.items():
            found.by_type.setdefault(type_, Counter())[Use.HELD] += count
        return found

    def together(self, types: Iterable[int], wanted: Mapping[int, int] | None = None) -> dict[int, int]:
        """How many of each type anybody could have in one registration; of ``wanted``, no more than that of each.

        Types that share a quota share its places. Never more than there are; where quotas overlap crosswise, it may be fewer.
        """
        left = self.after_waitlist.free
        return self.packed({quota: max(0, min(self.free(quota), left[quota])) for quota in self.quotas}, types, wanted)

    def most_together(self, types: Iterable[int]) -> dict[int, int]:
        """The same of an event for which nobody has registered yet."""
        return self.packed({quota.pk: quota.size for quota in self.quotas.values()}, types)

    def packed(
        self, rest: dict[int, int], types: Iterable[int], wanted: Mapping[int, int] | None = None
    ) -> dict[int, int]:
        found = {}
        for type_ in sorted(types, key=lambda type_: len(self.quotas_of.get(type_, ()))):
            most = min((rest[quota] for quota in self.quotas_of.get(type_, ())), default=0)
            found[type_] = most if wanted is None else min(most, wanted.get(type_, 0))
            for quota in self.quotas_of.get(type_, ()):
                rest[quota] -= found[type_]
        return found


def read(event: Event, now: datetime, own: Any = None, voucher: Any = None) -> Reading:
    """The places of an event. Those of ``own``, a registration, and those that a voucher reserves count as free."""
    found = read_many([event], now)[event.pk]
    mine = Place.objects.filter(event=event.pk).counted(now).order_by()
    if own is not None or voucher is not None:
        is_mine = Q(registration=own, registration__isnull=False) | Q(voucher=voucher, counts_as=Use.RESERVED)
        for type_, use, count in mine.filter(is_mine).values_list("type", "counts_as").annotate(Count("pk")):
            found.by_type[type_][use] -= count
            found.mine[type_] += count
    return found


def read_many(events: Iterable[Event], now: datetime) -> dict[int, Reading]:
    """The places of these events at one moment."""
    found = {event.pk: Reading(event, now) for event in events}
    links: Any = TicketType.quotas.through.objects.filter(quota__event__in=found)
    for link in links.select_related("quota").order_by("quota", "pk"):  # a quota without a type sells nothing
        places = found[link.quota.event_id]
        places.quotas[link.quota_id] = link.quota
        places.quotas_of.setdefault(link.tickettype_id, []).append(link.quota_id)
    rows = Place.objects.filter(event__in=found).counted(now).order_by()
    for event, type_, use, count in rows.values_list("event", "type", "counts_as").annotate(Count("pk")):
        found[event].by_type.setdefault(type_, Counter())[use] = count
    for event in WaitlistEntry.objects.waiting().filter(event__in=found).order_by().values_list("event", flat=True):
        found[event].is_waited_for = True
    return found
