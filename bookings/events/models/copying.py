"""A copy of an event for another date, with all that is set up for it and nobody in it."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from bookings.events.models.event_verbs import EventState
from bookings.events.models.series import local_moment

MOMENTS = ("sale_from", "sale_until", "opens_at", "closes_at")  # of the event, its ticket types and its check-in lists
OWN = (
    "id",
    "slug",
    "series",
    "state",
    "starts_at",
    "ends_at",
    "moved_from",
    "reason",
    "revision",
    "waitlist_due_at",
    "imported",
)

Move = Callable[[datetime], datetime]


def copy_of(event: Any, slug: str, starts_at: datetime, length: timedelta, series: Any) -> Any:
    """A draft. Times of sale and of the doors keep their distance from the beginning, on the clock of the airport.

    In a transaction.
    """

    def move(moment: datetime) -> datetime:
        """18:30 stays 18:30 where the event stays at 19:00, on both sides of a clock change."""
        return local_moment(local(moment) + (local(starts_at) - local(event.starts_at)), event.tz)

    def local(moment: datetime) -> datetime:
        return moment.astimezone(event.tz).replace(tzinfo=None)

    made = type(event)(
        **values_of(event, OWN, move),
        slug=slug,
        series=series,
        state=EventState.DRAFT,
        starts_at=starts_at,
        ends_at=starts_at + length,
    )
    made.begin("copy")
    made.organisers.set(event.organisers.all())
    made.door_staff.set(event.door_staff.all())
    quotas = {quota.pk: made.quotas.create(name=quota.name, size=quota.size) for quota in event.quotas.all()}
    types = {}
    for type_ in event.types.prefetch_related("quotas"):
        types[type_.pk] = copy_row(type_, move, event=made)
        types[type_.pk].quotas.set([quotas[quota.pk] for quota in type_.quotas.all()])
    for rows in (event.questions, event.lists):
        for row in rows.prefetch_related("types"):
            copy_row(row, move, event=made).types.set([types[type_.pk] for type_ in row.types.all()])
    for room in event.rooms.all():
        copy_row(room, move, event=made)
    return made


def copy_row(row: Any, move: Move, **fields: Any) -> Any:
    """The same row once more, with these fields."""
    return type(row).objects.create(**values_of(row, ("id", *fields), move), **fields)


def values_of(row: Any, but: Collection[str], move: Move) -> dict[str, Any]:
    """Its columns but these, its moments moved."""
    names = [field.attname for field in row._meta.concrete_fields if field.name not in but]
    values = {name: getattr(row, name) for name in names}
    return {name: move(value) if name in MOMENTS and value else value for name, value in values.items()}
