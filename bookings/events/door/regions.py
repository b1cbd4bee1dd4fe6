"""What all doors of an event see, live: how many are inside, over all doors, and whether the hall is full. And, for
organisers, what went wrong where doors could not know of each other."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from bookings.events import topics
from bookings.events.door.verdicts import TITLES
from bookings.events.models import Event, Reason, Scan, State, Ticket, Way
from bookings.events.models.inside import LINGER
from clocks import earliest, recent
from live.regions import ListRegion

ENTRY, EXIT = Q(way=Way.ENTRY), Q(way=Way.EXIT) & ~Q(reason=Reason.NOT_INSIDE)


class DoorRow(NamedTuple):
    """``entries`` less ``exits``, over all doors, are the people inside: who comes back is another entry."""

    id: str
    door: str
    entries: int
    exits: int
    last: str


class ListRow(NamedTuple):
    name: str
    admitted: int
    expected: int
    hours: str


class DoorTotals(ListRegion):
    """Totals of an event, of its doors and of its lists. The same for all who stand at its doors."""

    path = "events/<slug:slug>/door/"
    template, row_template = "events/door/_totals.html", "events/door/_totals_row.html"
    row_prefix = "door-"
    slug: str

    def allows(self, user: Any) -> bool:
        return Event.objects.with_door_of(user).filter(slug=self.slug).exists()

    @cached_property
    def event(self) -> Event:
        return Event.objects.named(self.slug)

    def topics(self) -> list[str]:
        return [
            topics.door(self.event.pk),
            topics.hall(self.event.hall_id),
            topics.places(self.event.pk),
            topics.events(),
        ]

    @property
    def passages(self) -> Any:
        return Scan.objects.filter(list__event=self.event, let_in=True).order_by()

    def context(self) -> dict[str, Any]:
        now, hall = timezone.now(), self.event.hall
        in_hall = Scan.objects.inside(hall, now)
        unseen = Scan.objects.conflicts(self.event).filter(seen_at=None)
        return {
            "event": self.event,
            "hall": hall,
            "inside": Scan.objects.inside_of([self.event.pk]),
            "in_hall": in_hall,
            "limit": hall.fire_limit,
            "is_full": hall.fire_limit is not None and in_hall >= hall.fire_limit,
            "admitted": self.passages.filter(ENTRY).aggregate(people=Count("ticket", distinct=True))["people"],
            "expected": expected(self.event).count(),
            "all_doors": self.passages.aggregate(entries=Count("pk", ENTRY), exits=Count("pk", EXIT)),
            "lists": self.lists(now),
            "conflicts": unseen.values("ticket", "code").distinct().count(),
        }

    def lists(self, now: datetime) -> list[ListRow]:
        admitted = dict(self.passages.filter(ENTRY).values_list("list").annotate(people=Count("ticket", distinct=True)))
        of_type = dict(expected(self.event).order_by().values_list("type").annotate(tickets=Count("pk")))
        rows = []
        for list_ in self.event.lists.prefetch_related("types"):
            types = [type_.pk for type_ in list_.types.all()] or list(of_type)
            count = sum(of_type.get(type_, 0) for type_ in types)
            rows.append(ListRow(list_.name, admitted.get(list_.pk, 0), count, self.hours(list_, now)))
        return rows

    def hours(self, list_: Any, now: datetime) -> str:
        """Whether a list is open, in words; "" where it always is."""
        if list_.opens_at and now < list_.opens_at:
            return _("Opens %(time)s") % {"time": recent(list_.opens_at, self.event.tz)}
        if list_.closes_at and now >= list_.closes_at:
            return _("Closed since %(time)s") % {"time": recent(list_.closes_at, self.event.tz)}
        return _("Open until %(time)s") % {"time": recent(list_.closes_at, self.event.tz)} if list_.closes_at else ""

    def rows(self) -> list[DoorRow]:
        doors = self.passages.values("door").annotate(
            entries=Count("pk", ENTRY), exits=Count("pk", EXIT), last=Max("scanned_at")
        )
        return [
            DoorRow(
                blake2b(row["door"].encode(), digest_size=6).hexdigest(),
                row["door"] or _("Everybody has left"),
                row["entries"],
                row["exits"],
                recent(row["last"], self.event.tz),
            )
            for row in sorted(doors, key=lambda row: row["door"])
        ]

    def stale_at(self, now: datetime) -> datetime | None:
        hours = [moment for list_ in self.event.lists.all() for moment in (list_.opens_at, list_.closes_at)]
        ends = [event.ends_at + LINGER for event in self.event.hall.events.filter(ends_at__gt=now - LINGER)[:20]]
        return earliest(*(moment for moment in [*hours, *ends] if moment and moment > now))


def expected(event: Event) -> Any:
    """The tickets that may come."""
    return Ticket.objects.filter(event=event, cancelled_at=None, registration__state=State.CONFIRMED)


class Incident(NamedTuple):
    """One scan of a conflict: its time, its door, the member of staff, and the verdict of the rules."""

    time: str
    way: str
    door: str
    by: str
    was_queued: bool
    let_in: bool
    reason: str


class ConflictRow(NamedTuple):
    id: str
    ticket: int | None
    code: str
    slug: str
    name: str
    type: str
    inside: int
    is_seen: bool
    incidents: tuple[Incident, ...]


class Conflicts(ListRegion):
    """What happened at the doors and should not have: for each ticket all its scans, in the order in which they were made."""

    path = "events/<slug:slug>/door/conflicts/"
    template, row_template = "events/door/_conflicts.html", "events/door/_conflict.html"
    row_prefix = "conflict-"
    slug: str

    def allows(self, user: Any) -> bool:
        return Event.objects.of(user).filter(slug=self.slug).exists()

    @cached_property
    def event(self) -> Event:
        return Event.objects.named(self.slug)

    def topics(self) -> list[str]:
        return [topics.door(self.event.pk), topics.guests(self.event.pk)]

    def context(self) -> dict[str, Any]:
        return {"unseen": Scan.objects.conflicts(self.event).filter(seen_at=None).exists()}

    def rows(self) -> list[ConflictRow]:
        wrong = Scan.objects.conflicts(self.event)
        tickets = wrong.exclude(ticket=None).values("ticket")
        of_tickets = Scan.objects.filter(ticket__in=tickets).order_by("ticket", "scanned_at", "key")
        of_nobody = wrong.filter(ticket=None).order_by("code", "scanned_at", "key")
        rows = [*self.grouped(of_tickets), *self.grouped(of_nobody)]
        return sorted(rows, key=lambda row: (row.is_seen, row.incidents[0].time, row.id))

    def grouped(self, scans: Any) -> Iterable[ConflictRow]:
        scans = scans.select_related("ticket__type", "by", "list")
        for (ticket, code), group in groupby(scans, key=lambda scan: (scan.ticket_id, scan.code)):
            made = list(group)
            who = made[0].ticket
            yield ConflictRow(
                str(ticket) if ticket else blake2b(code.encode(), digest_size=6).hexdigest(),
                ticket,
                code,
                self.slug,
                str(who) if who else _("No ticket of this event: %(code)s") % {"code": code},
                who.type.name if who else "",
                who.people_inside if who else 0,
                all(scan.seen_at for scan in made if scan.is_conflict),
                tuple(map(self.incident, made)),
            )

    def incident(self, scan: Scan) -> Incident:
        return Incident(
            f"{recent(scan.scanned_at, self.event.tz)}:{scan.scanned_at:%S}",
            str(Way(scan.way).label),
            scan.door,
            str(scan.by or ""),
            scan.was_queued,
            scan.let_in,
            str(TITLES[Reason(scan.reason)]) if scan.reason else "",
        )
