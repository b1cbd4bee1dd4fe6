"""Threads that ask the database."""

import asyncio
import contextvars
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

from places import Places

LONGEST_REST = 1  # seconds

P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """A pool of so many threads. Work in one pool never waits for work in another."""

    def __init__(self, name: str, size: int) -> None:
        self.pool = ThreadPoolExecutor(size, thread_name_prefix=name, initializer=keep_connections)

    async def run(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function in a thread, in the caller's context, so that its log lines carry the request's id."""
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, context.run, lambda: with_database(job, *args, **kwargs))

    def shutdown(self) -> None:
        self.pool.shutdown()


class SharedThreads(Threads):
    """A pool whose threads are shared fairly: those who wait take turns, and minor work has at most half of them.

    While more of it waits, minor work rests three times as long as it took: all threads share one interpreter.
    """

    def __init__(self, name: str, size: int) -> None:
        super().__init__(name, size)
        self.places = Places(size, for_minor=max(1, size // 2))

    async def run_for(self, who: str, minor: bool, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``run``, as soon as it is the turn of ``who``."""
        await self.places.take(who, minor)
        began = time.monotonic()
        try:
            return await self.run(job, *args, **kwargs)
        finally:
            rest = min(3 * (time.monotonic() - began), LONGEST_REST) if minor and self.places.waiting else 0
            asyncio.get_running_loop().call_later(rest, self.places.give_back, who, minor)


def keep_connections() -> None:
    """Thread initializer: keep the thread's database connections open, except those that a pool lends.

    Opening one costs SQLite as much as a query for a whole board, and closing the last one writes its log back.
    """
    for alias in connections:
        connection = connections[alias]
        if "pool" not in connection.settings_dict["OPTIONS"]:
            connection.settings_dict = {**connection.settings_dict, "CONN_MAX_AGE": None}


def with_database(job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in a thread of ours: connections that are broken or too old are closed before and after it."""
    close_old_connections()
    try:
        return job(*args, **kwargs)
    finally:
        close_old_connections()
