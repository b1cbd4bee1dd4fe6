"""Datetimes that SQLite has as text, whoever wrote them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection

from server.sqlite import utc

MOMENT = datetime(2026, 11, 1, 5, 30, 15, 250000, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", [b"2026-11-01 05:30:15.250000", b"2026-11-01T05:30:15.250000+00:00", b"2026-11-01 00:30:15.250000-05:00"]
)
def test_a_moment_is_read_as_utc(text):
    assert utc(text) == MOMENT and utc(text).utcoffset() == timedelta(0)


def test_whole_seconds_are_read_too():
    assert utc(b"2026-11-01 05:30:15") == MOMENT.replace(microsecond=0)


def test_the_datetimes_of_other_apps_are_read_as_they_were_written(alice):
    entry = LogEntry.objects.create(user=alice, action_flag=1, object_repr="A flight", action_time=MOMENT)
    session = Session.objects.create(session_key="a", session_data="", expire_date=MOMENT.replace(microsecond=0))
    assert LogEntry.objects.get(pk=entry.pk).action_time == MOMENT
    assert Session.objects.get(pk=session.pk).expire_date == MOMENT.replace(microsecond=0)
    assert list(LogEntry.objects.filter(action_time__lte=MOMENT).values_list("action_time", flat=True)) == [MOMENT]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL needs no converter")
def test_the_database_uses_it(alice):
    LogEntry.objects.create(user=alice, action_flag=1, object_repr="A flight", action_time=MOMENT)
    utc.cache_clear()
    LogEntry.objects.get()
    assert utc.cache_info().currsize
