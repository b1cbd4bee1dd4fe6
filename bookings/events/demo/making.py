"""How the demo makes an event: published, with its quotas, ticket types and check-in lists."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet

from bookings.events.demo.halls import hall
from bookings.events.demo.people import staff
from bookings.events.models import Event, Quota, TicketType
from local_times import moment_at
from pages.nav import home_zone


class Type(NamedTuple):
    """A ticket type; ``quotas`` by name."""

    name: str
    price: int
    quotas: Sequence[str]
    about: str = ""
    fields: Mapping[str, Any] = {}


def make(
    slug: str,
    where: str,
    starts_at: datetime,
    length: timedelta,
    quotas: Mapping[str, int],
    types: Sequence[Type],
    organisers: Sequence[str],
    lists: Mapping[str, Sequence[str]],
    **fields: Any,
) -> Event:
    """A new event. ``lists``: the ticket types of each check-in list, none for all. ``organisers``: names of accounts."""
    event = Event.objects.create(
        slug=slug, hall=hall(where), starts_at=starts_at, ends_at=starts_at + length, currency="USD", **fields
    )
    event.organisers.set([user for name in organisers if (user := staff(name))])
    event.door_staff.set([user for name in ["door"] if (user := staff(name))])
    made = {name: Quota.objects.create(event=event, name=name, size=size) for name, size in quotas.items()}
    for position, type_ in enumerate(types):
        row = TicketType.objects.create(
            event=event, name=type_.name, price=type_.price, about=type_.about, position=position, **type_.fields
        )
        row.quotas.set([made[name] for name in type_.quotas])
    for position, (name, of) in enumerate(lists.items()):
        event.lists.create(name=name, position=position).types.set(event.types.filter(name__in=of))
    event.publish(by=staff("organiser"))
    return event


def events_named(name: str) -> QuerySet[Event]:
    """The events that the demo has made under this name, one after another."""
    return Event.objects.public().select_related("hall__airport").filter(slug__startswith=f"{name}-")


def moment_on(now: datetime, days: int, at: time) -> datetime:
    """A time of day, so many days from now."""
    zone = home_zone()
    local = datetime.combine((now.astimezone(zone) + timedelta(days=days)).date(), at)
    return moment_at(local, zone)


def slug_of(name: str, starts_at: datetime) -> str:
    """Such as layover-talks-nov-27, with a number where there is one already."""
    slug = f"{name}-{starts_at.astimezone(home_zone()):%b-%d}".lower()
    taken = events_named(name).filter(slug__startswith=slug).count()
    return f"{slug}-{taken + 1}" if taken else slug
