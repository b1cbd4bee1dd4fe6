"""A watched region: rendered once for all who watch it, and each socket gets what differs from the version it shows."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.http import Http404
from django.utils import timezone

from limits import neighbourhood
from live import metrics
from live.codes import GONE, NOT_ALLOWED
from live.frames import change_frame, snapshot_frame
from live.metrics import CHANGE, NOTHING, REFUSED, RESYNC, SNAPSHOT
from live.regions import Region, Snapshot
from live.tasks import is_time_to_log, start
from live.threads import SharedThreads
from live.writing import Socket

log = logging.getLogger("airside.live")

T = TypeVar("T")

CHUNK = 500  # sockets written to before other tasks get the event loop
FEW = 3  # sockets: fewer do not make a region one that many watch
MANY = 5  # addresses: nor do fewer, where it has a filter
LONGEST_PAUSE = 60  # seconds between two tries of a region that fails
TIMES = 3  # so many times what a rendering took passes from its beginning to the next one
LONGEST_BETWEEN = 0.5  # seconds; a rendering that takes longer is followed by the next at once
BURST = 3  # changes since the last rendering
QUIET = 0.05  # seconds without a change
LATE = 10  # seconds after which a rendering is reported
KEPT = 16  # earlier snapshots of a region
UNKNOWN = "unknown"  # stands for every version that is not kept


class Watched:
    """One region that sockets of this process watch: its current snapshot, and the sockets.

    Renderings of one region never overlap, and each reads what is committed when it begins. So no socket is ever shown
    an older state after a newer one. ``region`` belongs to the rendering thread: nothing else may use it.
    ``resubscribe(watched, topics)`` is called when its topics have changed.
    """

    def __init__(
        self,
        region: Region,
        topics: Collection[str],
        threads: SharedThreads,
        resubscribe: "Callable[[Watched, Collection[str]], None]",
    ) -> None:
        self.region = region
        self.topics = topics
        self.threads = threads
        self.resubscribe = resubscribe
        self.name = type(region).__name__
        self.sockets: set[Socket] = set()
        self.clients: Counter[str] = Counter()  # how many of them each address has
        self.failures = 0  # one after the other
        self.snapshot: Snapshot | None = None
        self.earlier: dict[str, Snapshot] = {}  # the last few snapshots before it, by version
        self.frames: dict[str, tuple[str, int]] = {}  # frames that lead to it, by the version they lead from
        self.stale = False
        self.changed: set[str] | None = None  # the topics that changed since the last rendering; None: perhaps anything
        self.signal_at: float | None = None  # when the first change that is not shown yet was heard of
        self.round = 0
        self.rendered_at = 0.0
        self.heard = 0  # so many changes since the last rendering began
        self.heard_at = 0.0
        self.took = 0.0  # seconds, to render and to send what changed
        self.task: asyncio.Task[None] | None = None
        self.timer: asyncio.TimerHandle | None = None

    def join(self, socket: Socket) -> None:
        socket.on_drained = self.catch_up
        self.sockets.add(socket)
        self.clients[neighbourhood(socket.client)] += 1
        if not self.is_current_on(socket):
            # Its page may be older than our snapshot, or newer, where a hint is still on its way. Only a rendering
            # that begins from now on is certain not to be older than the page.
            socket.min_round = self.round + 1
            self.mark_stale()

    def is_current_on(self, socket: Socket) -> bool:
        return self.snapshot is not None and socket.version == self.snapshot.version

    def leave(self, socket: Socket) -> None:
        self.sockets.discard(socket)
        client = neighbourhood(socket.client)
        self.clients[client] -= 1
        if not self.clients[client]:
            del self.clients[client]
        if not self.sockets and self.timer:
            self.timer.cancel()

    def turn(self, is_change: bool = False) -> tuple[str, bool]:
        """Who waits for its rendering: the address that came first, and it is minor, or "" for all, where many watch.

        A region with a filter takes more addresses to count as one, since one client may have several. A change of what not
        everybody may see, as somebody's order and the kitchen that makes it, is not minor: nobody can open many of those.
        """
        if is_change and not self.region.public:
            return "", False
        addresses = len(self.clients)
        is_for_many = addresses >= MANY if self.region.filters else addresses > 1 or len(self.sockets) >= FEW
        return ("", False) if is_for_many else (next(iter(self.clients), ""), True)

    # Rendering

    def mark_stale(self, signal_at: float | None = None, topic: str | None = None) -> None:
        """Something that it shows has changed: render it again, soon, and once however often this is called."""
        self.stale = True
        self.heard, self.heard_at = self.heard + 1, time.monotonic()
        if topic is None:
            self.changed = None
        elif self.changed is not None:
            self.changed.add(topic)
        self.signal_at = self.signal_at or signal_at
        if not self.is_refreshing():
            self.task = start(self.refresh())

    def is_refreshing(self) -> bool:
        return self.task is not None and not self.task.done()

    async def refresh(self) -> None:
        """Render until nothing has changed meanwhile."""
        while self.stale and self.sockets:
            await asyncio.sleep(max(self.rendered_at + self.pause(), self.burst_ends()) - time.monotonic())
            if self.burst_ends() > time.monotonic():
                continue
            self.stale, self.heard = False, 0
            signal_at, self.signal_at = self.signal_at, None
            changed, self.changed = self.changed, set()
            self.round += 1
            self.rendered_at = time.monotonic()
            try:
                turn = self.turn(signal_at is not None)
                after, topics = await self.in_turn(turn, self.render, changed)
                self.failures = 0
                metrics.renders.labels(self.name).observe(time.monotonic() - self.rendered_at)
                await self.fan_out(after, signal_at)
                self.took = time.monotonic() - self.rendered_at
                if topics != self.topics:
                    self.resubscribe(self, topics)
                if not self.stale:
                    self.render_at(await self.in_turn(turn, self.region.stale_at, after.read_at))
            except Http404:
                code = NOT_ALLOWED if type(self.region).by_link else GONE  # a link that was revoked opens nothing
                for socket in self.sockets:
                    socket.close(code)
                return
            except Exception:
                metrics.render_failures.labels(self.name).inc()
                if not self.failures:
                    log.exception("cannot render %s", self.region)
                self.failures += 1
                self.stale = True
                self.changed = None
                self.signal_at = signal_at or self.signal_at
                await asyncio.sleep(min(2 ** min(self.failures - 1, 6), LONGEST_PAUSE))

    async def in_turn(self, turn: tuple[str, bool], job: Callable[..., T], *args: Any) -> T:
        """Run what reads the region in a thread, in turn. One that takes long is reported, and waited for."""
        late = asyncio.get_running_loop().call_later(LATE, self.report_late)
        try:
            return await self.threads.run_for(*turn, job, *args)
        finally:
            late.cancel()

    def report_late(self) -> None:
        """It waits for its turn, or takes long. Where one client has hundreds that wait, one line is enough."""
        metrics.late_renders.labels(self.name).inc()
        if is_time_to_log(("late", self.name)):
            log.warning("a rendering of %s has taken or waited more than %d s", self.name, LATE)

    def pause(self) -> float:
        """Seconds from one rendering to the next. Where hundreds watch, it is the longer the longer rendering and sending take,
        so that a burst of changes leaves time to all others."""
        least: float = settings.LIVE["between_renders"]
        return least if len(self.sockets) < CHUNK else max(least, min(self.took * TIMES, LONGEST_BETWEEN))

    def burst_ends(self) -> float:
        """Where hundreds watch, changes that come one upon the other are shown together: once none has come for a moment, or
        LONGEST_BETWEEN after the last rendering. A change alone waits for nothing, nor does the first of many."""
        if self.heard < BURST or len(self.sockets) < CHUNK:
            return 0
        return min(self.heard_at + QUIET, self.rendered_at + LONGEST_BETWEEN)

    def render(self, changed: Collection[str] | None = None) -> tuple[Snapshot, Collection[str]]:
        """The region rendered now, and its topics: those of a region for "today" are different tomorrow."""
        self.region.changed = changed
        return self.region.render(), self.region.topics()

    def render_at(self, moment: datetime | None) -> None:
        """Render it again at this moment, when time alone will have changed it."""
        if self.timer:
            self.timer.cancel()
        self.timer = None
        if moment and self.sockets:
            delay = max((moment - timezone.now()).total_seconds(), 0.05)
            self.timer = asyncio.get_running_loop().call_later(min(delay, 3600), self.mark_stale)

    # Fan-out

    async def fan_out(self, after: Snapshot, signal_at: float | None = None) -> None:
        """Bring all sockets to this snapshot."""
        self.replace(after)
        outcomes = [0] * len(metrics.OUTCOMES)
        for done, socket in enumerate(list(self.sockets), 1):
            outcomes[self.show(socket)] += 1
            if not done % CHUNK:
                await asyncio.sleep(0)
        metrics.shown(self.name, outcomes, signal_at)

    def replace(self, after: Snapshot) -> None:
        before, self.snapshot = self.snapshot, after
        if before and before.version != after.version:
            self.frames = {}
            self.earlier.pop(before.version, None)
            self.earlier[before.version] = before
            if len(self.earlier) > KEPT:
                del self.earlier[next(iter(self.earlier))]

    def show(self, socket: Socket) -> int:
        """Bring one socket to the current version. Returns one of ``metrics.OUTCOMES``."""
        if self.snapshot is None or socket.version == self.snapshot.version or socket.min_round > self.round:
            return NOTHING
        frame, outcome = self.frames.get(socket.version) or self.frame_from(socket.version, self.snapshot)
        if not socket.push(frame):
            return REFUSED
        socket.version = self.snapshot.version
        return outcome

    def frame_from(self, version: str, current: Snapshot) -> tuple[str, int]:
        """The frame from this version to the current one: the changes, or all of it where this version is not kept."""
        before = self.earlier.get(version)
        if not before:
            version = version and UNKNOWN
        if version not in self.frames:
            self.frames[version] = (
                (change_frame(before, current), CHANGE)
                if before
                else (snapshot_frame(current), RESYNC if version else SNAPSHOT)
            )
        return self.frames[version]

    def catch_up(self, socket: Socket) -> None:
        """Show a socket what it has missed, now that its reader has caught up."""
        outcomes = [0] * len(metrics.OUTCOMES)
        outcomes[self.show(socket)] = 1
        metrics.shown(self.name, outcomes)
