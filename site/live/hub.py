"""The hub: one per process, between what changes and the sockets that watch it.

It holds a snapshot of each watched region. A topic that is published makes regions stale; a stale region is rendered
once, from what is committed then, and each socket gets what turns the version it shows into the new one. As a
region's renderings follow each other and each reads what is committed, nobody is ever shown the past.
"""

import asyncio
import contextvars
import json
import logging
import time
import types
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from channels.layers import get_channel_layer
from django.conf import settings
from django.http import Http404
from django.utils import timezone

from live import metrics, outbox
from live.frames import change_frame, snapshot_frame
from live.threads import keep_connections, with_database

log = logging.getLogger("airside.live")

NOTHING, CHANGE, SNAPSHOT, RESYNC, REFUSED = metrics.OUTCOMES
GONE, TRY_AGAIN, NOT_ALLOWED = 4404, 1013, 4403
MOST_REGIONS = 5000  # of one process; each is a snapshot in memory, and a query's text can name any number
AT_A_TIME = 500  # sockets written to before other work gets a turn
KEPT = 16  # former snapshots of a region
UNKNOWN = "unknown"  # no version, for each that is none of those
FINISHED = object()
LATE = 10  # seconds without a heartbeat of its own after which a hub counts as stuck


class Socket:
    """One browser's socket to one region. ``version`` is what its page shows, or will when what was sent arrives."""

    __slots__ = ("ask", "busy_since", "closed", "on_drained", "send", "since_round", "slot", "version")

    def __init__(self, send, version="", ask=None, slot=0):
        self.send = send
        self.version = version
        self.ask = ask  # whether the person may still look, or None where anybody may
        self.slot = slot
        self.since_round = 0
        self.busy_since = None
        self.closed = False
        self.on_drained = None

    def push(self, text):
        """Send, without waiting. False: what was sent before still waits for the reader, and this was not sent.

        Most sends finish at once; such a one costs neither a task nor a turn of the event loop.
        """
        if self.busy_since or self.closed:
            return False
        self.start({"type": "websocket.send", "text": text})
        return True

    def close(self, code):
        if not self.closed:
            self.closed = True
            self.start({"type": "websocket.close", "code": code})

    def start(self, message):
        try:
            step = self.send(message).__await__()
            waits_for = next(step, FINISHED)
        except Exception:  # the connection went away under us; its disconnect arrives by itself
            self.closed = True
            return
        if waits_for is not FINISHED:
            self.busy_since = time.monotonic()
            asyncio.ensure_future(self.drain(step, waits_for))  # noqa: RUF006  (the send it waits for holds it)

    async def drain(self, step, waits_for):
        with suppress(Exception):
            await go_on(step, waits_for)
        self.busy_since = None
        if self.on_drained and not self.closed:
            self.on_drained(self)


@types.coroutine
def go_on(step, waits_for):
    """Await the rest of what has been stepped by hand up to what it waits for."""
    while True:
        try:
            value = yield waits_for
        except BaseException as fault:
            waits_for = step.throw(fault)
        else:
            try:
                waits_for = step.send(value)
            except StopIteration:
                return


class Watched:
    """One region that sockets of this process watch: its snapshot, and who shows which version of it."""

    def __init__(self, hub, region):
        self.hub = hub
        self.region = region
        self.topics = region.topics()
        self.sockets = set()
        self.snapshot = None
        self.former = {}  # the last few snapshots before it, by version
        self.ways = {}  # what leads to it, by the version it leads from
        self.stale = False
        self.heard_at = None  # the first change that waits to be shown
        self.round = 0
        self.rendered_at = 0
        self.task = None
        self.timer = None

    def join(self, socket):
        socket.on_drained = self.catch_up
        self.sockets.add(socket)
        if self.snapshot and socket.version == self.snapshot.version:
            return  # it shows what everybody shows, and hears what everybody hears
        # Its page may be older than our snapshot, or newer where a hint is still under way: only a rendering
        # that begins from here on is sure not to show it the past.
        socket.since_round = self.round + 1
        self.touch()

    def touch(self, heard_at=None):
        """Something it shows has changed: render it anew, soon, and once however often this is called."""
        self.stale = True
        self.heard_at = self.heard_at or heard_at
        if self.task is None or self.task.done():
            self.task = start(self.refresh())

    async def refresh(self):
        while self.stale and self.sockets:
            await asyncio.sleep(self.rendered_at + settings.LIVE["between_renders"] - time.monotonic())
            self.stale = False
            heard_at, self.heard_at = self.heard_at, None
            self.round += 1
            self.rendered_at = time.monotonic()
            try:
                after, topics = await self.hub.in_thread(self.render)
                metrics.renders.labels(self.name).observe(time.monotonic() - self.rendered_at)
                await self.fan_out(after, heard_at)
                if topics != self.topics:
                    self.hub.turn_to(self, topics)
                if not self.stale:
                    self.wait_for(await self.hub.in_thread(self.region.stale_at, after.read_at))
            except Http404:
                self.close(GONE)
                return
            except Exception:
                log.exception("cannot render %s", self.region)
                metrics.render_failures.labels(self.name).inc()
                self.stale = True
                self.heard_at = heard_at or self.heard_at
                await asyncio.sleep(1)

    def render(self):
        """It, rendered anew, and the topics it has now: those of one that shows today are others tomorrow."""
        return self.region.render(), self.region.topics()

    async def fan_out(self, after, heard_at=None):
        self.replace(after)
        outcomes = [0] * len(metrics.OUTCOMES)
        for done, socket in enumerate(list(self.sockets), 1):
            outcomes[self.show(socket)] += 1
            if not done % AT_A_TIME:
                await asyncio.sleep(0)
        metrics.shown(self.name, outcomes, heard_at)

    def replace(self, after):
        before, self.snapshot = self.snapshot, after
        if before and before.version != after.version:
            self.ways = {}
            self.former.pop(before.version, None)
            self.former[before.version] = before
            if len(self.former) > KEPT:
                del self.former[next(iter(self.former))]

    def show(self, socket):
        """Bring one socket to the current version. What that came to, as one of ``metrics.OUTCOMES``."""
        if self.snapshot is None or socket.version == self.snapshot.version or socket.since_round > self.round:
            return NOTHING
        frame, outcome = self.ways.get(socket.version) or self.way_from(socket.version)
        if not socket.push(frame):
            return REFUSED
        socket.version = self.snapshot.version
        return outcome

    def way_from(self, version):
        """The frame that leads from a version to the current one: what differs, or all from one that is not known."""
        before = self.former.get(version)
        if not before:
            version = version and UNKNOWN
        if version not in self.ways:
            self.ways[version] = (
                (change_frame(before, self.snapshot), CHANGE)
                if before
                else (snapshot_frame(self.snapshot), RESYNC if version else SNAPSHOT)
            )
        return self.ways[version]

    def catch_up(self, socket):
        """Show it what it has missed, now that it reads again."""
        outcomes = [0] * len(metrics.OUTCOMES)
        outcomes[self.show(socket)] = 1
        metrics.shown(self.name, outcomes)

    def wait_for(self, stale_at):
        """Touch it when time alone has changed it."""
        if self.timer:
            self.timer.cancel()
        self.timer = None
        if stale_at and self.sockets:
            delay = max((stale_at - timezone.now()).total_seconds(), 0.05)
            self.timer = asyncio.get_running_loop().call_later(min(delay, 3600), self.touch)

    def close(self, code):
        for socket in self.sockets:
            socket.close(code)

    @property
    def name(self):
        return type(self.region).__name__

    def end(self):
        if self.timer:
            self.timer.cancel()


class Hub:
    def __init__(self):
        self.watched = {}  # by address
        self.by_topic = defaultdict(set)
        self.seen = {}  # outbox ids heard of, with when
        self.floors = []  # (when, newest id then): how far the outbox is read back
        # one slow region leaves three
        self.readers = ThreadPoolExecutor(4, thread_name_prefix="render", initializer=keep_connections)
        self.tasks = []
        self.beats = 0
        self.beat_at = None
        self.hinted = asyncio.Event()

    def fault(self):
        """What keeps it from its work, in words, or None. One that nobody has joined yet has no work."""
        if any(task.done() for task in self.tasks):
            return "ended"
        if self.tasks and time.monotonic() - self.beat_at > LATE:
            return f"no heartbeat for {LATE} seconds"
        return None

    # Sockets come and go

    def join(self, region, socket):
        """Let a socket watch a region. False where this process watches too many to take on another."""
        if not self.tasks:
            self.beat_at = time.monotonic()
            self.tasks = [start(self.for_ever(job)) for job in (self.listen, self.read, self.look_after)]
        watched = self.watched.get(region.address)
        if watched is None:
            if len(self.watched) >= MOST_REGIONS:
                metrics.dropped.labels("full").inc()
                return False
            watched = self.watched[region.address] = Watched(self, region)
            self.follow(watched)
        watched.join(socket)
        metrics.opened.labels(watched.name).inc()
        return True

    def leave(self, region, socket):
        socket.closed = True
        watched = self.watched.get(region.address)
        if watched is None or socket not in watched.sockets:
            return
        watched.sockets.discard(socket)
        if not watched.sockets:
            watched.end()
            del self.watched[region.address]
            self.unfollow(watched)

    def follow(self, watched):
        for topic in watched.topics:
            self.by_topic[topic].add(watched)

    def unfollow(self, watched):
        for topic in watched.topics:
            self.by_topic[topic].discard(watched)
            if not self.by_topic[topic]:
                del self.by_topic[topic]

    def turn_to(self, watched, topics):
        """Let a region follow other topics, and render it once more: what came of them until now was not heard."""
        self.unfollow(watched)
        watched.topics = topics
        if watched.sockets:
            self.follow(watched)
            watched.touch()

    # Changes

    def hear(self, rows, way="hint"):
        """Outbox rows, from a hint or from the outbox itself: touch what they make stale, once for each row."""
        now = time.monotonic()
        for pk, topic in rows:
            if pk not in self.seen:
                self.seen[pk] = now
                metrics.signals.labels(way).inc()
                for watched in self.by_topic.get(topic, ()):
                    watched.touch(now)

    async def for_ever(self, job):
        while True:
            try:
                await job()
            except Exception as fault:
                log.warning("%s failed, again in a second: %s", job.__name__, fault)
                metrics.job_failures.labels(job.__name__).inc()
                await asyncio.sleep(1)

    async def listen(self):
        """Hints, through the channel layer. Membership of a group ends after a day: it is renewed long before.

        Meanwhile it goes on receiving: Redis's layer takes a wait that is cancelled for the end of the channel.
        """
        layer = get_channel_layer()
        channel = await layer.new_channel()

        async def stay_in_group():
            await layer.group_add(outbox.GROUP, channel)
            await asyncio.sleep(settings.LIVE["renews_every"])

        staying = start(self.for_ever(stay_in_group))
        try:
            while True:
                message = await layer.receive(channel)
                self.hinted.set()
                self.hear(message["rows"])
        finally:
            staying.cancel()

    async def read(self):
        """The outbox, for what no hint told. Ids commit out of order, so it looks back a little."""
        if not self.floors:
            self.floors = [(time.monotonic(), max(0, await self.in_thread(outbox.newest) - 1000))]
        await asyncio.sleep(settings.LIVE["outbox_every"])
        now = time.monotonic()
        rows = await self.in_thread(outbox.since, self.floors[0][1])
        self.hear(rows, way="outbox" if len(self.floors) > 1 else "start")
        self.floors.append((now, rows[-1][0] if rows else self.floors[-1][1]))
        while len(self.floors) > 1 and self.floors[1][0] < now - settings.LIVE["looks_back"]:
            self.floors.pop(0)
        self.seen = {pk: when for pk, when in self.seen.items() if pk > self.floors[0][1]}

    async def look_after(self):
        """Each second: heartbeats to a part of the sockets, and 1013 to readers that stall; sometimes more."""
        await asyncio.sleep(1)
        self.beats += 1
        self.beat_at = time.monotonic()
        every = max(1, round(settings.LIVE["beat_every"]))
        beat = json.dumps({"beat": settings.RELEASE, "at": round(time.time(), 1)})
        too_long_ago = time.monotonic() - settings.LIVE["stalled_after"]
        sent = 0
        for watched in list(self.watched.values()):
            for socket in list(watched.sockets):
                if socket.busy_since and socket.busy_since < too_long_ago and not socket.closed:
                    log.warning("a reader of %s stalls, closed", watched.region)
                    metrics.dropped.labels("stalled").inc()
                    socket.close(TRY_AGAIN)
                elif socket.slot % every == self.beats % every:
                    sent += socket.push(beat)
        metrics.frames.labels("beat").inc(sent)
        if not self.beats % settings.LIVE["asks_again_every"]:
            await self.ask_again()
        if not self.beats % 60:
            await self.in_thread(outbox.prune)

    async def ask_again(self):
        """Ask whether who looks at what is not public still may; roles, sessions and links end at any time."""
        asking = [(watched, socket) for watched in self.watched.values() for socket in watched.sockets if socket.ask]
        if not asking:
            return
        answers = await self.in_thread(lambda: [socket.ask() for _, socket in asking])
        for (_, socket), code in zip(asking, answers, strict=True):
            if code:
                socket.close(code)

    async def in_thread(self, job, *args):
        """Run what asks the database in a thread of the hub's own, in the caller's context: its log names the request."""
        run = contextvars.copy_context().run
        return await asyncio.get_running_loop().run_in_executor(self.readers, run, with_database, job, *args)


def start(job):
    """A task of the hub's own, in a context of its own: whoever happens to join first is none of its business."""
    return asyncio.get_running_loop().create_task(job, context=contextvars.Context())


hub = Hub()
metrics.watch(hub)
