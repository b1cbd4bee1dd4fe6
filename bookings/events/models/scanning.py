"""How a scan is recorded: online, where the server decides; or later, where the door has decided without it.

    Scan.objects.press(Press(list_, ticket.pk, key, "North", user))                     # online
    Scan.objects.take_in(press, Queued(let_in=True, at=…, device_at=…))                 # of a device's queue

Both lock the hall first: who is inside is one question for all its doors and events.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from bookings.events import topics
from bookings.events.models.door_rules import (
    Passage,
    Reason,
    Way,
    count,
    reason_of_list,
    reason_of_ticket,
    reason_of_time,
)
from bookings.events.models.halls import Hall
from bookings.events.models.inside import InsideQuerySet
from bookings.events.models.tickets import Ticket
from live.outbox import publish

CODE = 64  # characters that are kept of a code that is no ticket's of this event
SHOULD_NOT = (  # what makes an entry a conflict by itself, whatever the other scans of its ticket are
    Reason.INVALID,
    Reason.UNPAID,
    Reason.UNAPPROVED,
    Reason.CANCELED,
    Reason.INVALID_TIME,
    Reason.PRODUCT,
    Reason.FULL,
)


@dataclass(frozen=True)
class Press:
    """What was scanned, where, and by which member of staff. ``ticket``: its key; None where the code is no ticket's."""

    list: Any
    ticket: int | None
    key: UUID
    door: str
    by: Any = None
    way: str = Way.ENTRY
    code: str = field(default="", repr=False)


class Queued(NamedTuple):
    """What a device says of a scan that it could not send: what happened at the door, and when. ``at`` is corrected."""

    let_in: bool
    at: datetime
    device_at: datetime
    reason: str = ""  # why the door let nobody in


class ScanQuerySet(InsideQuerySet):
    def press(self, press: Press, now: datetime | None = None) -> Any:
        """Decide, and record it. The same key gives the first scan again. Raises KeyUsed where it was for something else."""
        with transaction.atomic():
            hall, now = lock_hall(press.list), now or timezone.now()
            press, ticket = as_recorded(press)
            if made := self.made_before(press):
                return made
            reason, earlier = self.decide(press, ticket, hall, now)
            let_in = reason in ("", Reason.NOT_INSIDE)
            if press.ticket and let_in:
                if press.way == Way.EXIT:
                    leave(ticket)
                elif not enter(ticket):  # behind the lock and the look: whatever went wrong, nobody enters twice
                    let_in, reason, earlier = False, Reason.ALREADY_REDEEMED, self.entry_of(ticket)
            scan = self.model(**values_of(press), let_in=let_in, reason=reason, earlier=earlier)
            scan.scanned_at = scan.received_at = now
            scan.save(force_insert=True)
            publish(topics.door(press.list.event_id), topics.hall(hall.pk))
            return scan

    def take_in(self, press: Press, queued: Queued, now: datetime | None = None) -> Any:
        """Record what happened at a door without the server, as it happened. What should not have is a conflict.

        The same key gives the first scan again. Where the server had decided that scan, and its answer did not arrive,
        what happened at the door counts.
        """
        with transaction.atomic():
            hall, now = lock_hall(press.list), now or timezone.now()
            press, ticket = as_recorded(press)
            scan = self.made_before(press)
            if scan and (scan.was_queued or scan.let_in == queued.let_in):
                return scan
            if not scan:
                scan = self.model(**values_of(press), scanned_at=queued.at, received_at=now)
            scan.was_queued, scan.let_in, scan.reason = True, queued.let_in, queued.reason
            scan.device_at = queued.device_at
            scan.offset_ms = (queued.at - queued.device_at) // timedelta(milliseconds=1)
            if queued.let_in:
                scan.reason = reason_against(press, ticket, queued.at) if press.way == Way.ENTRY else ""
                scan.is_conflict = bool(scan.reason)
            scan.save()
            is_more = press.ticket and self.settle(ticket) > ticket.people_inside
            if is_more and self.is_over(hall, now) and not scan.reason:
                self.filter(pk=scan.pk).update(reason=Reason.FULL, is_conflict=True)
            scan.refresh_from_db()
            publish(topics.door(press.list.event_id), topics.hall(hall.pk))
            return scan

    def made_before(self, press: Press) -> Any:
        scope = {"list_id": press.list.pk, "way": press.way, "ticket_id": press.ticket}
        return self.made_with(press.key, **scope, code=code_of(press))

    # Deciding

    def decide(self, press: Press, ticket: Any, hall: Hall, at: datetime) -> tuple[str, Any]:
        """The reason against, "" for none, and the scan that stands in the way."""
        if press.ticket is None:
            is_leaving = press.way == Way.EXIT and self.is_stranger_inside(press)
            return ("" if is_leaving else reason_against(press, ticket, at)), None
        if press.way == Way.EXIT:
            return ("" if ticket.is_inside else Reason.NOT_INSIDE), None
        if reason := reason_against(press, ticket, at):
            return reason, None
        if ticket.is_inside:
            return Reason.ALREADY_REDEEMED, self.entry_of(ticket)
        if not press.list.allows_reentry and (before := self.entries(ticket).filter(list=press.list.pk).last()):
            return Reason.RULES, before
        return (Reason.FULL if self.is_full(hall, at) else ""), None

    def settle(self, ticket: Ticket) -> int:
        """Count anew how many people are inside on this ticket, and which of its scans are conflicts, and return the former.

        All its scans are counted in the order in which they were made, so the order in which devices sent them is nothing.
        """
        passages = list(self.filter(ticket=ticket.pk, let_in=True).select_related("list").order_by("scanned_at", "key"))
        found = count(Passage(one.pk, one.way, one.list_id, one.list.allows_reentry) for one in passages)
        for one in passages:
            before = (one.is_conflict, one.reason)
            is_own = one.was_queued and one.reason in SHOULD_NOT
            if one.way == Way.EXIT:
                one.reason = Reason.NOT_INSIDE if one.pk in found.of_nobody else ""
            elif one.was_queued and not is_own:
                one.reason = Reason.RULES if one.pk in found.returned else ""
            one.is_conflict = is_own or one.pk in found.twice or one.pk in found.returned
            if (one.is_conflict, one.reason) != before:
                one.save(update_fields=["is_conflict", "reason"])
        Ticket.objects.filter(pk=ticket.pk).update(is_inside=found.people > 0, people_inside=found.people)
        return found.people

    # Reading

    def is_stranger_inside(self, press: Press) -> bool:
        """Whether a person without a ticket is inside with what was scanned."""
        with_code = self.filter(code=code_of(press)).strangers([press.list.event_id])
        return any(strangers.people for strangers in with_code)

    def entries(self, ticket: Ticket) -> "ScanQuerySet":
        return self.filter(ticket=ticket.pk, way=Way.ENTRY, let_in=True).order_by("scanned_at", "pk")

    def entry_of(self, ticket: Ticket) -> Any:
        """The last entry with a ticket, or None."""
        return self.entries(ticket).select_related("by").last()

    def conflicts(self, event: Any) -> "ScanQuerySet":
        return self.filter(list__event=event.pk, is_conflict=True)

    # What organisers do

    def mark_seen(self, event: Any, ticket: int | None, code: str = "") -> int:
        """That staff have looked at the conflicts of a ticket, or of a code that is no ticket's. Returns how many."""
        found = self.conflicts(event).filter(ticket=ticket, code=code, seen_at=None)
        number: int = found.update(seen_at=timezone.now())
        if number:
            publish(topics.door(event.pk))
        return number

    def let_all_out(self, event: Any, by: Any = None) -> int:
        """Nobody is inside any more: for the end of an evening, when people leave without being scanned. Returns how many."""
        with transaction.atomic():
            event.hall.lock()
            now, inside = timezone.now(), Ticket.objects.filter(event=event.pk, is_inside=True)
            exits = []
            values = {"way": Way.EXIT, "by": by, "let_in": True, "scanned_at": now, "received_at": now}
            for ticket in inside:
                where = {"list_id": self.entry_of(ticket).list_id, "ticket": ticket}
                exits += [self.model(key=uuid4(), **where, **values) for _person in range(ticket.people_inside)]
            for strangers in self.strangers([event.pk]):
                where = {"list_id": strangers.list_id, "code": strangers.code}
                exits += [self.model(key=uuid4(), **where, **values) for _person in range(strangers.people)]
            self.bulk_create(exits)
            inside.update(is_inside=False, people_inside=0)
            publish(topics.door(event.pk), topics.hall(event.hall_id))
            return len(exits)


def lock_hall(list_: Any) -> Hall:
    hall: Hall = list_.event.hall
    hall.lock()
    return hall


def as_recorded(press: Press) -> tuple[Press, Any]:
    """What is recorded of a press, and the ticket as it is now, under the lock.

    A ticket of another event is none at this door: who comes with it counts as a person without one, by its reference.
    Its code, which opens the other door, is not kept here.
    """
    ticket = Ticket.objects.select_related("event", "registration").filter(pk=press.ticket).first()
    if ticket and ticket.event_id != press.list.event_id:
        press = replace(press, ticket=None, code=f"{ticket.registration.reference}-{ticket.position}")
    return press, ticket


def code_of(press: Press) -> str:
    """What is kept of the code: "" for a ticket of this event."""
    return "" if press.ticket else press.code[:CODE]


def values_of(press: Press) -> dict[str, Any]:
    who = {"ticket_id": press.ticket, "code": code_of(press), "by": press.by}
    return {"key": press.key, "list": press.list, "way": press.way, "door": press.door, **who}


def reason_against(press: Press, ticket: Ticket | None, at: datetime) -> str:
    """The reason against an entry, as far as other scans and people have no part in it."""
    if ticket is None:
        return Reason.INVALID
    here = reason_of_list(press.list, ticket, press.list.type_keys)
    return reason_of_ticket(ticket, at) or here or reason_of_time(press.list, at)


def enter(ticket: Ticket) -> bool:
    """Whether this made the ticket's holder enter: of many at once, for one of them."""
    return bool(Ticket.objects.filter(pk=ticket.pk, is_inside=False).update(is_inside=True, people_inside=1))


def leave(ticket: Ticket) -> None:
    left = max(0, ticket.people_inside - 1)
    Ticket.objects.filter(pk=ticket.pk).update(is_inside=left > 0, people_inside=left)
