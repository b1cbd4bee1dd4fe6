"""A copy of an event for another date, with all that is set up for it and nobody in it."""

from datetime import datetime, timedelta
from typing import Any

from bookings.events.models.event_verbs import EventState

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


def copy_of(event: Any, slug: str, starts_at: datetime, length: timedelta, series: Any) -> Any:
    """A draft. Sale times keep their distance from the beginning. In a transaction."""
    model = type(event)
    shift = starts_at - event.starts_at
    fields = {
        field.attname: getattr(event, field.attname) for field in model._meta.concrete_fields if field.name not in OWN
    }
    for name in ("sale_from", "sale_until"):
        fields[name] = fields[name] + shift if fields[name] else None
    made = model(
        **fields, slug=slug, series=series, state=EventState.DRAFT, starts_at=starts_at, ends_at=starts_at + length
    )
    made.begin("copy")
    made.organisers.set(event.organisers.all())
    made.door_staff.set(event.door_staff.all())
    quotas = {quota.pk: made.quotas.create(name=quota.name, size=quota.size) for quota in event.quotas.all()}
    types = {}
    for type_ in event.types.prefetch_related("quotas"):
        types[type_.pk] = copy_row(type_, event=made)
        types[type_.pk].quotas.set([quotas[quota.pk] for quota in type_.quotas.all()])
    for rows in (event.questions, event.lists):
        for row in rows.prefetch_related("types"):
            copy_row(row, event=made).types.set([types[type_.pk] for type_ in row.types.all()])
    for room in event.rooms.all():
        copy_row(room, event=made)
    return made


def copy_row(row: Any, **fields: Any) -> Any:
    """The same row once more, with these fields."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in ("id", *fields)
    }
    return type(row).objects.create(**values, **fields)
