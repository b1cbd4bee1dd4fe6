"""Jobs that a serving process runs by itself: ``@every(seconds)`` in an app's ``periodic.py``.

Every process runs all of them, so a job must do no harm when it runs twice at the same moment.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from asgiref.sync import sync_to_async

from live import metrics
from live.threads import with_database

log = logging.getLogger("airside.live")

Job = Callable[[], Any]
J = TypeVar("J", bound=Job)

JOBS: list[tuple[float, Job]] = []


def every(seconds: float) -> Callable[[J], J]:
    """Run the function in a thread every ``seconds``, counted from the end of the last run."""

    def register(job: J) -> J:
        JOBS.append((seconds, job))
        return job

    return register


def start(loop: asyncio.AbstractEventLoop) -> list[asyncio.Task[None]]:
    """Start all jobs on an event loop. Returns the tasks; the caller must keep a reference."""
    return [loop.create_task(repeat(seconds, job)) for seconds, job in JOBS]


async def repeat(seconds: float, job: Job) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await sync_to_async(with_database, thread_sensitive=False)(job)
        except Exception:
            log.exception("%s failed, again in %s s", job.__name__, seconds)
            metrics.periodic_failures.labels(job.__name__).inc()
