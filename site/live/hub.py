"""The hub: one per process, between what changes and the sockets that watch.

It keeps the register of who watches what, and runs the jobs that serve it: ``listening`` hears of changes,
``rendering`` renders the regions that a change makes stale and sends what differs, ``heartbeats`` shows each page that
it is connected, ``rechecks`` asks again who may look. No job waits for another.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Collection

from live import metrics, outbox, rechecks
from live.bounds import Bounds
from live.heartbeats import LATE, Heartbeats
from live.listening import Listener
from live.rechecks import Rechecks
from live.regions import Region
from live.rendering import Watched
from live.tasks import repeat, start
from live.threads import SharedThreads, Threads
from live.writing import Socket

MAX_REGIONS = 10_000  # in one process: each is a snapshot in memory, and a client can name any number of queries
MODEST = 50  # regions: the second half of these is for addresses that watch fewer
PRUNE_EVERY = 60  # seconds


class Hub:
    def __init__(self) -> None:
        self.watched: dict[str, Watched] = {}  # by address
        self.by_topic: defaultdict[str, set[Watched]] = defaultdict(set)
        self.bounds = Bounds()
        self.renders = SharedThreads("render", 4)
        self.answers = Threads("answer", 2)  # first checks of sockets, and their topics
        self.texts = Threads("text", 2)  # texts that sockets send: these may write, and so wait for a lock
        self.outbox = Threads("outbox", 1)
        self.checks = Threads("check", rechecks.WORKERS)
        self.listener = Listener(self.mark_stale, self.outbox)
        self.heartbeats = Heartbeats(self.watched)
        self.rechecks = Rechecks(self.watched, self.checks)
        self.tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        jobs = [
            ("hints", self.listener.take_hints),
            ("outbox", self.listener.read_outbox),
            ("heartbeats", self.heartbeats.beat),
            ("prune", self.prune),
            *[("access", self.rechecks.recheck)] * rechecks.WORKERS,
        ]
        self.heartbeats.beat_at = time.monotonic()
        self.tasks = [start(repeat(name, job)) for name, job in jobs]

    def fault(self) -> str | None:
        """What keeps the hub from its work, in words, or None. It starts with the first socket; before, it has no work."""
        if any(task.done() for task in self.tasks):
            return "ended"
        if self.tasks and self.heartbeats.is_late():
            return f"no heartbeat for {LATE} seconds"
        return None

    def shutdown(self) -> None:
        """Wait for its threads to end; nothing may watch any more."""
        for threads in (self.renders, self.answers, self.texts, self.outbox, self.checks):
            threads.shutdown()

    async def prune(self) -> None:
        await asyncio.sleep(PRUNE_EVERY)
        await self.outbox.run(outbox.prune)

    # Who watches what

    async def topics_of(self, region: Region) -> Collection[str]:
        """A region's topics, for ``join``. They may be looked up in the database, so a thread does it, and only once."""
        watched = self.watched.get(region.address)
        return watched.topics if watched else await self.answers.run(region.topics)

    def join(self, region: Region, topics: Collection[str], socket: Socket) -> bool:
        """Let a socket watch a region. False where this process, or the socket's address, watches too many regions.

        From here on ``region`` belongs to the hub, whose threads render it.
        """
        if not self.tasks:
            self.start()
        watched = self.watched.get(region.address)
        most = MAX_REGIONS if self.bounds.regions.of(socket.client) < MODEST else MAX_REGIONS // 2
        if watched is None and len(self.watched) >= most:
            metrics.dropped.labels("full").inc()
            return False
        if not self.bounds.watch(socket.client, region):
            metrics.dropped.labels("address").inc()
            return False
        if watched is None:
            watched = self.watched[region.address] = Watched(region, topics, self.renders, self.resubscribe)
            self.subscribe(watched)
        watched.join(socket)
        metrics.opened.labels(watched.name).inc()
        return True

    def leave(self, address: str, socket: Socket) -> None:
        socket.closed = True
        watched = self.watched.get(address)
        if watched is None or socket not in watched.sockets:
            return
        watched.leave(socket)
        self.bounds.unwatch(socket.client, watched.region)
        if not watched.sockets:
            del self.watched[address]
            self.unsubscribe(watched)

    # Which topics make which region stale

    def mark_stale(self, topic: str, signal_at: float) -> None:
        if topic.startswith(rechecks.ROLES):
            self.rechecks.roles_have_changed(topic)
        for watched in self.by_topic.get(topic, ()):
            watched.mark_stale(signal_at, topic)
            if not watched.region.public:
                self.rechecks.soon(watched)  # a link may have been revoked

    def subscribe(self, watched: Watched) -> None:
        for topic in watched.topics:
            self.by_topic[topic].add(watched)

    def unsubscribe(self, watched: Watched) -> None:
        for topic in watched.topics:
            self.by_topic[topic].discard(watched)
            if not self.by_topic[topic]:
                del self.by_topic[topic]

    def resubscribe(self, watched: Watched, topics: Collection[str]) -> None:
        """Subscribe a region to other topics, and render it again: changes to them were not heard of until now."""
        self.unsubscribe(watched)
        watched.topics = topics
        if watched.sockets:
            self.subscribe(watched)
            watched.mark_stale()


hub = Hub()
metrics.watch(hub.watched)
