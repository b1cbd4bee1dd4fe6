import sqlite3
from datetime import UTC, datetime
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from django.apps import AppConfig, apps
from django.db import connection


class LiveConfig(AppConfig):
    name = "live"

    def ready(self):
        # A region exists once its class does, a check and a chore once its function does.
        discover("regions", "health", "chores")
        if connection.vendor == "sqlite":
            sqlite3.register_converter("datetime", utc)  # in place of Django's, which parses each time anew


def discover(*names: str) -> None:
    """Import the modules of these names of each installed app, and of the rooms in it: ``regions``, ``guests.regions``."""
    for app in apps.get_app_configs():
        for folder in (Path(app.path), *sorted(Path(app.path).glob("*/"))):
            room = "" if folder == Path(app.path) else f".{folder.name}"
            for name in names:
                if (folder / f"{name}.py").exists() or (folder / name / "__init__.py").exists():
                    import_module(f"{app.name}{room}.{name}")


@lru_cache(maxsize=16384)
def utc(text):
    """A time as SQLite has it. Each rendering reads the same ones again; and what is identical is soon found equal."""
    return datetime.fromisoformat(text.decode()).replace(tzinfo=UTC)
