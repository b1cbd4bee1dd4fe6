"""A link opens while the database is locked: its page only reads, and the opening is recorded later."""

import sqlite3
import threading
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from prometheus_client import REGISTRY

from links import recording
from links.models import Opening
from links.periodic import record_openings
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def locked():
    """Another process writes openings, and doesn't end."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        details = connection.get_connection_params()
        names = ("dbname", "host", "port", "user", "password")
        other = psycopg.connect(**{name: details[name] for name in names if details.get(name)})
        other.execute("LOCK TABLE links_opening IN SHARE MODE")
    try:
        yield
    finally:
        other.rollback() if connection.vendor != "sqlite" else other.execute("ROLLBACK")
        other.close()


@pytest.fixture(autouse=True)
def none_waits():
    recording.waiting.clear()
    yield
    recording.waiting.clear()


def late():
    return REGISTRY.get_sample_value("airside_openings_late_total")


def test_the_page_answers_and_the_opening_is_recorded_later(thing, opens, caplog):
    before = late()
    with locked():
        assert opens() == thing
        assert not Opening.objects.exists() and late() == before + 1
        assert "could not be recorded at once" in caplog.text and thing.token not in caplog.text
    opened = recording.waiting[0].at
    record_openings()
    assert Opening.objects.get().at == opened and not recording.waiting


def test_what_still_cannot_be_written_waits_on(thing, opens):
    with locked():
        opens()
        with pytest.raises(Exception, match="lock"):
            record_openings()
    record_openings()
    record_openings()
    assert Opening.objects.get().count == 1


def test_other_writes_of_the_connection_wait_as_long_as_before(thing, opens):
    opens()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            assert cursor.execute("PRAGMA busy_timeout").fetchone() == (settings.LOCK_WAIT * 1000,)
        else:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == (f"{settings.LOCK_WAIT}s",)


def test_without_the_short_limit_the_page_waits_for_the_lock(thing, opens, monkeypatch):
    """That the first test can fail: here the guard is taken out, and the page comes only with the end of the lock."""

    @contextmanager
    def patiently():
        yield

    monkeypatch.setattr(recording, "briefly", patiently)
    answered = threading.Event()

    def open_it():
        try:
            opens()
        finally:
            connection.close()
            answered.set()

    with locked():
        opening = threading.Thread(target=open_it)
        opening.start()
        assert not answered.wait(2)
    until(answered.is_set)
    opening.join()
    assert not recording.waiting and Opening.objects.count() == 1
