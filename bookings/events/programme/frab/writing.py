"""Writes the programme of an event as frab does. What came in with an import goes out as it came."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone, tzinfo
from operator import attrgetter
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bookings.events.models import Event, Session, SessionState
from bookings.events.programme.days import DAY, day_of
from bookings.events.programme.frab.checking import duration_of
from links.tokens import absolute
from version import VERSION

OWN_SLUG = re.compile(r"[a-z0-9_]{4,}-[a-z0-9\-_]{4,}")
OWN_CODE = re.compile(r"[0-9A-Z]{6}")
ACRONYM = re.compile(r"[^a-z0-9_-]")
WEB = re.compile(r"https?://.*")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML cannot say
FIRST_ID = 2**30  # of sessions that no file brought; apps read ids as numbers of 31 bits
IN_XML = ("title", "acronym", "start", "end", "days", "timeslot_duration", "base_url", "logo", "url", "time_zone_name")


def as_json(event: Event) -> bytes:
    return json.dumps(document_of(event), ensure_ascii=False, indent=2).encode()


def document_of(event: Event) -> dict[str, Any]:
    """The dictionary of the JSON. Cancelled sessions are not in it: apps take what is missing for cancelled."""
    zone = zone_of(event)
    head: dict[str, Any] = event.imported.get("schedule", {})
    conference: dict[str, Any] = event.imported.get("conference") or own_head(event)
    sessions = list(event.sessions.exclude(state=SessionState.CANCELLED).in_order())
    give_ids(sessions)
    by_day: dict[date, list[Session]] = {}
    for session in sessions:
        by_day.setdefault(day_of(event, session.starts_at.astimezone(zone)), []).append(session)
    days = sorted(by_day) or [event.day]
    rooms = [room.name for room in event.rooms.all()]
    return {
        **event.imported.get("top", {}),
        "schedule": {
            "version": "1",
            "base_url": absolute(event.get_absolute_url()),
            **head,
            "conference": {
                **conference,
                "start": conference.get("start") or days[0].isoformat(),
                "end": conference.get("end") or days[-1].isoformat(),
                "daysCount": len(days),
                "days": [
                    day_document(event, index, day, by_day.get(day, []), rooms, zone)
                    for index, day in enumerate(days, start=1)
                ],
            },
        },
    }


def give_ids(sessions: Iterable[Session]) -> None:
    """An id by its guid to each that no file brought: the same each time, and no other's."""
    taken = {session.extra["id"] for session in sessions if "id" in session.extra}
    for session in sorted(sessions, key=attrgetter("pk")):
        if "id" not in session.extra:
            number = FIRST_ID + UUID(session.guid).int % FIRST_ID
            while number in taken:
                number += 1
            taken.add(number)
            session.extra["id"] = number  # not saved


def own_head(event: Event) -> dict[str, Any]:
    """Of a programme that no file brought."""
    return {
        "acronym": event.slug,
        "title": event.title,
        "time_zone_name": str(event.tz),
        "timeslot_duration": "00:05",
        "rooms": [{"name": room.name} for room in event.rooms.all()],
    }


def day_document(
    event: Event, index: int, day: date, sessions: Iterable[Session], rooms: Iterable[str], zone: tzinfo
) -> dict[str, Any]:
    begins = datetime.combine(day, event.day_begins, zone)
    ends = datetime.combine(day + DAY, event.day_begins, zone) - timedelta(minutes=1)
    limits = event.imported.get("days", {}).get(day.isoformat(), {})
    in_rooms: dict[str, list[Any]] = {room: [] for room in [*limits.get("rooms", ()), *rooms]}
    for session in sessions:
        in_rooms[session.room.name].append(session_document(session, zone))
    return {
        "index": index,
        "date": day.isoformat(),
        "day_start": limits.get("day_start") or begins.isoformat(),
        "day_end": limits.get("day_end") or ends.isoformat(),
        "rooms": {room: events for room, events in in_rooms.items() if events or room in limits.get("rooms", ())},
    }


def session_document(session: Session, zone: tzinfo) -> dict[str, Any]:
    begins = session.starts_at.astimezone(zone)
    defaults: dict[str, Any] = {
        "logo": "",
        "slug": "",
        "url": "",
        "recording_license": "",
        "do_not_record": False,
        "persons": [],
        "links": [],
        "attachments": [],
    }
    return {
        **defaults,
        **session.extra,
        "persons": persons_of(session),
        "guid": session.guid,
        "date": begins.isoformat(),
        "start": begins.strftime("%H:%M"),
        "duration": duration_of(session.minutes),
        "room": session.room.name,
        "title": session.title,
        "subtitle": session.subtitle,
        "track": session.track,
        "type": session.kind,
        "language": session.language,
        "abstract": session.abstract,
        "description": session.description,
        **({"code": session.code} if session.code else {}),
    }


def persons_of(session: Session) -> list[Any]:
    """As they were imported, unless somebody has changed the speakers since."""
    imported: list[Any] = session.extra.get("persons", [])
    names = [person.get("public_name") or person.get("name") for person in imported]
    return (
        imported
        if [name for name in names if name] == session.speakers
        else [{"public_name": name} for name in session.speakers]
    )


def zone_of(event: Event) -> tzinfo:
    """The clock of an imported programme, else the venue's."""
    name = event.imported.get("zone", "")
    if match := re.fullmatch(r"([+-])(\d\d):(\d\d)", name):
        sign = -1 if match[1] == "-" else 1
        return timezone(sign * timedelta(hours=int(match[2]), minutes=int(match[3])))
    try:
        return ZoneInfo(name) if name else event.tz
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last for the name of a folder, or one that is too long
        return event.tz


# XML


def as_xml(event: Event) -> bytes:
    """By the published XSD: what it does not allow, such as a slug of another form, is left out."""
    schedule: dict[str, Any] = document_of(event)["schedule"]
    root = Element("schedule")
    SubElement(root, "generator", name="Airside", version=VERSION)
    if WEB.fullmatch(str(schedule.get("url", ""))):
        add(root, "url", schedule["url"])
    add(root, "version", schedule["version"])
    conference = schedule["conference"]
    head = SubElement(root, "conference")
    known = {"title": event.title, **conference, "days": conference["daysCount"], "base_url": schedule["base_url"]}
    known["acronym"] = acronym_of(str(conference.get("acronym") or event.slug))
    for name in IN_XML:
        is_address = name in ("base_url", "logo", "url")
        if known.get(name) and (not is_address or WEB.fullmatch(str(known[name]))):
            add(head, name, known[name])
    for track in rows_of(conference, "tracks"):
        if track.get("name"):
            SubElement(
                head,
                "track",
                {key: clean(value) for key, value in track.items() if key in ("name", "color", "slug") and value},
            )
    for day in conference["days"]:
        limits = {"index": str(day["index"]), "date": day["date"], "start": day["day_start"], "end": day["day_end"]}
        element = SubElement(root, "day", limits)
        for room, events in day["rooms"].items():
            in_room = SubElement(element, "room", name=clean(room))
            for session in events:
                add_session(in_room, session)
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def add_session(parent: Element, session: Mapping[str, Any]) -> None:
    attributes = {"id": str(session["id"]), "guid": session["guid"]}
    if OWN_CODE.fullmatch(str(session.get("code", ""))):
        attributes["code"] = session["code"]
    event = SubElement(parent, "event", attributes)
    for name in (
        "room",
        "title",
        "subtitle",
        "type",
        "date",
        "start",
        "duration",
        "abstract",
        "track",
        "language",
        "description",
    ):
        add(event, name, session.get(name) or "")
    if OWN_SLUG.fullmatch(str(session.get("slug") or "")):
        add(event, "slug", session["slug"])
    for name in ("logo", "url", "feedback_url", "origin_url"):
        if WEB.fullmatch(str(session.get(name) or "")):
            add(event, name, session[name])
    recording = SubElement(event, "recording")
    add(recording, "license", session.get("recording_license") or "")
    add(recording, "optout", "true" if session.get("do_not_record") else "false")
    persons = SubElement(event, "persons")
    for person in session.get("persons", []):
        attributes = {"id": str(person["id"])} if isinstance(person.get("id"), int) else {}
        add(persons, "person", person.get("public_name") or person.get("name") or "", attributes)
    for plural, single in (("links", "link"), ("attachments", "attachment")):
        group = SubElement(event, plural)
        for link in rows_of(session, plural):
            named = {key: clean(link[key]) for key in ("type", "service") if link.get(key) and single == "link"}
            add(group, single, link.get("title") or "", {"href": clean(link.get("url") or ""), **named})


def rows_of(document: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of a list. Files have null there as well, and other things."""
    found = document.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def add(parent: Element, name: str, text: Any, attributes: Mapping[str, str] | None = None) -> None:
    SubElement(parent, name, dict(attributes or {})).text = clean(text)


def clean(text: Any) -> str:
    return CONTROL.sub("", str(text))


def acronym_of(text: str) -> str:
    """Four characters at least, of those that the schema allows."""
    return ACRONYM.sub("-", text.lower()).ljust(4, "-")
