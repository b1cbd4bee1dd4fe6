"""The places of many events, read with three queries: so that a list, a calendar and an event's page show the same number."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count

from bookings.events.models import Capacity, Event, Place, Quota, TicketType, Use


class Reading(Capacity):
    """As ``Capacity.read``, from rows that were read already."""

    def __init__(self, event: Event, now: datetime) -> None:
        self.event, self.now, self.is_locked = event, now, False
        self.quotas: dict[int, Quota] = {}
        self.quotas_of: dict[int, list[int]] = {}
        self.by_type: dict[int, Counter[str]] = {}

    def together(self, types: Iterable[int], wanted: Mapping[int, int] | None = None) -> dict[int, int]:
        """How many of each type could be had in one registration; of ``wanted``, no more than that of each.

        Types that share a quota share its places. Never more than there are; where quotas overlap crosswise, it may be fewer.
        """
        return self.packed({quota: max(0, self.free(quota)) for quota in self.quotas}, types, wanted)

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
    return read_many([event], now, own, voucher)[event.pk]


def read_many(events: Iterable[Event], now: datetime, own: Any = None, voucher: Any = None) -> dict[int, Reading]:
    """The places of these events at one moment."""
    found = {event.pk: Reading(event, now) for event in events}
    for quota in Quota.objects.filter(event__in=found).order_by("pk"):
        found[quota.event_id].quotas[quota.pk] = quota
    links = TicketType.quotas.through.objects.filter(quota__event__in=found)
    for event, type_, quota_key in links.values_list("quota__event", "tickettype", "quota"):
        found[event].quotas_of.setdefault(type_, []).append(quota_key)
    places = Place.objects.filter(event__in=found).counted(now).order_by()
    if own is not None:
        places = places.exclude(registration=own)
    if voucher is not None:
        places = places.exclude(voucher=voucher, counts_as=Use.RESERVED)
    for event, type_, use, count in places.values_list("event", "type", "counts_as").annotate(Count("pk")):
        found[event].by_type.setdefault(type_, Counter())[use] = count
    return found
