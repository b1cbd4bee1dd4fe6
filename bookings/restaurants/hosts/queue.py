"""Who waits: at the door for a table now, and on the waitlist of a day for a time that is full."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from bookings.restaurants.models import QueueEntry, WaitlistEntry
from bookings.restaurants.models.forecast import TableForecast
from bookings.restaurants.models.slots import moment_of
from clocks import clock


class QueueRow(NamedTuple):
    """A party at the door. ``wait``: the minutes that it was told, counted down, and then up."""

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
    name: str
    party: int
    phone: str
    begins: str
    ends: str
    state: str
    is_offered: bool


def queue_rows(restaurant, now):
    forecast = TableForecast(restaurant, now)
    waiting = QueueEntry.objects.filter(restaurant=restaurant, state__in=QueueEntry.WAITS)
    return [queue_row(entry, number, forecast) for number, entry in enumerate(waiting, 1)]


def queue_row(entry, number, forecast):
    tz = forecast.restaurant.tz
    left = -((forecast.now - entry.quoted_until).total_seconds() // 60)
    ready = forecast.ready.get(entry.pk)
    return QueueRow(
        id=entry.pk,
        restaurant=forecast.restaurant.slug,
        number=number,
        name=entry.name,
        party=entry.party,
        notes=entry.notes,
        joined=clock(entry.joined_at, tz),
        wait=wait_label(int(left)),
        is_over=left < 0,
        is_called=entry.state == QueueEntry.State.CALLED,
        table_at=table_at(ready, forecast.now, tz),
    )


def wait_label(left):
    if left < 0:
        return _("%(n)s min over") % {"n": -left}
    return _("%(n)s min") % {"n": left} if left else _("now")


def table_at(ready, now, tz):
    if ready is None:
        return ""
    if ready <= now:
        return _("a table is free")
    return _("table about %(time)s") % {"time": clock(ready, tz)}


def waitlist_of(restaurant, day):
    waitlist = WaitlistEntry.objects.filter(
        restaurant=restaurant, day=day, state__in=(WaitlistEntry.State.WAITING, WaitlistEntry.State.OFFERED)
    ).order_by("made_at", "pk")
    return [waitlist_row(entry, restaurant.tz) for entry in waitlist]


def waitlist_row(entry, tz):
    return WaitlistRow(
        name=entry.name,
        party=entry.party,
        phone=entry.phone,
        begins=clock(moment_of(entry.first), tz),
        ends=clock(moment_of(entry.last), tz),
        state=str(WaitlistEntry.State(entry.state).label),
        is_offered=entry.state == WaitlistEntry.State.OFFERED,
    )
