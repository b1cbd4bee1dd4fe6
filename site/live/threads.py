"""Threads that ask the database for the live layer."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import close_old_connections, connections

T = TypeVar("T")


def with_database(job: Callable[..., T], *args: Any) -> T:
    """Run a job in this thread, with database connections that are fit for use before and given back after it."""
    close_old_connections()
    try:
        return job(*args)
    finally:
        close_old_connections()


def keep_connections() -> None:
    """Thread initializer: keep database connections open, except pooled ones.

    Opening one costs SQLite as much as a query of a whole board, and closing the last one writes its log back.
    """
    for alias in connections:
        connection = connections[alias]
        if "pool" not in connection.settings_dict["OPTIONS"]:
            connection.settings_dict = {**connection.settings_dict, "CONN_MAX_AGE": None}
