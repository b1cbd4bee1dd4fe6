"""Writing to one browser's socket, without ever waiting for its reader."""

import time
from asyncio import Task, create_task
from collections.abc import Awaitable, Callable
from typing import Any

from asgi_types import Scope, Send
from live.access import Access
from live.tasks import report

# Writes a text at once. Returns None while the reader keeps up, else what to await until there is room again.
Write = Callable[[str], Awaitable[None] | None]

EXTENSION = "airside.write"


def write_of(scope: Scope, send: Send) -> Write:
    """How to write to a socket: by the server's own ``Write`` where its scope offers one, else by any ASGI ``send``.

    ``send`` is a coroutine function, and awaiting it takes a task for each text and each socket. The server of
    ``manage.py serve`` therefore offers a plain function, as the extension ``airside.write``: that costs 19 µs of CPU a
    delivery instead of 26 (2,000 sockets, ``SOCKETS=2000 PARTS=fanout make bench``).
    """
    offered: Write | None = scope.get("extensions", {}).get(EXTENSION)
    return offered or (lambda text: send({"type": "websocket.send", "text": text}))


class Socket:
    """One browser's socket to one region. ``version`` is what its page shows, or will show once what was sent arrives."""

    __slots__ = (
        "access",
        "busy_since",
        "client",
        "closed",
        "is_new",
        "min_round",
        "on_drained",
        "send",
        "slot",
        "task",
        "version",
        "write",
    )

    def __init__(
        self,
        send: Send,
        write: Write,
        version: str = "",
        access: Access | None = None,
        slot: int = 0,
        client: str = "",
    ) -> None:
        self.send = send
        self.write = write
        self.version = version
        self.access = access  # None where anybody may look
        self.client = client  # its network address
        self.slot = slot  # which part of the sockets gets its heartbeat together
        self.min_round = 0  # the first rendering that it may be shown
        self.busy_since: float | None = None
        self.closed = False
        self.is_new = True  # no heartbeat yet
        self.on_drained: Callable[[Socket], None] | None = None
        self.task: Task[Any] | None = None

    def push(self, text: str) -> bool:
        """Write, without waiting. False: an earlier text still waits for the reader, and this one was not written."""
        if self.busy_since or self.closed:
            return False
        try:
            room = self.write(text)
        except Exception as fault:
            self.failed(fault)
            return False
        if room is not None:
            self.busy_since = time.monotonic()
            self.task = create_task(self.drain(room))
        return True

    async def drain(self, room: Awaitable[None]) -> None:
        try:
            await room
        except Exception as fault:
            self.failed(fault)
        self.busy_since = None
        if self.on_drained and not self.closed:
            self.on_drained(self)

    def close(self, code: int) -> None:
        if not self.closed:
            self.closed = True
            self.task = create_task(self.finish(code))

    async def finish(self, code: int) -> None:
        try:
            await self.send({"type": "websocket.close", "code": code})
        except Exception as fault:
            self.failed(fault)

    def failed(self, fault: Exception) -> None:
        self.closed = True
        if not isinstance(fault, OSError):  # an OSError says that it has just disconnected, as the receiving end will
            report("send", "writing to a socket failed")
