"""The hub: one per process, between what changes and the sockets that watch it.

It holds a snapshot of each watched region. A topic that is published makes regions stale; a stale region is rendered
once, from what is committed then, and each socket gets what turns the version it shows into the new one. As a
region's renderings follow each other and each reads what is committed, nobody is ever shown the past.
"""

import asyncio
import json
import logging
import time
import types
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import close_old_connections
from django.http import Http404
from django.utils import timezone

from live import outbox
from live.frames import change_frame, snapshot_frame

log = logging.getLogger("airside.live")

GONE, TRY_AGAIN, NOT_ALLOWED = 4404, 1013, 4403
MOST_REGIONS = 5000  # of one process; each is a snapshot in memory, and a query's text can name any number
AT_A_TIME = 500  # sockets written to before other work gets a turn


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
        step = self.send(message)
        try:
            waits_for = step.send(None)
        except StopIteration:
            return
        except Exception:  # the connection went away under us; its disconnect arrives by itself
            self.closed = True
            return
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
    """Await the rest of a coroutine that has been stepped by hand up to what it waits for."""
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
        self.frame = None  # the snapshot's, made when somebody first needs it
        self.stale = False
        self.round = 0
        self.rendered_at = 0
        self.task = None
        self.timer = None

    def join(self, socket):
        socket.on_drained = self.show
        self.sockets.add(socket)
        if self.snapshot and socket.version == self.snapshot.version:
            return  # it shows what everybody shows, and hears what everybody hears
        # Its page may be older than our snapshot, or newer where a hint is still under way: only a rendering
        # that begins from here on is sure not to show it the past.
        socket.since_round = self.round + 1
        self.touch()

    def touch(self):
        """Something it shows has changed: render it anew, soon, and once however often this is called."""
        self.stale = True
        if self.task is None or self.task.done():
            self.task = asyncio.ensure_future(self.refresh())

    async def refresh(self):
        while self.stale and self.sockets:
            await asyncio.sleep(self.rendered_at + settings.LIVE["between_renders"] - time.monotonic())
            self.stale = False
            self.round += 1
            self.rendered_at = time.monotonic()
            try:
                after = await self.hub.in_thread(self.region.render)
            except Http404:
                self.close(GONE)
                return
            except Exception:
                log.exception("cannot render %s", self.region)
                self.stale = True
                await asyncio.sleep(1)
                continue
            await self.fan_out(after)
            self.wait_for(after.stale_at)

    async def fan_out(self, after):
        before, self.snapshot = self.snapshot, after
        if before and before.version == after.version:
            change = None
        else:
            self.frame = None
            change = change_frame(before, after) if before else None
        for done, socket in enumerate(list(self.sockets), 1):
            self.show(socket, before, change)
            if not done % AT_A_TIME:
                await asyncio.sleep(0)

    def show(self, socket, before=None, change=None):
        """Bring one socket to the current version: by the change, if it shows what came before, else by the snapshot."""
        if self.snapshot is None or socket.version == self.snapshot.version or socket.since_round > self.round:
            return
        if change is None or socket.version != before.version:
            change = self.frame = self.frame or snapshot_frame(self.snapshot)
        if socket.push(change):
            socket.version = self.snapshot.version

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

    def end(self):
        if self.timer:
            self.timer.cancel()


class Hub:
    def __init__(self):
        self.watched = {}  # by address
        self.by_topic = defaultdict(set)
        self.seen = {}  # outbox ids heard of, with when
        self.floors = []  # (when, newest id then): how far the outbox is read back
        self.readers = ThreadPoolExecutor(4, thread_name_prefix="render")  # one slow region leaves three
        self.tasks = []
        self.beats = 0

    # Sockets come and go

    def join(self, region, socket):
        """Let a socket watch a region. False where this process watches too many to take on another."""
        if not self.tasks:
            self.tasks = [
                asyncio.ensure_future(self.for_ever(job)) for job in (self.listen, self.read, self.look_after)
            ]
        watched = self.watched.get(region.address)
        if watched is None:
            if len(self.watched) >= MOST_REGIONS:
                return False
            watched = self.watched[region.address] = Watched(self, region)
            for topic in watched.topics:
                self.by_topic[topic].add(watched)
        watched.join(socket)
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
            for topic in watched.topics:
                self.by_topic[topic].discard(watched)
                if not self.by_topic[topic]:
                    del self.by_topic[topic]

    # Changes

    def hear(self, rows):
        """Outbox rows, from a hint or from the outbox itself: touch what they make stale, once for each row."""
        now = time.monotonic()
        for pk, topic in rows:
            if pk not in self.seen:
                self.seen[pk] = now
                for watched in self.by_topic.get(topic, ()):
                    watched.touch()

    async def for_ever(self, job):
        while True:
            try:
                await job()
            except Exception as fault:
                log.warning("%s failed, again in a second: %s", job.__name__, fault)
                await asyncio.sleep(1)

    async def listen(self):
        """Hints, through the channel layer. Membership of a group ends after a day: it is renewed long before."""
        layer = get_channel_layer()
        channel = await layer.new_channel()
        while True:
            await layer.group_add(outbox.GROUP, channel)
            with suppress(TimeoutError):
                async with asyncio.timeout(settings.LIVE["renews_every"]):
                    while True:
                        message = await layer.receive(channel)
                        self.hear(message["rows"])

    async def read(self):
        """The outbox, for what no hint told. Ids commit out of order, so it looks back a little."""
        if not self.floors:
            self.floors = [(time.monotonic(), max(0, await self.in_thread(outbox.newest) - 1000))]
        await asyncio.sleep(settings.LIVE["outbox_every"])
        now = time.monotonic()
        rows = await self.in_thread(outbox.since, self.floors[0][1])
        self.hear(rows)
        self.floors.append((now, rows[-1][0] if rows else self.floors[-1][1]))
        while len(self.floors) > 1 and self.floors[1][0] < now - settings.LIVE["looks_back"]:
            self.floors.pop(0)
        self.seen = {pk: when for pk, when in self.seen.items() if pk > self.floors[0][1]}

    async def look_after(self):
        """Each second: heartbeats to a part of the sockets, and 1013 to readers that stall; sometimes more."""
        await asyncio.sleep(1)
        self.beats += 1
        every = max(1, round(settings.LIVE["beat_every"]))
        beat = json.dumps({"beat": settings.RELEASE, "at": round(time.time(), 1)})
        too_long_ago = time.monotonic() - settings.LIVE["stalled_after"]
        for watched in list(self.watched.values()):
            for socket in list(watched.sockets):
                if socket.busy_since and socket.busy_since < too_long_ago:
                    log.warning("a reader of %s stalls, closed", watched.region)
                    socket.close(TRY_AGAIN)
                elif socket.slot % every == self.beats % every:
                    socket.push(beat)
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
        """Run what asks the database in a thread of the hub's own."""
        return await asyncio.get_running_loop().run_in_executor(self.readers, with_database, job, *args)


def with_database(job, *args):
    close_old_connections()
    try:
        return job(*args)
    finally:
        close_old_connections()


hub = Hub()
