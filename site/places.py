"""A number of places that many want at once: requests that run, regions that are rendered.

Who waits longest is not next: addresses take turns, so that one that wants a thousand does not keep the others waiting::

    await places.take(address, minor=writes, within=20)
    try: ...
    finally: places.give_back(address, minor=writes)
"""

import asyncio
from collections import Counter, deque

MINOR = "minor"


class Places:
    """So many places, and who waits for one. Those who wait take turns. For the event loop: it takes no lock.

    One of ``who`` never has more than three quarters of them. All that are ``minor`` together have at most
    ``for_minor``, or three quarters: nothing else waits for them.
    """

    def __init__(self, places: int, for_minor: int | None = None) -> None:
        self.free = places
        self.share = places - places // 4
        self.for_minor = for_minor or self.share
        self.taken: Counter[str] = Counter()  # by who, and by MINOR
        self.waiting: dict[tuple[str, bool], deque[asyncio.Future[None]]] = {}  # who is next comes first

    async def take(self, who: str, minor: bool = False, within: float | None = None) -> None:
        """Take a place as soon as there is one. Raises TimeoutError where there is none ``within`` so many seconds."""
        if self.may_take(who, minor):  # then none of these waits
            self.count(who, minor, 1)
            return
        turn = asyncio.get_running_loop().create_future()
        self.waiting.setdefault((who, minor), deque()).append(turn)
        try:
            async with asyncio.timeout(within):
                await turn
        except BaseException:
            if turn.done() and not turn.cancelled():  # its turn came at the same moment
                self.give_back(who, minor)
            else:
                self.forget(who, minor, turn)
            raise

    def give_back(self, who: str, minor: bool = False) -> None:
        self.count(who, minor, -1)
        while key := next((key for key in self.waiting if self.may_take(*key)), None):
            turns = self.waiting.pop(key)
            turn = turns.popleft()
            if turns:
                self.waiting[key] = turns  # at the end: others come first
            if not turn.done():  # or it has just been cancelled, and will forget itself
                self.count(*key, 1)
                turn.set_result(None)

    def forget(self, who: str, minor: bool, turn: asyncio.Future[None]) -> None:
        key = who, minor
        turns = self.waiting.get(key, deque())
        if turn in turns:
            turns.remove(turn)
        if not turns:
            self.waiting.pop(key, None)

    def may_take(self, who: str, minor: bool) -> bool:
        mine = self.taken[who] < self.share
        return self.free > 0 and mine and (not minor or self.taken[MINOR] < self.for_minor)

    def count(self, who: str, minor: bool, more: int) -> None:
        self.free -= more
        self.taken[who] += more
        if not self.taken[who]:
            del self.taken[who]
        self.taken[MINOR] += more * minor
