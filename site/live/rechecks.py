"""Asks again whether visitors may still look: roles, sessions and links end while sockets are open.

What ends is mostly heard of: a change of roles and the revocation of a link are published, and one look at all sessions
each few seconds tells which have ended, or are somebody else's now. Those are asked about at once. All others are asked
about now and then as well, since what ``allows`` depends on may change without a word.
"""

import asyncio
import time
from collections import deque
from collections.abc import Hashable, Mapping
from contextlib import suppress

from django.conf import settings

from live.access import Access, stamps_of
from live.rendering import Watched
from live.tasks import report
from live.threads import Threads

WORKERS = 2  # checks at a time, each in a thread: while one hangs, the other does the rest
ROUNDS = 10  # after so many rounds each is asked about, whatever was heard
SLOW = 0.2  # seconds
NEVER = (False, 0.0)
ROLES = "access"  # the topic of changes in who may do what


class Rechecks:
    """Checks each (region, session) that may have lost its permission, and closes all its sockets if it has.

    A check that fails is reported, and its sockets stay open until the next round. Checks that were slow the last time
    come last in a round, so that they delay only each other.
    """

    def __init__(self, watched: Mapping[str, Watched], threads: Threads) -> None:
        self.watched = watched
        self.threads = threads
        self.waiting: deque[Access] = deque()
        self.running: set[Access] = set()
        self.last: dict[Access, tuple[bool, float]] = {}  # whether its last check was slow, and when that ended
        self.stamps: dict[Access, Hashable] = {}  # what its session was at the last check that it passed
        self.looked: Mapping[str, Hashable] = {}  # what each session is now
        self.looking = False
        self.heard = asyncio.Event()
        self.due = 0.0

    def all_soon(self) -> None:
        """Ask about everybody: roles have changed."""
        self.stamps.clear()
        self.due = 0.0
        self.heard.set()

    def soon(self, watched: Watched) -> None:
        """Ask about those who watch this region: it has changed, and a link may have been revoked."""
        for access in {socket.access for socket in watched.sockets}:
            if access in self.stamps:  # else it waits already
                del self.stamps[access]
                self.waiting.appendleft(access)
                self.heard.set()

    async def recheck(self) -> None:
        """One check. So many workers repeat this side by side."""
        if not self.looking and time.monotonic() >= self.due:
            await self.begin_round()
        if not self.waiting:
            self.heard.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(max(self.due - time.monotonic(), 0.01)):
                    await self.heard.wait()
            return
        access = self.waiting.popleft()
        stamp = self.looked.get(access.session_key or "")
        self.running.add(access)
        began = time.monotonic()
        try:
            if code := await self.threads.run(access.refusal):
                self.close(access, code)
            else:
                self.stamps[access] = stamp
        except Exception:
            report("access", "an access check of %s failed", type(access.region).__name__)
        finally:
            self.running.discard(access)
            self.last[access] = (time.monotonic() - began > SLOW, time.monotonic())

    async def begin_round(self) -> None:
        """Look at all sessions, and find out whom to ask about."""
        self.due = time.monotonic() + settings.LIVE["recheck_every"]
        asked = self.asked()
        self.looking = True
        try:
            self.looked = await self.threads.run(
                stamps_of, {access.session_key for access in asked if access.session_key}
            )
        finally:
            self.looking = False
        self.last = {access: last for access, last in self.last.items() if access in asked}
        self.stamps = {access: stamp for access, stamp in self.stamps.items() if access in asked}
        due = [access for access in asked - self.running if self.is_due(access)]
        self.waiting = deque(sorted(due, key=lambda access: self.last.get(access, NEVER)))
        self.heard.set()

    def asked(self) -> set[Access]:
        sockets = [socket for watched in self.watched.values() for socket in watched.sockets if not socket.closed]
        return {socket.access for socket in sockets if socket.access}

    def is_due(self, access: Access) -> bool:
        if self.stamps.get(access, self) != self.looked.get(access.session_key or ""):
            return True
        return bool(time.monotonic() - self.last.get(access, NEVER)[1] > ROUNDS * settings.LIVE["recheck_every"])

    def close(self, access: Access, code: int) -> None:
        watched = self.watched.get(access.address)
        for socket in watched.sockets if watched else ():
            if socket.access == access:
                socket.close(code)
