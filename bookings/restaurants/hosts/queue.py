"""Parties that wait: in the queue for a table now, and on the waitlist of a day for a time that is full."""

from datetime import date, datetime, tzinfo
from typing import NamedTuple

from django.utils.translation import gettext as _

from bookings.restaurants.hosts.status import Status, minutes_since
from bookings.restaurants.models import QueueEntry, Restaurant, WaitlistEntry
from bookings.restaurants.models.forecast import TableForecast
from bookings.restaurants.models.slots import moment_of
from clocks import clock

TONES = {
    QueueEntry.State.CALLED: "go",
    QueueEntry.State.SEATED: "good",
    WaitlistEntry.State.OFFERED: "go",
    WaitlistEntry.State.BOOKED: "good",
}


class QueueRow(NamedTuple):
    """A party in the queue. ``wait`` is its quoted wait, which counts down, and then up."""

    id: int
    restaurant: str
    number: int
    name: str
    party: int
    notes: str
    joined: str
    wait: str
    is_over: bool
    is_called: bool
    table_at: str


class WaitlistRow(NamedTuple):
    """A party on the waitlist, which would come between two times."""

    id: int
    name: str
    party: int
    phone: str
    begins: str
    ends: str
    status: Status


def queue_rows(restaurant: Restaurant, now: datetime) -> list[QueueRow]:
    forecast = TableForecast(restaurant, now)
    return [queue_row(entry, number, forecast) for number, entry in enumerate(restaurant.queue.waiting(), 1)]


def queue_row(entry: QueueEntry, number: int, forecast: TableForecast) -> QueueRow:
    tz = forecast.restaurant.tz
    left = minutes_left(entry, forecast.now)
    return QueueRow(
        id=entry.pk,
        restaurant=forecast.restaurant.slug,
        number=number,
        name=entry.name,
        party=entry.party,
        notes=entry.notes,
        joined=clock(entry.joined_at, tz),
        wait=wait_label(left),
        is_over=left < 0,
        is_called=entry.state == QueueEntry.State.CALLED,
        table_at=table_at(forecast.ready.get(entry.pk), forecast.now, tz),
    )


def minutes_left(entry: QueueEntry, now: datetime) -> int:
    """Of the quoted wait; below 0 once it is over."""
    return -minutes_since(entry.quoted_until, now)


def wait_label(left: int) -> str:
    if left < 0:
        return _("%(n)s min over") % {"n": -left}
    return _("%(n)s min") % {"n": left} if left else _("now")


def table_at(ready: datetime | None, now: datetime, tz: tzinfo) -> str:
    if ready is None:
        return ""
    if ready <= now:
        return _("a table is free")
    return _("table about %(time)s") % {"time": clock(ready, tz)}


def queue_status(entry: QueueEntry, now: datetime) -> Status:
    """The state of a queue entry, and how much of its quoted wait is left."""
    state = QueueEntry.State(entry.state)
    left = minutes_left(entry, now)
    if state not in QueueEntry.WAITS:
        return Status(str(state.label), TONES.get(state, "calm"))
    return Status(str(state.label), TONES.get(state, "calm"), wait_label(left), is_overdue=left < 0)


def waitlist_status(entry: WaitlistEntry) -> Status:
    """The state of a waitlist entry, and until when its offer is held."""
    state = WaitlistEntry.State(entry.state)
    is_held = state == WaitlistEntry.State.OFFERED and entry.offer and entry.offer.expires_at
    until = clock(entry.offer.expires_at, entry.restaurant.tz) if is_held else ""
    return Status(str(state.label), TONES.get(state, "calm"), _("until %(time)s") % {"time": until} if until else "")


def waitlist_of(restaurant: Restaurant, day: date) -> list[WaitlistRow]:
    """The parties that wait for a table on a day, first come first."""
    states = (WaitlistEntry.State.WAITING, WaitlistEntry.State.OFFERED)
    entries = restaurant.waitlist.filter(day=day, state__in=states).select_related("restaurant__airport", "offer")
    return [waitlist_row(entry) for entry in entries]


def waitlist_row(entry: WaitlistEntry) -> WaitlistRow:
    tz = entry.restaurant.tz
    return WaitlistRow(
        id=entry.pk,
        name=entry.name,
        party=entry.party,
        phone=entry.phone,
        begins=clock(moment_of(entry.first), tz),
        ends=clock(moment_of(entry.last), tz),
        status=waitlist_status(entry),
    )
