"""Calendar files (RFC 5545, RFC 5546). An entry keeps its UID, SEQUENCE counts its changes, CANCEL removes it.

Times are written in the entry's own zone, which the file describes. A time that occurs twice,
in the night the clock goes back, is written in UTC: RFC 5545 would read it as the first of the two.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress

from clocks import is_ambiguous
from post.mail import Attachment

YEAR = timedelta(days=366)
REFRESH = timedelta(minutes=15)  # how often a feed should be fetched; calendar programs treat it as a hint


@dataclass(frozen=True)
class Entry:
    """One event in a calendar. ``starts`` and ``ends`` are aware datetimes; ``url`` is absolute.

    ``end_tz``: the zone of its end, where it is another one, as a flight's is. ``attendee``: name and mail address of who is
    invited, for a mail to them: the file is a REQUEST then, which mail programs put into the calendar by themselves.
    """

    uid: str  # unique in the world, and the same for all versions of the event
    sequence: int
    starts: datetime
    ends: datetime
    tz: ZoneInfo
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    is_cancelled: bool = False
    end_tz: ZoneInfo | None = None
    attendee: tuple[str, str] | None = None

    @property
    def zones(self) -> list[tuple[datetime, ZoneInfo]]:
        return [(self.starts, self.tz), (self.ends, self.end_tz or self.tz)]


def calendar_file(*entries: Entry) -> bytes:
    """A file with an event, or several that belong together. Opened, it adds or changes them, or cancels them."""
    return as_bytes(calendar(method_of(entries), entries))


def method_of(entries: Iterable[Entry]) -> str:
    """CANCEL and REQUEST name an attendee, PUBLISH must not (RFC 5546, 3.2); of something that nobody is invited to it is PUBLISH."""
    entries = list(entries)
    if all(entry.is_cancelled for entry in entries):
        return "CANCEL"
    return "REQUEST" if all(entry.attendee for entry in entries) else "PUBLISH"


def calendar_feed(entries: Iterable[Entry], name: str) -> bytes:
    """A file that calendars fetch again and again. A cancelled event stays in it, marked as cancelled."""
    feed = calendar("PUBLISH", entries)
    feed.add("name", name)
    feed.add("x-wr-calname", name)  # for calendars that don't know RFC 7986
    feed.add("refresh-interval", REFRESH, {"value": "DURATION"})
    feed.add("x-published-ttl", "PT15M")
    return as_bytes(feed)


def calendar_attachment(entries: Entry | Sequence[Entry], name: str) -> Attachment:
    """The file for ``post()``. The method in the type makes mail programs offer to add or remove the events."""
    entries = [entries] if isinstance(entries, Entry) else entries
    return Attachment(f"{name}.ics", calendar_file(*entries), f"text/calendar; method={method_of(entries)}")


class Feed(NamedTuple):
    """Where a feed is. ``subscribe``: the same address as calendar programs open it."""

    address: str
    subscribe: str


def feed_at(request: HttpRequest, path: str) -> Feed:
    """For a page; templates/post/_feed.html shows it."""
    address = request.build_absolute_uri(path)
    return Feed(address, f"webcal:{address.partition(':')[2]}")


def response(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return answer


def as_bytes(found: Calendar) -> bytes:
    content: bytes = found.to_ical()
    return content


def calendar(method: str, entries: Iterable[Entry]) -> Calendar:
    entries = list(entries)
    found = Calendar()
    found.add("prodid", "-//Airside//Airside//EN")
    found.add("version", "2.0")
    found.add("method", method)
    times = [time for entry in entries for time in entry.zones]
    for tz in dict.fromkeys(tz for _moment, tz in times):
        starts = [moment for moment, zone_of in times if zone_of == tz]
        found.add_component(zone(tz, (min(starts) - YEAR).year, (max(starts) + YEAR).year))
    for entry in entries:
        found.add_component(event(entry))
    return found


def event(entry: Entry) -> Event:
    found = Event()
    found.add("uid", entry.uid)
    found.add("sequence", entry.sequence)
    found.add("dtstamp", timezone.now().astimezone(UTC).replace(microsecond=0))
    found.add("dtstart", local(entry.starts, entry.tz))
    found.add("dtend", local(entry.ends, entry.end_tz or entry.tz))
    found.add("organizer", organizer())
    if entry.attendee:
        found.add("attendee", attendee(*entry.attendee))
    found.add("summary", entry.summary)
    for name in ("location", "description", "url"):
        if value := getattr(entry, name):
            found.add(name, value)
    found.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    if entry.is_cancelled:
        found.add("transp", "TRANSPARENT")
    return found


def organizer() -> vCalAddress:
    """The sender of the site's mail. PUBLISH and CANCEL need an organizer (RFC 5546, 3.2)."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    found = vCalAddress(f"mailto:{address}")
    if name:
        found.params["CN"] = name
    return found


def attendee(name: str, address: str) -> vCalAddress:
    """Who is invited, and has accepted by registering."""
    found = vCalAddress(f"mailto:{address}")
    found.params |= {"CN": name, "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    return found


def local(moment: datetime, tz: ZoneInfo) -> datetime:
    """The moment in its zone, to the minute; in UTC if the zone's clock shows that time twice."""
    found = moment.astimezone(tz).replace(second=0, microsecond=0)
    return found.astimezone(UTC) if is_ambiguous(found) else found


@lru_cache(maxsize=64)
def zone(tz: ZoneInfo, first: int, last: int) -> Timezone:
    """A VTIMEZONE with all clock changes from the first to the last year, both included.

    icalendar's own writes the time of a change in the offset after it; RFC 5545, 3.6.5 requires the offset before.
    """
    found = Timezone()
    found.add("tzid", tz.key)
    began = datetime(first, 1, 1, tzinfo=UTC)
    found.add_component(observance(began, tz))
    for change in changes(tz, began, datetime(last + 1, 1, 1, tzinfo=UTC)):
        found.add_component(observance(change, tz))
    return found


def observance(moment: datetime, tz: ZoneInfo) -> TimezoneStandard | TimezoneDaylight:
    """The offset of the zone from a moment on."""
    before, after = (moment - timedelta(seconds=1)).astimezone(tz), moment.astimezone(tz)
    found = TimezoneDaylight() if after.dst() else TimezoneStandard()
    offset = before.utcoffset()
    assert offset is not None
    found.add("dtstart", (moment + offset).replace(tzinfo=None))
    found.add("tzoffsetfrom", offset)
    found.add("tzoffsetto", after.utcoffset())
    found.add("tzname", after.tzname())
    return found


def changes(tz: ZoneInfo, since: datetime, until: datetime) -> list[datetime]:
    """The moments, in UTC and to the minute, at which the zone's offset changes."""
    found = []
    day = timedelta(days=1)
    while since < until:
        if since.astimezone(tz).utcoffset() != (since + day).astimezone(tz).utcoffset():
            low, high = 0, 24 * 60
            while high - low > 1:
                middle = (low + high) // 2
                same = (since + timedelta(minutes=middle)).astimezone(tz).utcoffset() == since.astimezone(
                    tz
                ).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append(since + timedelta(minutes=high))
        since += day
    return found
