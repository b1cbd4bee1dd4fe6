"""Background tasks of the live layer, and how their failures are reported."""

import asyncio
import contextvars
import logging
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from live import metrics

log = logging.getLogger("airside.live")

LOG_EVERY = 10  # seconds between two log lines of one kind, such as a job and a type of exception
logged: dict[tuple[str, object], float] = {}


def start(job: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Start a task in an empty context, so that its log lines do not carry the id of the request that happened to start it."""
    return asyncio.get_running_loop().create_task(job, context=contextvars.Context())


async def repeat(name: str, job: Callable[[], Awaitable[None]]) -> None:
    """Run a job again and again; after a failure, a second later."""
    while True:
        try:
            await job()
        except Exception:
            report(name, "the job %s failed, again in a second", name)
            await asyncio.sleep(1)


def report(name: str, message: str, *args: object) -> None:
    """Count the exception that is being handled under this job's name, and log it with its traceback.

    A failure that comes for each of thousands of sockets is counted each time, but logged once in ten seconds.
    """
    metrics.job_failures.labels(name).inc()
    if is_time_to_log((name, sys.exc_info()[0])):
        log.exception(message, *args)


def is_time_to_log(kind: tuple[str, object]) -> bool:
    """Whether nothing of this kind was logged lately."""
    now = time.monotonic()
    if now - logged.get(kind, -LOG_EVERY) < LOG_EVERY:
        return False
    logged[kind] = now
    return True
