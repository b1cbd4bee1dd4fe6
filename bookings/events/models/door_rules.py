"""What decides at a door, without the database: whether a ticket is valid there, and what its scans add up to."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.events.models.events import EventState
from bookings.events.models.states import State


class Way(models.TextChoices):
    ENTRY = "entry", pgettext_lazy("at a door", "Entry")
    EXIT = "exit", pgettext_lazy("at a door", "Exit")


class Reason(models.TextChoices):
    """Why a scan lets nobody in; the words of pretix's API where they are the same."""

    INVALID = "invalid", _("There is no such ticket.")
    UNPAID = "unpaid", _("This ticket is not paid.")
    UNAPPROVED = "unapproved", _("The organiser has not approved this ticket yet.")
    CANCELED = "canceled", _("This ticket is cancelled.")
    INVALID_TIME = "invalid_time", _("This list is not open now.")
    ALREADY_REDEEMED = "already_redeemed", _("This ticket is inside already.")
    RULES = "rules", _("Nobody may come back in on this list.")
    PRODUCT = "product", _("This ticket is for another door.")
    FULL = "full", _("The hall is full: nobody may enter until somebody leaves.")
    NOT_INSIDE = "not_inside", _("This ticket had no entry before.")  # of an exit, which is recorded all the same


STATES = {
    State.CONFIRMED: "",
    State.UNPAID: Reason.UNPAID,
    State.PENDING: Reason.UNAPPROVED,
    State.HELD: Reason.INVALID,  # nobody has sent the form: there is no ticket yet
    State.OFFERED: Reason.INVALID,
}


def reason_of_ticket(ticket: Any, at: datetime) -> str:
    """Why a ticket is worth nothing at that time, whatever the door; "" where it is valid."""
    was_cancelled = ticket.cancelled_at is not None and ticket.cancelled_at <= at
    if was_cancelled or ticket.event.state == EventState.CANCELLED:
        return Reason.CANCELED
    if ticket.cancelled_at is not None:  # later: it was valid then
        return ""
    return STATES.get(State(ticket.registration.state), Reason.CANCELED)


def reason_of_list(list_: Any, ticket: Any, types: frozenset[int]) -> str:
    """Why a ticket is for another door. ``types``: the list's ticket types, none for all."""
    is_here = ticket.event_id == list_.event_id and (not types or ticket.type_id in types)
    return "" if is_here else Reason.PRODUCT


def reason_of_time(list_: Any, at: datetime) -> str:
    is_early = list_.opens_at is not None and at < list_.opens_at
    is_late = list_.closes_at is not None and at >= list_.closes_at
    return Reason.INVALID_TIME if is_early or is_late else ""


class Passage(NamedTuple):
    """What the count needs of a scan at which somebody went through a door."""

    pk: int
    way: str
    list: int
    allows_reentry: bool


class Count(NamedTuple):
    """What the passages of one ticket add up to. ``people``: inside on it now. ``twice``: the entries of several people at
    once. ``returned``: entries by lists that let nobody back in. ``of_nobody``: exits when nobody was inside on it."""

    people: int
    twice: frozenset[int]
    returned: frozenset[int]
    of_nobody: frozenset[int]


def count(passages: Iterable[Passage]) -> Count:
    """Walk the passages in the order in which they happened, whatever the order in which the server heard of them.

    An exit without an entry counts for nobody: fewer than none are never inside.
    """
    inside: list[int] = []  # entries that nobody has left after
    entered: set[int] = set()  # lists
    twice: set[int] = set()
    returned: set[int] = set()
    of_nobody: set[int] = set()
    for passage in passages:
        if passage.way == Way.EXIT:
            if not inside:
                of_nobody.add(passage.pk)
            inside = inside[:-1]
            continue
        if inside:
            twice.update([*inside, passage.pk])
        elif passage.list in entered and not passage.allows_reentry:
            returned.add(passage.pk)
        inside.append(passage.pk)
        entered.add(passage.list)
    return Count(len(inside), frozenset(twice), frozenset(returned), frozenset(of_nobody))


class Sync(NamedTuple):
    """When a device heard the server's time last: the server's clock and the device's at that moment."""

    server: datetime
    device: datetime


TOLERANCE = timedelta(seconds=2)  # by which two measures of one clock differ, the network included


def moment_of(
    device_at: datetime,
    sent_at: datetime,
    received_at: datetime,
    sync: Sync | None = None,
    since_sync: timedelta | None = None,
) -> datetime:
    """When a scan was made, by the server's clock. ``device_at`` and ``sent_at`` are of the device's clock.

    Three measures: the clock's offset at the last sync, its offset now, and the time since the sync by a clock that nobody
    can set (``since_sync``; it may stand still while the device sleeps). Where both offsets agree nobody has set the
    clock, and it is right but for the offset. Where they differ it was set since, and the other clock is believed.
    """
    now = received_at - sent_at
    if sync is None:
        found = device_at + now
    else:
        then = sync.server - sync.device
        if abs(then - now) <= TOLERANCE:
            found = device_at + then
        elif since_sync is not None:
            found = sync.server + since_sync
        else:
            found = device_at + then if device_at + then <= received_at else device_at + now
        found = max(found, sync.server)
    return min(found, received_at)
