"""What everybody sees of events: the list, and the places of one, live."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Self

from django.core import signing
from django.utils import timezone
from django.utils.functional import cached_property

from bookings.events import topics
from bookings.events.attendees import left, reading
from bookings.events.models import Event, EventState, Left, Place, Registration, Voucher, WaitlistEntry
from bookings.events.times import when_words
from clocks import clock, day_words, earliest, when
from live.regions import ListRegion, Region

SEEN = "events.seen"  # the salt of what a browser sees beyond others


class EventRow(NamedTuple):
    id: str
    title: str
    subtitle: str
    day: str
    clock: str
    where: str
    city: str
    price: str
    is_cancelled: bool
    is_on: bool  # now
    left: left.Shown


def coming(now: datetime) -> Any:
    """The events that are not over, with what their rows need."""
    return (
        Event.objects.public()
        .filter(ends_at__gt=now)
        .select_related("hall__airport")
        .prefetch_related("types")
        .order_by("starts_at", "pk")
    )


class EventList(ListRegion):
    """The coming events with the places that are left."""

    path, public = "event-list/", True
    template, row_template = "events/attendees/_list.html", "events/attendees/_list_row.html"
    row_prefix = "event-"
    SHOWN = 100

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def events(self) -> list[Event]:
        return list(coming(self.now)[: self.SHOWN])

    def topics(self) -> list[str]:
        return [topics.events(), *(topics.places(event.pk) for event in self.events)]

    def rows(self) -> Iterator[EventRow]:
        readings = reading.read_many(self.events, self.now)
        for event in self.events:
            yield row_of(event, readings[event.pk], self.now)

    def stale_at(self, now: datetime) -> datetime | None:
        types = [type_ for event in self.events for type_ in event.types.all()]
        places = Place.objects.filter(event__in=self.events)
        return earliest(left.next_change(self.events, types, now), places.next_expiry(now))


def row_of(event: Event, found: reading.Reading, now: datetime) -> EventRow:
    return EventRow(
        event.slug,
        event.title,
        event.subtitle,
        day_words(event.day),
        clock(event.starts_at, event.tz),
        f"{event.hall.name}, {event.hall.where}",
        event.hall.airport.city,
        left.price_range(event.types.all(), event.currency),
        event.state == EventState.CANCELLED,
        event.starts_at <= now and event.state != EventState.CANCELLED,
        left.left_of_event(event, found, event.types.all(), now),
    )


class EventAbout(Region):
    """What an event is, when and where: an open page shows at once that it was moved or cancelled."""

    path, public = "event-about/<slug:slug>/", True
    template = "events/attendees/_about.html"
    slug: str

    @cached_property
    def event(self) -> Event:
        return Event.objects.public().named(self.slug)

    def topics(self) -> list[str]:
        return [topics.events()]

    def context(self) -> dict[str, Any]:
        event = self.event
        return {
            "event": event,
            "when": when_words(event),
            "moved_from": when(event.moved_from, event.tz) if event.moved_from else "",
        }


class DraftAbout(EventAbout):
    """The same for the organisers of a draft."""

    path, public = "event-draft-about/<slug:slug>/", False

    @cached_property
    def event(self) -> Event:
        return Event.objects.named(self.slug)

    def allows(self, user: Any) -> bool:
        return Event.objects.of(user).filter(slug=self.slug).exists()


class EventPlaces(Region):
    """The ticket types of an event, and what is left of each."""

    path, public = "event-places/<slug:slug>/", True
    template = "events/attendees/_places.html"
    slug: str
    voucher: Any = None
    own: Any = None  # a registration whose places count as free
    entries: Sequence[WaitlistEntry] = ()  # of the reader, on the waitlist

    @cached_property
    def event(self) -> Event:
        return Event.objects.public().prefetch_related("types").named(self.slug)

    @cached_property
    def places(self) -> reading.Reading:
        return reading.read(self.event, timezone.now(), self.own, self.voucher)

    def as_read(self, places: reading.Reading) -> Self:
        """The same region for a page that has just read these places, of the same event, hold and voucher."""
        self.event, self.places = places.event, places
        return self

    def topics(self) -> list[str]:
        return [topics.events(), topics.places(self.event.pk)]

    def context(self) -> dict[str, Any]:
        found = self.places
        now, event = found.now, self.event
        rows = left.type_rows(event, found, now, self.voucher, self.entries)
        total = left.left_of_event(event, found, event.types.all(), now)
        return {
            "event": event,
            "rows": rows,
            "total": total,
            "has_places": any(row.left.state == Left.FREE for row in rows),
            "is_closed": bool(left.closed_words(event, now)),
        }

    def stale_at(self, now: datetime) -> datetime | None:
        return earliest(left.next_change([self.event], self.event.types.all(), now), self.event.next_expiry(now))


class DraftPlaces(EventPlaces):
    """The same for the organisers of a draft."""

    path, public = "event-draft/<slug:slug>/", False

    @cached_property
    def event(self) -> Event:
        return Event.objects.prefetch_related("types").named(self.slug)

    def allows(self, user: Any) -> bool:
        return Event.objects.of(user).filter(slug=self.slug).exists()


class OwnEventPlaces(EventPlaces):
    """The same for a browser that holds places here, which are not taken for itself, that has a voucher, or that waits.

    ``seen``: what it may see, signed: the keys of its registration and its voucher, 0 for none, and the tokens of its entries.
    """

    path, public, by_link = "event-places/<slug:slug>/<str:seen>/", False, True
    seen: str

    @classmethod
    def of(cls, event: Event, own: Any, voucher: Any, entries: Iterable[WaitlistEntry] = ()) -> Self:
        keys = [event.pk, own.pk if own else 0, voucher.pk if voucher else 0, *(entry.token for entry in entries)]
        return cls(slug=event.slug, seen=signing.dumps(keys, salt=SEEN))

    @cached_property
    def keys(self) -> list[int]:
        try:
            found = signing.loads(self.seen, salt=SEEN)
        except signing.BadSignature:
            return []
        return list(found) if found[0] == self.event.pk else []

    def allows(self, user: Any) -> bool:
        return bool(self.keys)

    @cached_property
    def own(self) -> Any:  # type: ignore[override]
        return Registration.objects.filter(pk=self.keys[1], event=self.event).first()

    @cached_property
    def voucher(self) -> Any:  # type: ignore[override]
        return Voucher.objects.filter(pk=self.keys[2], event=self.event).first()

    @cached_property
    def entries(self) -> list[WaitlistEntry]:  # type: ignore[override]
        open_ones = self.event.waitlist.open()
        return [entry for token in self.keys[3:] for entry in open_ones.with_token(token)]

    def topics(self) -> list[str]:
        return [*super().topics(), *(topics.waiting(entry.pk) for entry in self.entries)]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.slug}>"
