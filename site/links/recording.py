"""Recording openings without making a page wait: what can't be written at once is written by a periodic job.

On SQLite a write waits as long as another one goes on. The page behind a link only reads, so it waits for SHORTLY at most.
"""

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from prometheus_client import Counter

from links.devices import Device
from links.models import Linked, Opening

log = logging.getLogger("airside.links")

SHORTLY, A_WHILE = 200, 2000  # milliseconds
MOST = 10_000  # openings that wait in memory; the oldest go first

late = Counter("airside_openings_late", "Openings of links that could not be recorded at once.")


class Opened(NamedTuple):
    kind: str
    key: int
    version: int
    user: int | None
    device: Device
    at: datetime


waiting: deque[Opened] = deque(maxlen=MOST)


def record(thing: Linked, user: int | None, device: Device) -> None:
    opened = Opened(thing.link_kind(), thing.pk, thing.link_version, user, device, timezone.now())
    try:
        with briefly():
            Opening.objects.record(*opened)
    except DatabaseError as fault:
        log.warning("an opening of %s could not be recorded at once: %s", opened.kind, type(fault).__name__)
        late.inc()
        waiting.append(opened)


def record_waiting() -> None:
    """Record those that wait, in order. Where one fails, it and the ones behind it wait on. No page waits for this."""
    while waiting:
        opened = waiting[0]
        try:
            with briefly(A_WHILE):
                Opening.objects.record(*opened)
        except IntegrityError:  # its user is gone
            log.warning("an opening of %s could not be recorded", opened.kind)
        waiting.popleft()


@contextmanager
def briefly(most: int = SHORTLY) -> Iterator[None]:
    """Writes inside wait for a lock for so many milliseconds at most, and then raise a DatabaseError."""
    if connection.vendor != "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {most}")
            yield
        return
    with connection.cursor() as cursor:
        (before,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {most}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {before}")
