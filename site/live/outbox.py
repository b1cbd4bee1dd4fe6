"""Saying that something changed, so that nobody's open page can miss it.

``publish`` writes to the outbox, in the transaction of the change itself: what is rolled back was never
published, and what is committed stays published, whatever happens to the hint that follows it.
"""

import asyncio
import logging
import re
from datetime import timedelta

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from live.models import Publish

log = logging.getLogger("airside.live")

GROUP = "live"  # every hub of every process is in it
TOPIC = re.compile(r"[A-Za-z0-9._-]{1,99}")
HINT_WITHIN = 1  # seconds that an answer waits for a layer that stalls


def publish(*topics):
    """Say that what these topics name has changed. Called by verbs, inside their transaction.

    Topics are strings of an app's topics.py; a name that no topic can have raises ValueError.
    """
    for topic in topics:
        if not TOPIC.fullmatch(topic):
            raise ValueError(f"Not a topic: {topic!r}")
    rows = Publish.objects.bulk_create(Publish(topic=topic) for topic in dict.fromkeys(topics))
    hinted = [[row.pk, row.topic] for row in rows]
    transaction.on_commit(lambda: hint(hinted))


def hint(rows):
    """Tell every process's hub of these outbox rows, ``[[id, topic], …]``, now. May fail: the outbox can't."""
    try:
        async_to_sync(send)({"type": "live.hint", "rows": rows})
    except Exception as fault:  # the change is committed: nothing may turn its answer into an error
        log.warning("hint lost, the outbox will tell: %r", fault)


async def send(message):
    async with asyncio.timeout(HINT_WITHIN):
        await get_channel_layer().group_send(GROUP, message)


def newest():
    """The id of the newest outbox row, 0 where there is none."""
    return Publish.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def since(pk):
    """The outbox rows after this id, oldest first, as ``[(id, topic), …]``."""
    return list(Publish.objects.filter(pk__gt=pk).order_by("pk").values_list("pk", "topic"))


def prune():
    """Forget what every hub has long seen."""
    Publish.objects.filter(at__lt=timezone.now() - timedelta(seconds=settings.LIVE["outbox_keeps"])).delete()
