"""Asks again whether visitors may still look: roles, sessions and links end while sockets are open."""

import asyncio
import time
from collections import deque
from collections.abc import Mapping

from django.conf import settings

from live.access import Access
from live.rendering import Watched
from live.tasks import report
from live.threads import Threads

WORKERS = 2  # checks at a time, each in a thread: while one hangs, the other does the rest
SLOW = 0.2  # seconds
NEVER = (False, 0.0)


class Rechecks:
    """Checks each (region, session) once a round, however many sockets share it, and closes those that may no longer look.

    A check that fails is reported, and its sockets stay open until the next round. Checks that were slow the last time
    come last in a round, so that they delay only each other.
    """

    def __init__(self, watched: Mapping[str, Watched], threads: Threads) -> None:
        self.watched = watched
        self.threads = threads
        self.waiting: deque[Access] = deque()
        self.running: set[Access] = set()
        self.last: dict[Access, tuple[bool, float]] = {}  # whether its last check was slow, and when that ended
        self.due = 0.0

    async def recheck(self) -> None:
        """One check. So many workers repeat this side by side."""
        if time.monotonic() >= self.due:
            self.begin_round()
        if not self.waiting:
            await asyncio.sleep(max(self.due - time.monotonic(), 0.01))
            return
        access = self.waiting.popleft()
        self.running.add(access)
        began = time.monotonic()
        try:
            if code := await self.threads.run(access.refusal):
                self.close(access, code)
        except Exception:
            report("access", "an access check of %s failed", type(access.region).__name__)
        finally:
            self.running.discard(access)
            self.last[access] = (time.monotonic() - began > SLOW, time.monotonic())

    def begin_round(self) -> None:
        self.due = time.monotonic() + settings.LIVE["recheck_every"]
        sockets = [socket for watched in self.watched.values() for socket in watched.sockets if not socket.closed]
        asked = {socket.access for socket in sockets if socket.access}
        self.last = {access: last for access, last in self.last.items() if access in asked}
        self.waiting = deque(sorted(asked - self.running, key=lambda access: self.last.get(access, NEVER)))

    def close(self, access: Access, code: int) -> None:
        watched = self.watched.get(access.address)
        for socket in watched.sockets if watched else ():
            if socket.access == access:
                socket.close(code)
