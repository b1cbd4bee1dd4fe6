"""Heartbeats: each socket gets one when it has opened, and every ten seconds, so that a page knows what time it is and that it is connected."""

import asyncio
import json
import logging
import time
from collections.abc import Mapping

from django.conf import settings

from live import metrics
from live.codes import TRY_AGAIN
from live.rendering import Watched

log = logging.getLogger("airside.live")

LATE = 10  # seconds without a round after which the hub counts as stuck


class Heartbeats:
    """Sends heartbeats, and closes sockets whose reader stalls. Waits for nothing but the clock."""

    def __init__(self, watched: Mapping[str, Watched]) -> None:
        self.watched = watched
        self.rounds = 0
        self.beat_at = time.monotonic()

    def is_late(self) -> bool:
        return time.monotonic() - self.beat_at > LATE

    async def beat(self) -> None:
        """One round, each second: a heartbeat to new sockets and to a part of the others, and 1013 to readers that stall."""
        await asyncio.sleep(1)
        self.rounds += 1
        every = max(1, round(settings.LIVE["beat_every"]))
        text = json.dumps({"beat": settings.RELEASE, "at": round(time.time(), 1)})
        stalled_before = time.monotonic() - settings.LIVE["stalled_after"]
        sent = 0
        for watched in list(self.watched.values()):
            for socket in list(watched.sockets):
                if socket.busy_since and socket.busy_since < stalled_before and not socket.closed:
                    log.warning("a reader of %s stalls, closed", watched.region)
                    metrics.dropped.labels("stalled").inc()
                    socket.close(TRY_AGAIN)
                elif socket.is_new or socket.slot % every == self.rounds % every:
                    socket.is_new = False
                    sent += socket.push(text)
        metrics.frames.labels("beat").inc(sent)
        self.beat_at = time.monotonic()
