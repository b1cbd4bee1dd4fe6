"""Reads a programme, in JSON or in XML, as the dictionary of the JSON. XML comes from strangers: entities are refused."""

import json
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from bookings.events.programme.frab.checking import Unreadable, items_of

LARGEST = 2 * 2**20  # bytes
TEXTS = ("title", "subtitle", "type", "track", "language", "abstract", "description")  # kept to the letter


def read(data: bytes) -> dict[str, Any]:
    """A document whose sessions are sound. Raises Unreadable."""
    if len(data) > LARGEST:
        raise Unreadable([_("The file is larger than 2 MB.")])
    document = from_xml(data) if data.lstrip()[:1] == b"<" else from_json(data)
    items_of(document)
    return document


def from_json(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise Unreadable([_("The file is neither JSON nor XML.")]) from fault
    if not isinstance(document, dict):
        raise Unreadable([_("The file is neither JSON nor XML.")])
    try:
        as_text(document).encode()
        can_be_stored = not has_nul(document)
    except (ValueError, RecursionError):
        can_be_stored = False
    if not can_be_stored:
        raise Unreadable([_("The file has a character or a number that cannot be stored.")])
    return document


def as_text(document: dict[str, Any]) -> str:
    """On one line. ValueError: there is a number without end in it, or none."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def has_nul(value: Any) -> bool:
    """Whether a text or a key in it has the character that PostgreSQL stores in no text."""
    if isinstance(value, dict):
        return any(has_nul(key) or has_nul(each) for key, each in value.items())
    return any(map(has_nul, value)) if isinstance(value, list) else "\0" in str(value)


def from_xml(data: bytes) -> dict[str, Any]:
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as fault:
        raise Unreadable([_("The file is no sound XML: %(fault)s") % {"fault": str(fault)[:80]}]) from fault
    conference = root.find("conference")
    if root.tag != "schedule" or conference is None:
        raise Unreadable([_("This is no frab programme: %(fault)s is missing or wrong.") % {"fault": "conference"}])
    head = {child.tag: text_of(child) for child in conference if child.tag not in ("days", "track", "color")}
    tracks = [dict(track.attrib) for track in conference.findall("track")]
    days = [day_of(day) for day in root.findall("day")]
    schedule: dict[str, Any] = {"version": text_of(root.find("version"))}
    if url := text_of(root.find("url")):
        schedule["url"] = url
    if base_url := head.pop("base_url", ""):
        schedule["base_url"] = base_url
    schedule["conference"] = {**head, "daysCount": len(days), **({"tracks": tracks} if tracks else {}), "days": days}
    return {"schedule": schedule}


def day_of(day: Element) -> dict[str, Any]:
    rooms: dict[str, list[dict[str, Any]]] = {}
    for room in day.findall("room"):
        rooms.setdefault(room.get("name", ""), []).extend(session_of(event) for event in room.findall("event"))
    return {
        "index": number_of(day.get("index")),
        "date": day.get("date") or (day.get("start") or "")[:10],
        "day_start": day.get("start"),
        "day_end": day.get("end"),
        "rooms": rooms,
    }


def session_of(event: Element) -> dict[str, Any]:
    recording = event.find("recording")
    found: dict[str, Any] = {"id": number_of(event.get("id")), "guid": event.get("guid")}
    if code := event.get("code"):
        found["code"] = code
    for child in event:
        if child.tag not in ("persons", "links", "attachments", "recording"):
            found[child.tag] = (child.text or "") if child.tag in TEXTS else text_of(child)
    found = dict.fromkeys(TEXTS, "") | found
    found["recording_license"] = text_of(recording.find("license")) if recording is not None else ""
    found["do_not_record"] = recording is not None and text_of(recording.find("optout")) in ("true", "1")
    found["persons"] = [person_of(person) for person in event.iterfind("persons/person")]
    found["links"] = [link_of(link) for link in event.iterfind("links/link")]
    found["attachments"] = [link_of(link) for link in event.iterfind("attachments/attachment")]
    return found


def person_of(person: Element) -> dict[str, Any]:
    found: dict[str, Any] = {"public_name": text_of(person)}
    if person.get("id"):
        found["id"] = number_of(person.get("id"))
    return found | ({"guid": person.get("guid")} if person.get("guid") else {})


def link_of(link: Element) -> dict[str, Any]:
    named = {key: value for key, value in link.attrib.items() if key in ("type", "service")}
    return {"url": link.get("href", ""), "title": text_of(link), **named}


def text_of(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def number_of(text: str | None) -> Any:
    """A whole number; the text itself where it is none, for the check to say so."""
    return int(text) if text and text.isdecimal() and len(text) < 16 else text
