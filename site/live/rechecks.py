"""Asks again whether visitors may still look: roles, sessions and links end while sockets are open.

What ends is mostly heard of: a change of roles and the revocation of a link are published, and one look at all sessions
each few seconds tells which have ended, or are somebody else's now. Those are asked about at once. All others are asked
about now and then as well, a part in each round, since what ``allows`` depends on may change without a word.
"""

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from heapq import nsmallest

from django.conf import settings

from live.access import Access, Stamp, stamps_of, user_of_stamp
from live.rendering import Watched
from live.tasks import report
from live.threads import Threads

WORKERS = 2  # checks at a time, each in a thread: while one hangs, the other does the rest
ROUNDS = 10  # in so many rounds each is asked about once, whatever was heard
SLOW = 0.2  # seconds
NEVER = (False, 0.0)
ROLES = "access"  # the topic of changes in what all may do


def roles_of(user: object) -> str:
    """The topic of changes in what one user may do, by their key."""
    return f"{ROLES}-{user}"


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
        self.outdated: set[Access] = set()  # running, and begun before a change that may have ended its permission
        self.hurried: set[Access] = set()  # asked about at once in this round already, since their regions changed
        self.share = 0.0  # how many are asked about in this round, whatever was heard
        self.last: dict[Access, tuple[bool, float]] = {}  # whether its last check was slow, and when that ended
        self.stamps: dict[Access, Stamp | None] = {}  # what its session was at the last check that it passed
        self.looked: Mapping[str, Stamp] = {}  # what each session is now
        self.looking = False
        self.heard = asyncio.Event()
        self.due = 0.0

    def roles_have_changed(self, topic: str) -> None:
        """Ask about those whose roles have changed, as the topic says: one user, or all."""
        if topic == ROLES:
            self.all_soon()
            return
        user = topic.removeprefix(f"{ROLES}-")
        self.ask_soon({access for access in self.asked() if self.is_of(access, user)})

    def is_of(self, access: Access, user: str) -> bool:
        """Whether its session is this user's. One that was opened since the last look is asked about in the next round."""
        stamp = self.looked.get(access.session_key or "")
        return stamp is not None and user_of_stamp(stamp) == user

    def all_soon(self) -> None:
        """Ask about everybody."""
        self.stamps.clear()
        self.outdated |= self.running
        self.due = 0.0
        self.heard.set()

    def soon(self, watched: Watched) -> None:
        """Ask about those who watch this region: it has changed, and a link may have been revoked.

        Once a round at once, however often it changes; then in the next round.
        """
        self.ask_soon({socket.access for socket in watched.sockets if socket.access})

    def ask_soon(self, some: set[Access]) -> None:
        for access in some:
            passed = self.stamps.pop(access, self) is not self
            if access in self.running:
                self.outdated.add(access)
            elif passed:  # else it waits already
                self.hurry(access)

    def hurry(self, access: Access) -> None:
        if access not in self.hurried:
            self.hurried.add(access)
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
        if access in self.running:  # never twice at a time: the older answer could come last
            self.outdated.add(access)
            return
        stamp = self.looked.get(access.session_key or "")
        self.running.add(access)
        began = time.monotonic()
        try:
            if code := await self.threads.run(access.refusal):
                self.close(access, code)
            elif access in self.outdated:
                self.hurry(access)
            else:
                self.stamps[access] = stamp
        except Exception:
            report("access", "an access check of %s failed", type(access.region).__name__)
        finally:
            self.running.discard(access)
            self.outdated.discard(access)
            self.last[access] = (time.monotonic() - began > SLOW, time.monotonic())

    async def begin_round(self) -> None:
        """Read the stamps of all sessions, and queue the checks that are due."""
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
        self.hurried.clear()
        self.waiting = deque(sorted(self.due_of(asked - self.running), key=lambda access: self.last.get(access, NEVER)))
        self.heard.set()

    def due_of(self, asked: set[Access]) -> list[Access]:
        """Those who are not the same as at their last check, and of the others the part that was asked about longest ago."""
        same = {access for access in asked if self.is_same(access)}
        self.share += len(asked) / ROUNDS
        part, self.share = int(self.share), self.share % 1
        return [*asked - same, *nsmallest(part, same, key=lambda access: self.last.get(access, NEVER)[1])]

    def asked(self) -> set[Access]:
        sockets = [socket for watched in self.watched.values() for socket in watched.sockets if not socket.closed]
        return {socket.access for socket in sockets if socket.access}

    def is_same(self, access: Access) -> bool:
        return self.stamps.get(access, self) == self.looked.get(access.session_key or "")

    def close(self, access: Access, code: int) -> None:
        watched = self.watched.get(access.address)
        for socket in watched.sockets if watched else ():
            if socket.access == access:
                socket.close(code)
