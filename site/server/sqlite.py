"""How datetimes are read from SQLite."""

import sqlite3
from datetime import UTC, datetime
from functools import lru_cache

from django.db import connection


def register() -> None:
    """Read ``datetime`` columns with a cache, in place of Django's converter, which parses each value again.

    It counts for the whole process and for every app. Each rendering of a region reads the same moments again, and
    identical objects are found equal at once.
    """
    if connection.vendor == "sqlite":
        sqlite3.register_converter("datetime", utc)


@lru_cache(maxsize=16384)
def utc(text: bytes) -> datetime:
    """The moment that SQLite has as text. Django writes moments in UTC, without an offset; others may write one."""
    moment = datetime.fromisoformat(text.decode())
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
