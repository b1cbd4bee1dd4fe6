import sqlite3
from datetime import UTC, datetime
from functools import lru_cache

from django.apps import AppConfig
from django.db import connection
from django.utils.module_loading import autodiscover_modules


class LiveConfig(AppConfig):
    name = "live"

    def ready(self):
        # A region exists once its class does, a check and a chore once its function does.
        autodiscover_modules("regions", "health", "chores")
        if connection.vendor == "sqlite":
            sqlite3.register_converter("datetime", utc)  # in place of Django's, which parses each time anew


@lru_cache(maxsize=16384)
def utc(text):
    """A time as SQLite has it. Each rendering reads the same ones again; and what is identical is soon found equal."""
    return datetime.fromisoformat(text.decode()).replace(tzinfo=UTC)
