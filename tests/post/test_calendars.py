"""Calendar files, read back by another reader: the standard library's zones, from the file's own words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from post.calendars import Entry, calendar_attachment, calendar_feed, calendar_file, changes, response, zone

NEW_YORK, LONDON, LORD_HOWE = ZoneInfo("America/New_York"), ZoneInfo("Europe/London"), ZoneInfo("Australia/Lord_Howe")


def entry(starts=datetime(2026, 11, 5, 23, 30, tzinfo=UTC), tz=NEW_YORK, **fields):
    fields = {"uid": "7kq2mx@airside", "sequence": 0, "summary": "Bistro, table for 2", **fields}
    return Entry(starts=starts, ends=starts + timedelta(minutes=90), tz=tz, **fields)


def read(content):
    return icalendar.Calendar.from_ical(content)


def test_an_entry_in_its_own_zone():
    calendar = read(calendar_file(entry(location="Terminal 4", url="https://airside.example/a/")))
    (found,) = calendar.events
    assert calendar["METHOD"] == "PUBLISH" and found["STATUS"] == "CONFIRMED"
    assert found["DTSTART"].params["TZID"] == "America/New_York"
    assert found["DTSTART"].dt.strftime("%H:%M") == "18:30" and found["DTEND"].dt.strftime("%H:%M") == "20:00"
    assert (found["UID"], found["SEQUENCE"], found["LOCATION"]) == ("7kq2mx@airside", 0, "Terminal 4")
    assert "DESCRIPTION" not in found


def test_a_cancelled_one_takes_it_away():
    calendar = read(calendar_file(entry(sequence=2, is_cancelled=True)))
    assert calendar["METHOD"] == "CANCEL"
    assert calendar.events[0]["STATUS"] == "CANCELLED" and calendar.events[0]["SEQUENCE"] == 2


def test_it_has_an_organizer_as_publishing_asks_for(settings):
    settings.DEFAULT_FROM_EMAIL = "Airside <desk@airside.example>"
    (found,) = read(calendar_file(entry())).events
    assert found["ORGANIZER"] == "mailto:desk@airside.example" and found["ORGANIZER"].params["CN"] == "Airside"


def test_a_feed_has_a_name_and_what_was_cancelled():
    calendar = read(calendar_feed([entry(), entry(uid="b", tz=LONDON, is_cancelled=True)], "My tables"))
    assert calendar["METHOD"] == "PUBLISH" and calendar["NAME"] == calendar["X-WR-CALNAME"] == "My tables"
    assert [found["STATUS"] for found in calendar.events] == ["CONFIRMED", "CANCELLED"]
    assert {zone["TZID"] for zone in calendar.walk("VTIMEZONE")} == {"America/New_York", "Europe/London"}
    assert read(calendar_feed([], "Nothing")).events == []


def test_the_night_the_clock_goes_back_each_moment_is_itself():
    """01:15 comes twice; RFC 5545 reads a local time as the first."""
    first, second = datetime(2026, 11, 1, 5, 15, tzinfo=UTC), datetime(2026, 11, 1, 6, 15, tzinfo=UTC)
    for moment in (first, second):
        (found,) = read(calendar_file(entry(moment))).events
        assert found["DTSTART"].dt.astimezone(UTC) == moment
        assert found["DTSTART"].dt.tzinfo.utcoffset(None) == timedelta(0), "in UTC, which shows nothing twice"


@pytest.mark.parametrize("tz", [NEW_YORK, LONDON, LORD_HOWE, ZoneInfo("Africa/Casablanca"), ZoneInfo("UTC")], ids=str)
def test_a_zone_is_described_as_it_is(tz):
    """Each hour of two years, by RFC 5545's rule: the last onset before it, told in the offset before that onset."""
    rules = sorted(
        (rule["DTSTART"].dt - rule["TZOFFSETFROM"].td, rule["TZOFFSETTO"].td)
        for rule in zone(tz, 2026, 2027).subcomponents
    )
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment.year < 2028:
        offset = [to for since, to in rules if since <= moment.replace(tzinfo=None)][-1]
        assert offset == moment.astimezone(tz).utcoffset(), moment
        moment += timedelta(minutes=30)


def test_a_change_of_the_clock_is_found_to_the_minute():
    found = changes(NEW_YORK, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert found == [datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)]


def test_as_a_file_of_a_mail_and_of_a_page():
    assert calendar_attachment(entry(), "7KQ2MX")[::2] == ("7KQ2MX.ics", "text/calendar; method=PUBLISH")
    assert calendar_attachment(entry(is_cancelled=True), "7KQ2MX").content_type == "text/calendar; method=CANCEL"
    answer = response(calendar_file(entry()), "7KQ2MX")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'inline; filename="7KQ2MX.ics"'
