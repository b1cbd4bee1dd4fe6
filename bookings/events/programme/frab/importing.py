"""Takes a frab programme into an event. A session is known by its guid: imported again, it moves and keeps who chose it."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.events.models import Event, Room, Session, SessionState
from bookings.events.programme.frab.checking import Item, items_of, moment_of, offset_of

OWN = (
    "guid",
    "date",
    "start",
    "duration",
    "room",
    "title",
    "subtitle",
    "track",
    "type",
    "language",
    "abstract",
    "description",
    "code",
)


class Comparison(NamedTuple):
    """What an import would do. ``gone``: sessions that are missing in the file, which are cancelled."""

    new: list[Item]
    moved: list[tuple[Session, Item]]
    edited: list[tuple[Session, Item]]
    same: int
    gone: list[Session]
    warnings: list[str]


def compare(event: Event, document: Mapping[str, Any]) -> Comparison:
    items = items_of(document)
    here = {session.guid: session for session in event.sessions.in_order()}
    new, moved, edited, same = [], [], [], 0
    for item in items:
        session = here.pop(item.data["guid"], None)
        if session is None:
            new.append(item)
        elif has_moved(session, item):
            moved.append((session, item))
        elif texts_of(item) != {name: getattr(session, name) for name in texts_of(item)}:
            edited.append((session, item))
        else:
            same += 1
    gone = [session for session in here.values() if session.state == SessionState.PLANNED]
    return Comparison(new, moved, edited, same, gone, warnings_of(event, document, items))


def has_moved(session: Session, item: Item) -> bool:
    now = (session.starts_at, session.minutes, session.room.name, session.state)
    return now != (item.starts_at, item.minutes, item.room, SessionState.PLANNED)


def texts_of(item: Item) -> dict[str, Any]:
    """The columns of a session that are words, and what has no column."""
    data = item.data
    persons = [person.get("public_name") or person.get("name") or "" for person in data.get("persons", [])]
    return {
        **{
            name: data.get(name) or "" for name in ("title", "subtitle", "track", "language", "abstract", "description")
        },
        "kind": data.get("type") or "",
        "code": str(data.get("code") or "")[:40],
        "speakers": [str(name)[:80] for name in persons if name],
        "extra": {key: value for key, value in data.items() if key not in OWN},
    }


def take(event: Event, document: Mapping[str, Any], by: Any = None) -> Comparison:
    """Import it, all or nothing. Who chose a session that moved or is gone is told as of any other move."""
    with transaction.atomic():
        event.lock()
        found = compare(event, document)
        rooms = rooms_for(event, document)
        for item in found.new:
            Session.objects.plan(
                event,
                by=by,
                guid=item.data["guid"],
                room=rooms[item.room],
                starts_at=item.starts_at,
                minutes=item.minutes,
                **texts_of(item),
            )
        for session, item in [*found.moved, *found.edited]:
            if session.state == SessionState.CANCELLED:
                session.reinstate(by=by)
            session.move(item.starts_at, item.minutes, rooms[item.room], by=by)
            session.edit(by=by, **texts_of(item))
        for session in found.gone:
            session.call_off(by=by)
        event.imported = head_of(event, document)
        event.day_begins = day_begins(document)
        event.save(update_fields=["imported", "day_begins"])
    return found


def rooms_for(event: Event, document: Mapping[str, Any]) -> dict[str, Room]:
    """The rooms by name; new ones are made, in the order of the file."""
    here = {room.name: room for room in event.rooms.all()}
    for day in document["schedule"]["conference"]["days"]:
        for name in day["rooms"]:
            if name not in here:
                here[name], _is_new = event.rooms.get_or_create(name=name, defaults={"position": len(here)})
    return here


# What a file says beside its sessions


def head_of(event: Event, document: Mapping[str, Any]) -> dict[str, Any]:
    schedule = document["schedule"]
    conference = schedule["conference"]
    return {
        "top": {key: value for key, value in document.items() if key != "schedule"},
        "schedule": {key: value for key, value in schedule.items() if key != "conference"},
        "conference": {key: value for key, value in conference.items() if key not in ("days", "daysCount")},
        "days": {
            day["date"]: {"day_start": day["day_start"], "day_end": day["day_end"], "rooms": list(day["rooms"])}
            for day in conference["days"]
        },
        "zone": zone_of(event, document, items_of(document)),
    }


def zone_of(event: Event, document: Mapping[str, Any], items: list[Item]) -> str:
    """The clock on which the file's times are written: the zone that it names, "" for the venue's, or an offset."""
    name = named_zone(document)
    if name and fits(name, items):
        return name
    if fits(str(event.tz), items):
        return ""
    offsets = {item.starts_at.isoformat()[-6:] for item in items}
    return offsets.pop() if len(offsets) == 1 else name


def named_zone(document: Mapping[str, Any]) -> str:
    name = str(document["schedule"]["conference"].get("time_zone_name") or "")
    try:
        return name if name and ZoneInfo(name) else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last for the name of a folder, or one that is too long
        return ""


def fits(zone: str, items: list[Item]) -> bool:
    """Whether all of the times have the offset of this zone; those of one conference may differ, when the clock changes."""
    return all(offset_of(item.starts_at.astimezone(ZoneInfo(zone))) == offset_of(item.starts_at) for item in items)


def warnings_of(event: Event, document: Mapping[str, Any], items: list[Item]) -> list[str]:
    found = []
    name = named_zone(document)
    if name and not fits(name, items):
        words = {"zone": name, "offset": items[0].starts_at.isoformat()[-6:]}
        found.append(
            _("The file says that its zone is %(zone)s, but its times have the offset %(offset)s. The offset counts.")
            % words
        )
    if not fits(str(event.tz), items):
        found.append(
            _("The times of the file are not on the clock of %(city)s. They are shown on it.")
            % {"city": event.hall.airport.city}
        )
    outside = [item for item in items if not event.starts_at <= item.starts_at < event.ends_at]
    if outside:
        found.append(_("%(count)s sessions are not within the times of the event.") % {"count": len(outside)})
    return found


def day_begins(document: Mapping[str, Any]) -> time:
    """When the programme's day begins: what is earlier belongs to the day before. By the file, and by its first sessions."""
    days = document["schedule"]["conference"]["days"]
    begins = [moment_of(day["day_start"]).timetz().replace(tzinfo=None) for day in days]
    for day in days:
        own_day = date.fromisoformat(day["date"])
        starts = [moment_of(each["date"]) for events in day["rooms"].values() for each in events]
        begins += [moment.time() for moment in starts if moment.date() == own_day]
    return min(begins)
