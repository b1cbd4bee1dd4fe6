"""What honest visitors see: those who watch a board, those who come anew, those who ask for pages.

    python -m tests.bench.hostile.honest

Takes a line of JSON, the arguments of Honest, and says ``{"connected": seconds}`` once all watch. Each further line is a
number of seconds, for which it measures; its answer is a line of JSON with every single figure, in seconds. All visitors
have one address, as those of a terminal behind one have.
"""

import asyncio
import gc
import json
import re
import sys
import time
from collections import Counter, defaultdict
from itertools import count, cycle

import uvloop

from tests.bench.hostile.wire import VERSION, Site, ask, bench, open_socket
from tests.bench.servers import raise_file_limit

ROWS = re.compile(rb'departure-(\d+)\\"')
PAGES_EVERY, VISITORS_EVERY, CHANGES_EVERY = 0.25, 1, 1  # seconds
FRAME_WITHIN, PAGE_WITHIN = 10, 30  # after which a visitor gives up
COMES_BACK = 1  # seconds after which a browser opens a lost socket again


class Watcher:
    """One open page: a socket that comes back when it is lost, and says then what it shows."""

    def __init__(self, honest, path, cookie):
        self.honest, self.path, self.cookie = honest, path, cookie
        self.heard_at = None  # when the last heartbeat came
        self.gap = 0.0

    async def open(self):
        self.ended = asyncio.get_running_loop().create_future()
        await open_socket(self.honest.site, self.honest.source, self.path, self.cookie, self.hear, self.end)

    async def stay(self, first):
        """Be open from now on; ``first`` is set once it is."""
        self.first = first
        while True:
            try:
                await self.open()
                why = await self.ended
            except OSError as fault:
                why = type(fault).__name__
            self.honest.lost[why] += 1
            await asyncio.sleep(COMES_BACK)

    def hear(self, kind, frame):
        now = time.monotonic()
        if kind == "open":
            self.first.set()
            self.heard_at = self.heard_at or now
        elif kind == "beat":
            self.gap, self.heard_at = self.longest_gap(now), now
        else:
            if found := VERSION.findall(frame):
                self.path = re.sub(r"\bv=\w*", f"v={found[-1].decode()}", self.path)
            self.honest.showed(self, frame, now)

    def longest_gap(self, now):
        return max(self.gap, now - (self.heard_at or now))

    def end(self, why):
        if not self.ended.done():
            self.ended.set_result(why)


class Honest:
    def __init__(self, site, source, watch, control=None, visits=(), pages=()):
        """``watch``: a path and cookies for each socket; ``control``: the port of the process that makes changes."""
        self.site, self.source, self.control = Site(*site), source, control
        self.watchers = [Watcher(self, path, cookie) for path, cookie in watch]
        self.visits, self.pages = visits, pages
        self.rows = {}  # of a frame's bytes: the rows that it has
        self.shown = defaultdict(dict)  # row → watcher → when it was shown last
        self.lost = Counter()
        self.tasks = set()

    async def open(self):
        """All watchers, fifty handshakes at a time; seconds until all have been open."""
        began, at_once = time.monotonic(), asyncio.Semaphore(50)

        async def open_one(watcher):
            async with at_once:
                first = asyncio.Event()
                self.start(watcher.stay(first))
                await first.wait()

        await asyncio.gather(*map(open_one, self.watchers))
        return time.monotonic() - began

    def start(self, job):
        task = asyncio.ensure_future(job)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def showed(self, watcher, frame, now):
        if frame not in self.rows:
            self.rows = {frame: set(ROWS.findall(frame))}
        for row in self.rows[frame]:
            self.shown[row][watcher] = now

    # Measuring

    async def measure(self, seconds):
        began, self.lost = time.monotonic(), Counter()
        self.first, self.no_frame, self.page_times, self.answers = [], Counter(), [], Counter()
        self.delays, self.failed = [], 0
        for watcher in self.watchers:
            watcher.gap, watcher.heard_at = 0.0, began
        until, cpu = began + seconds, time.process_time()
        jobs = []
        if self.pages:
            jobs.append(self.repeat(PAGES_EVERY, until, self.page, cycle(self.pages)))
        if self.visits:
            jobs.append(self.repeat(VISITORS_EVERY, until, self.visit, cycle(self.visits)))
        if self.control:
            jobs.append(self.changes(until))
        await asyncio.gather(asyncio.sleep(seconds), *jobs)
        now = time.monotonic()
        return {
            "first": self.first,
            "no_frame": self.no_frame,
            "delays": self.delays,
            "failed": self.failed,
            "pages": self.page_times,
            "answers": self.answers,
            "gaps": [watcher.longest_gap(now) for watcher in self.watchers],
            "lost": self.lost,
            "cpu": (time.process_time() - cpu) / (now - began),
        }

    async def repeat(self, every, until, job, things):
        """Do the job with the next thing every so often, however long those before take; returns once all have ended."""
        began, begun = time.monotonic(), []
        for number in count(1):
            begun.append(self.start(job(next(things))))
            if (due := began + number * every) >= until:
                break
            await asyncio.sleep(max(due - time.monotonic(), 0))
        await asyncio.gather(*begun)

    async def page(self, path):
        began = time.monotonic()
        try:
            status = (await ask(self.site, self.source, path, within=PAGE_WITHIN)).status
        except (OSError, TimeoutError) as fault:
            status = type(fault).__name__
        self.answers[str(status)] += 1
        self.page_times.append(time.monotonic() - began)

    async def visit(self, path):
        """Open a live part that nobody shows yet: seconds until its first frame."""
        began, first = time.monotonic(), asyncio.get_running_loop().create_future()

        def hear(kind, frame):
            if kind == "content" and not first.done():
                first.set_result(None)

        def end(why):
            if not first.done():
                first.set_result(why)

        socket = None
        try:
            async with asyncio.timeout(FRAME_WITHIN):
                socket = await open_socket(self.site, self.source, path, "", hear, end)
                why = await first
        except (OSError, TimeoutError) as fault:
            why = type(fault).__name__
        if why is None:
            self.first.append(time.monotonic() - began)
        else:
            self.no_frame[why] += 1
        if socket:
            socket.close("left")

    async def changes(self, until):
        """Changes, one after the other; seconds from each one's commit until the last watcher showed it, None for never."""
        waiting = []
        while (began := time.monotonic()) < until:
            try:
                changed = await bench(self.control, "change")
            except (OSError, TimeoutError, ValueError):
                self.failed += 1
            else:
                waiting.append(self.start(self.reached(changed, max(until, time.monotonic() + FRAME_WITHIN))))
            await asyncio.sleep(max(began + CHANGES_EVERY - time.monotonic(), 0.05))
        self.delays = [await one for one in waiting]

    async def reached(self, changed, until):
        row, committed = changed["row"].rpartition("-")[2].encode(), changed["committed"]
        while time.monotonic() < until:
            moments = [self.shown[row].get(watcher, 0) for watcher in self.watchers]
            if min(moments) >= committed:
                return max(moments) - committed
            await asyncio.sleep(0.05)
        return None


async def serve():
    raise_file_limit()
    gc.disable()
    lines = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    honest = Honest(**json.loads(await lines.readline()))
    tell({"connected": await honest.open()})
    while line := await lines.readline():
        tell(await honest.measure(json.loads(line)))


def tell(answer):
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    uvloop.run(serve())
