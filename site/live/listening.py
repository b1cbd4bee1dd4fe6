"""Hears of changes: at once by hints through the channel layer, and by reading the outbox, where no hint came."""

import asyncio
import time
from collections.abc import Callable, Iterable

from channels.layers import get_channel_layer
from django.conf import settings

from live import metrics, outbox
from live.tasks import repeat, start
from live.threads import Threads


class Listener:
    """``changed(topic, when)`` is called once for each outbox row, however often it is heard of."""

    def __init__(self, changed: Callable[[str, float], None], threads: Threads) -> None:
        self.changed = changed
        self.threads = threads
        self.seen: dict[int, float] = {}  # when each outbox id was first heard of
        self.floors: list[tuple[float, int]] = []  # (when, newest id then): how far back the outbox is read
        self.listening = asyncio.Event()  # set once hints arrive here
        self.hinted = asyncio.Event()  # set by each hint

    def receive(self, rows: Iterable[tuple[int, str]], way: str = "hint") -> None:
        """Take outbox rows from a hint or from the outbox itself."""
        now = time.monotonic()
        for pk, topic in rows:
            if pk not in self.seen:
                self.seen[pk] = now
                metrics.signals.labels(way).inc()
                self.changed(topic, now)

    async def take_hints(self) -> None:
        """Receive hints. Membership of a group ends after a day, so another task renews it long before.

        Receiving is not interrupted for that: Redis's layer takes a cancelled receive for the end of the channel.
        """
        layer = get_channel_layer()
        channel = await layer.new_channel()

        async def stay_in_group() -> None:
            await layer.group_add(outbox.GROUP, channel)
            self.listening.set()
            await asyncio.sleep(settings.LIVE["renews_every"])

        staying = start(repeat("hints", stay_in_group))
        try:
            while True:
                message = await layer.receive(channel)
                self.hinted.set()
                self.receive(message["rows"])
        finally:
            self.listening.clear()
            staying.cancel()

    async def read_outbox(self) -> None:
        """Read the rows that no hint named. Ids commit out of order, so it looks back a little."""
        if not self.floors:
            newest = await self.threads.run(outbox.newest)
            self.floors = [(time.monotonic(), max(0, newest - 1000))]
        await asyncio.sleep(settings.LIVE["outbox_every"])
        now = time.monotonic()
        rows = await self.threads.run(outbox.since, self.floors[0][1])
        self.receive(rows, way="outbox" if len(self.floors) > 1 else "start")
        self.floors.append((now, rows[-1][0] if rows else self.floors[-1][1]))
        while len(self.floors) > 1 and self.floors[1][0] < now - settings.LIVE["looks_back"]:
            self.floors.pop(0)
        self.seen = {pk: when for pk, when in self.seen.items() if pk > self.floors[0][1]}
