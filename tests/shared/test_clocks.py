"""Days and times in words, on the clock of a place."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import engines
from django.utils.translation import override

import clocks

NEW_YORK = ZoneInfo("America/New_York")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
EVENING = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)


def test_a_clock_shows_the_places_time():
    assert clocks.clock(EVENING, NEW_YORK) == "18:30"
    assert clocks.clock(EVENING, UTC) == "23:30"
    assert clocks.clock(None, UTC) == ""


@pytest.mark.parametrize(
    ("hour", "words"),
    [(4, "00:59"), (5, "01:59 EDT"), (6, "01:59 EST"), (7, "02:59")],
)
def test_a_time_that_a_night_has_twice_names_its_zone(hour, words):
    assert clocks.clock(datetime(2026, 11, 1, hour, 59, tzinfo=UTC), NEW_YORK) == words


def test_a_zone_without_a_name_is_named_by_its_offset():
    """São Paulo put its clocks back in February 2019."""
    assert clocks.clock(datetime(2019, 2, 17, 1, 30, tzinfo=UTC), SAO_PAULO) == "23:30 UTC-02"
    assert clocks.clock(datetime(2019, 2, 17, 2, 30, tzinfo=UTC), SAO_PAULO) == "23:30 UTC-03"


@pytest.mark.parametrize("hour", [6, 7])
def test_a_night_that_skips_an_hour_has_no_time_twice(hour):
    assert clocks.clock(datetime(2026, 3, 8, hour, 30, tzinfo=UTC), NEW_YORK) in ("01:30", "03:30")


def test_days_are_written_as_the_language_does():
    assert clocks.day_words(date(2026, 11, 21)) == "Sat 21 November"
    assert clocks.short_day(date(2026, 11, 21)) == "21 Nov"
    with override("de"):
        assert clocks.day_words(date(2026, 11, 21)) == "Sa, 21. November"


def test_a_moment_has_its_day_unless_that_is_understood():
    assert clocks.when(EVENING, NEW_YORK) == "Sat 21 November, 18:30"
    assert clocks.when(EVENING, NEW_YORK, date(2026, 11, 21)) == "18:30"
    assert clocks.when(EVENING, NEW_YORK, date(2026, 11, 22)) == "Sat 21 November, 18:30"
    assert clocks.short_when(EVENING, NEW_YORK) == "21 Nov 18:30"
    assert clocks.short_when(EVENING, NEW_YORK, date(2026, 11, 21)) == "18:30"
    assert clocks.when(None, NEW_YORK) == clocks.short_when(None, NEW_YORK) == ""


def test_the_day_is_the_places():
    late = datetime(2026, 11, 22, 3, tzinfo=UTC)
    assert clocks.when(late, NEW_YORK) == "Sat 21 November, 22:00"
    assert clocks.today(NEW_YORK, late) == date(2026, 11, 21)
    with time_machine.travel(late):
        assert clocks.today(NEW_YORK) == date(2026, 11, 21)
        assert clocks.today(UTC) == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (datetime(2026, 11, 21, 23, 30, tzinfo=UTC), datetime(2026, 11, 22, 5, tzinfo=UTC)),
        (datetime(2026, 11, 22, 5, tzinfo=UTC), datetime(2026, 11, 23, 5, tzinfo=UTC)),
        (datetime(2026, 11, 1, 12, tzinfo=UTC), datetime(2026, 11, 2, 5, tzinfo=UTC)),
        (datetime(2026, 11, 1, 3, tzinfo=UTC), datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_the_places_midnight(now, ends):
    assert clocks.midnight(NEW_YORK, now) == ends


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 11, 1), 25), (date(2026, 3, 8), 23), (date(2026, 7, 1), 24)])
def test_a_day_on_which_the_clock_changes_is_longer_or_shorter(day, hours):
    """Subtracted in UTC: between two times of one zone Python counts what the clock shows."""
    begins = clocks.day_begins(day, NEW_YORK)
    assert clocks.midnight(NEW_YORK, begins) - begins == timedelta(hours=hours)


def test_the_next_minute_is_always_ahead():
    full = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
    assert clocks.next_minute(full) == full + timedelta(minutes=1)
    assert clocks.next_minute(full + timedelta(seconds=59, microseconds=1)) == full + timedelta(minutes=1)


def test_the_earliest_leaves_out_what_never_comes():
    assert clocks.earliest(None, EVENING, EVENING - timedelta(hours=1)) == EVENING - timedelta(hours=1)
    assert clocks.earliest(None, None) is None
    assert clocks.earliest() is None


def test_templates_have_the_same_words():
    text = "{% load clocks %}{{ at|clock:tz }} {{ day|day_words }} {{ day|short_day }} {{ at|when:tz }} {{ at|short_when:tz }}"
    words = engines["django"].from_string(text).render({"at": EVENING, "tz": NEW_YORK, "day": date(2026, 11, 21)})
    assert words == "18:30 Sat 21 November 21 Nov Sat 21 November, 18:30 21 Nov 18:30"
