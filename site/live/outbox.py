"""Publishing a change, so that no open page can miss it.

``publish`` writes to the outbox in the transaction of the change itself: a rollback takes the publication back, and
after the commit it stays, whatever happens to the hint that follows.
"""

import asyncio
import logging
import re
import time
from datetime import timedelta
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from redis.exceptions import RedisError

from live import metrics
from live.models import Publish
from live.tasks import report

log = logging.getLogger("airside.live")

GROUP = "live"  # every hub of every process is in it
TOPIC = re.compile(r"[A-Za-z0-9._-]{1,99}")
RETRY_AFTER = 5  # seconds until it is tried again


def publish(*topics: str) -> None:
    """Say that what these topics name has changed. Called by verbs, inside their transaction.

    Topics come from an app's topics.py. Raises ValueError for a name that no topic can have.
    """
    for topic in topics:
        if not TOPIC.fullmatch(topic):
            raise ValueError(f"Not a topic: {topic!r}")
    rows = Publish.objects.bulk_create(Publish(topic=topic) for topic in dict.fromkeys(topics))
    hinted = [[row.pk, row.topic] for row in rows]
    for hook in connection.run_on_commit:
        savepoints, earlier = hook[:2]
        if isinstance(earlier, Hint):
            earlier.rows += hinted
            # Whatever takes these rows back takes the hint as well, unless they are in a savepoint of their own.
            earlier.is_sure = earlier.is_sure and savepoints.issuperset(connection.savepoint_ids)
            return
    transaction.on_commit(Hint(hinted))


class Hint:
    """What a transaction does once it is committed. ``rows``: its outbox rows, ``[[id, topic], …]``."""

    def __init__(self, rows: list[list[Any]]) -> None:
        self.rows = rows
        self.is_sure = True  # no savepoint can have taken some of the rows back

    def __call__(self) -> None:
        try:
            rows = self.rows if self.is_sure else stored(self.rows)
        except Exception:  # the change is committed: hint() says what that means
            report("hint", "hint lost, the outbox has it")
        else:
            hint(rows)


def stored(rows: list[list[Any]]) -> list[list[Any]]:
    """Those of the rows that are in the outbox, as they are there.

    SQLite gives the id of a row that was taken back to the next one. A hub that heard of the first would take the
    second for one that it knows.
    """
    kept = Publish.objects.filter(pk__in=[pk for pk, _topic in rows]).order_by("pk")
    return [list(row) for row in kept.values_list("pk", "topic")]


class Layer:
    """Whether the channel layer is away, for the whole process."""

    away_until = 0.0  # on the monotonic clock


def hint(rows: list[list[Any]]) -> None:
    """Tell every process's hub about these outbox rows, at once.

    Never raises: the change is committed, and no failure here may turn its answer into an error. The hubs will find the
    rows in the outbox. While the layer is away, one request each few seconds waits to see whether it is back.
    """
    if time.monotonic() < Layer.away_until:
        metrics.job_failures.labels("hint").inc()
        return
    if Layer.away_until:
        Layer.away_until = time.monotonic() + RETRY_AFTER  # nobody else waits meanwhile
    try:
        async_to_sync(send)({"type": "live.hint", "rows": rows})
        Layer.away_until = 0.0
    except (OSError, RedisError) as fault:  # the layer is away, or does not answer in time
        Layer.away_until = time.monotonic() + RETRY_AFTER
        metrics.job_failures.labels("hint").inc()
        log.warning("hint lost, the outbox has it: %r", fault)
    except Exception:
        report("hint", "hint lost, the outbox has it")


async def send(message: dict[str, Any]) -> None:
    async with asyncio.timeout(settings.LIVE["hint_within"]):
        await get_channel_layer().group_send(GROUP, message)


def newest() -> int:
    """The id of the newest outbox row, 0 where there is none."""
    return Publish.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def since(pk: int) -> list[tuple[int, str]]:
    """The outbox rows after this id, oldest first, as ``[(id, topic), …]``."""
    return list(Publish.objects.filter(pk__gt=pk).order_by("pk").values_list("pk", "topic"))


def prune() -> None:
    """Delete the rows that every hub has read long ago."""
    Publish.objects.filter(at__lt=timezone.now() - timedelta(seconds=settings.LIVE["outbox_keeps"])).delete()
