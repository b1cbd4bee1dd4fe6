"""Who is inside a hall: with a ticket, and without one where a door without a network let somebody in."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.db import models

from bookings.events.models.door_rules import Passage, count
from bookings.events.models.halls import Hall
from bookings.events.models.tickets import Ticket
from once import OnceQuerySet

LINGER = timedelta(hours=1)  # after the end of an event: how long people who left unscanned count as inside


class Strangers(NamedTuple):
    """People inside on a code that is no ticket's of their event. ``list_id``: the list of the first scan of it."""

    code: str
    list_id: int
    people: int


class InsideQuerySet(OnceQuerySet[Any]):
    """Of scans."""

    def inside(self, hall: Hall, now: datetime) -> int:
        """How many people are inside a hall, over all its doors and events. Those of an event that has ended a while ago
        have gone home, whether or not somebody scanned them."""
        return self.inside_of(hall.events.filter(ends_at__gt=now - LINGER).values_list("pk", flat=True))

    def inside_of(self, events: Iterable[int]) -> int:
        """How many people are inside for these events, given by their keys."""
        keys = list(events)
        with_tickets = Ticket.objects.filter(event__in=keys, is_inside=True)
        people: int = with_tickets.aggregate(people=models.Sum("people_inside"))["people"] or 0
        return people + sum(strangers.people for strangers in self.strangers(keys))

    def strangers(self, events: Iterable[int]) -> list[Strangers]:
        rows = self.filter(list__event__in=events, ticket=None, let_in=True).select_related("list")
        found = []
        for _code, group in groupby(rows.order_by("list__event", "code", "scanned_at", "key"), of_whom):
            scans = list(group)
            passages = (Passage(scan.pk, scan.way, scan.list_id, True) for scan in scans)
            found.append(Strangers(scans[0].code, scans[0].list_id, count(passages).people))
        return found

    def is_full(self, hall: Hall, now: datetime) -> bool:
        return hall.fire_limit is not None and self.inside(hall, now) >= hall.fire_limit

    def is_over(self, hall: Hall, now: datetime) -> bool:
        return hall.fire_limit is not None and self.inside(hall, now) > hall.fire_limit


def of_whom(scan: Any) -> tuple[int, str]:
    return scan.list.event_id, scan.code
