"""A reader of calendar files that is independent of the writer: RFC 5545 by hand, its time zones by dateutil."""

import re
from datetime import UTC, datetime
from io import StringIO

from dateutil.tz import tzical


def read(content):
    """The method, and for each VEVENT its properties as texts; DTSTART and DTEND are datetimes in UTC."""
    text = content.decode() if isinstance(content, bytes) else content
    assert "\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")), "a line is too long (RFC 5545, 3.1)"
    text = re.sub(r"\r\n[ \t]", "", text)
    zones = re.findall(r"BEGIN:VTIMEZONE\r\n.*?END:VTIMEZONE\r\n", text, re.DOTALL)
    known = tzical(StringIO("".join(zones).replace("\r\n", "\n"))) if zones else None
    events = [properties(body, known) for body in re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text, re.DOTALL)]
    return re.search(r"^METHOD:(\w+)\r$", text, re.MULTILINE)[1], events


def properties(body, zones):
    found = {}
    for line in body.strip().split("\r\n"):
        name, value = re.match(r"((?:[^:\"]|\"[^\"]*\")+):(.*)", line).groups()
        name, *parameters = name.split(";")
        options = dict(parameter.split("=", 1) for parameter in parameters)
        found[name] = moment(value, options, zones) if name in ("DTSTART", "DTEND") else unescaped(value)
    return found


def moment(value, options, zones):
    if value.endswith("Z"):
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    zone = zones.get(options["TZID"])
    assert zone is not None, "a TZID without its VTIMEZONE (RFC 5545, 3.2.19)"
    return datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=zone).astimezone(UTC)


def unescaped(text):
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], text)
