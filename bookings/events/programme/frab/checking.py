"""What a frab programme has to be, by the rules of the published schema (voc/schedule, schedule.xml.xsd and schema.json)."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from bookings.events.models import Room

MOST_SESSIONS = 3000
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
START = re.compile(r"[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?")
DURATION = re.compile(r"([0-9]{1,2}):([0-9]{2})(:[0-9]{1,2})?")
LENGTHS = {
    "title": 255,
    "subtitle": 255,
    "track": 120,
    "type": 60,
    "language": 10,
    "abstract": 4000,
    "description": 20_000,
}
ROOM = Room._meta.get_field("name").max_length
SHOWN = 20  # problems that somebody is told of


class Unreadable(Exception):
    """The file is no programme. ``problems``: a sentence each, with the place in the file."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems[:SHOWN]


class Item(NamedTuple):
    """A session of a file: its dictionary, and when and where it is."""

    data: Mapping[str, Any]
    room: str
    starts_at: datetime
    minutes: int


def items_of(document: Mapping[str, Any]) -> list[Item]:
    """The sessions of a document. Raises Unreadable with all that is wrong."""
    problems: list[str] = []
    found = list(sessions(document, problems))
    if len(found) > MOST_SESSIONS:
        problems.append(_("The programme has more than %(most)s sessions.") % {"most": MOST_SESSIONS})
    for name in ("guid", "id"):
        values = [item.data[name] for item in found]
        twice = (
            sorted({str(value) for value in values if values.count(value) > 1}) if len(values) < MOST_SESSIONS else []
        )
        problems += [_("%(name)s %(value)s is there twice.") % {"name": name, "value": value} for value in twice]
    if not found and not problems:
        problems.append(_("The programme has no session."))
    if problems:
        raise Unreadable(problems)
    return found


def sessions(document: Mapping[str, Any], problems: list[str]) -> Iterator[Item]:
    """Those that are sound; what is wrong with the others is added to the problems."""
    try:
        conference = document["schedule"]["conference"]
        days = [(day["index"], date.fromisoformat(day["date"]), dict(day["rooms"])) for day in conference["days"]]
        for key in ("day_start", "day_end"):
            for day in conference["days"]:
                moment_of(str(day[key]))
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        problems.append(_("This is no frab programme: %(fault)s is missing or wrong.") % {"fault": str(fault)[:60]})
        return
    for index, _day, rooms in days:
        for room, events in rooms.items():
            if len(room) > ROOM:
                words = {"day": index, "room": f"{room[:40]}…", "length": ROOM}
                problems.append(
                    _("Day %(day)s: the name of the room %(room)s is longer than %(length)s characters.") % words
                )
            if not isinstance(events, list):
                problems.append(
                    _("Day %(day)s: the room %(room)s has no list of sessions.") % {"day": index, "room": room}
                )
                continue
            for number, data in enumerate(events, start=1):
                wrong = list(faults(data))
                place = _("Day %(day)s, %(room)s, session %(number)s") % {"day": index, "room": room, "number": number}
                problems += [f"{place}: {sentence}" for sentence in wrong]
                if not wrong:
                    yield Item(data, str(room), moment_of(data["date"]), minutes_of(data["duration"]))


def faults(data: Any) -> Iterator[str]:
    """What is wrong with one session."""
    if not isinstance(data, dict):
        yield _("this is no session.")
        return
    if not isinstance(data.get("id"), int) or isinstance(data["id"], bool) or not 0 < data["id"] < 2**53:
        yield _("id is not a whole number above nothing.")
    if not UUID.fullmatch(str(data.get("guid", ""))):
        yield _("guid is no UUID.")
    for name, length in LENGTHS.items():
        value = data.get(name)
        if name in ("title", "type", "track", "abstract") and not isinstance(value, str):
            yield _("%(name)s is missing.") % {"name": name}
        elif value is not None and not isinstance(value, str):
            yield _("%(name)s is no text.") % {"name": name}
        elif value and len(value) > length:
            yield _("%(name)s is longer than %(length)s characters.") % {"name": name, "length": length}
    if data.get("title") == "":
        yield _("%(name)s is missing.") % {"name": "title"}
    yield from faults_of_time(data)
    persons = data.get("persons", [])
    if not isinstance(persons, list) or not all(isinstance(person, dict) for person in persons):
        yield _("persons is no list of people.")


def faults_of_time(data: Mapping[str, Any]) -> Iterator[str]:
    try:
        begins = moment_of(str(data.get("date")))
    except ValueError:
        yield _("date is no moment with an offset, such as 2026-11-27T19:00:00-05:00.")
        return
    if not START.fullmatch(str(data.get("start"))):
        yield _("start is no time of day, such as 19:00.")
    elif str(data["start"])[:5] != begins.strftime("%H:%M"):
        yield _("start is %(start)s, but date says %(date)s.") % {"start": data["start"], "date": data["date"]}
    if not DURATION.fullmatch(str(data.get("duration"))) or not 0 < minutes_of(str(data["duration"])) <= 24 * 60:
        yield _("duration is no length from a minute to a day, such as 00:45.")


def moment_of(text: str) -> datetime:
    """Raises ValueError without an offset."""
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None or not 2 <= moment.year < 9998:
        raise ValueError(text)
    return moment


def minutes_of(text: str) -> int:
    hours, minutes = text.split(":")[:2]
    return int(hours) * 60 + int(minutes)


def duration_of(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def offset_of(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()
