"""Who waits: at the door for a table now, and on the waitlist of a day for a time that is full."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from bookings.restaurants.models import Party, Wish
from bookings.restaurants.models.forecast import Evening
from bookings.restaurants.models.slots import moment_of


class QueueRow(NamedTuple):
    """A party at the door. ``wait``: the minutes that it was told, counted down, and then up."""

    id: int
    restaurant: str
    number: int
    name: str
    size: int
    notes: str
    joined: str
    wait: str
    is_over: bool
    is_called: bool
    table_at: str


class WishRow(NamedTuple):
    name: str
    party: int
    phone: str
    begins: str
    ends: str
    state: str
    is_offered: bool


def queue_rows(restaurant, now):
    evening = Evening(restaurant, now)
    waiting = Party.objects.filter(restaurant=restaurant, state__in=Party.WAITS)
    return [queue_row(party, number, evening) for number, party in enumerate(waiting, 1)]


def queue_row(party, number, evening):
    tz = evening.restaurant.tz
    left = -((evening.now - party.quoted_until).total_seconds() // 60)
    ready = evening.ready.get(party.pk)
    return QueueRow(
        id=party.pk,
        restaurant=evening.restaurant.slug,
        number=number,
        name=party.name,
        size=party.size,
        notes=party.notes,
        joined=party.joined_at.astimezone(tz).strftime("%H:%M"),
        wait=told(int(left)),
        is_over=left < 0,
        is_called=party.state == Party.State.CALLED,
        table_at=table_at(ready, evening.now, tz),
    )


def told(left):
    if left < 0:
        return _("%(n)s min over") % {"n": -left}
    return _("%(n)s min") % {"n": left} if left else _("now")


def table_at(ready, now, tz):
    if ready is None:
        return ""
    if ready <= now:
        return _("a table is free")
    return _("table about %(time)s") % {"time": ready.astimezone(tz).strftime("%H:%M")}


def wishes_of(restaurant, day):
    wishes = Wish.objects.filter(
        restaurant=restaurant, day=day, state__in=(Wish.State.WAITING, Wish.State.OFFERED)
    ).order_by("made_at", "pk")
    return [wish_row(wish, restaurant.tz) for wish in wishes]


def wish_row(wish, tz):
    return WishRow(
        name=wish.name,
        party=wish.party,
        phone=wish.phone,
        begins=moment_of(wish.first).astimezone(tz).strftime("%H:%M"),
        ends=moment_of(wish.last).astimezone(tz).strftime("%H:%M"),
        state=str(Wish.State(wish.state).label),
        is_offered=wish.state == Wish.State.OFFERED,
    )
