"""The TCP side of the server: writes that go out at once, and a limit on the bytes that wait for one reader.

Twisted queues every write for the next turn of its reactor, which takes three system calls for each message instead
of one.
"""

import asyncio
import socket
from typing import Any

from twisted.internet import tcp

BACKLOG = 4096  # connections that may wait to be accepted: after a restart all clients reconnect at once
MAX_WAITING = 256 * 1024  # bytes that may wait in this process for one reader
MAX_UNSENT = 64 * 1024  # bytes that the kernel buffers for one reader before it reports that it is full


class Transport(tcp.Server):
    """One connection. A write is tried at once when nothing waits before it; the rest waits as in Twisted."""

    full = False  # set when more waits than MAX_WAITING, until nothing waits
    emptied: asyncio.Event | None = None
    dataBuffer: bytes  # of twisted.internet.abstract.FileDescriptor
    offset: int
    _tempDataLen: int

    def write(self, data: bytes) -> None:
        if self.dataBuffer or self._tempDataLen or not self.connected:
            super().write(data)
        else:
            try:
                sent = self.socket.send(data)
            except OSError:  # no room, or a broken connection, which the reactor will notice and end
                sent = 0
            if sent == len(data):
                return
            # All readers of one frame share its bytes: each keeps an offset into them, not a copy.
            self.dataBuffer, self.offset = data, sent
            self._maybePauseProducer()
            self.startWriting()
        self.full = self.connected and self.unsent > MAX_WAITING

    @property
    def unsent(self) -> int:
        """Bytes that wait in this process for the reader."""
        return len(self.dataBuffer) - self.offset + self._tempDataLen

    async def room(self) -> None:
        """Wait until there is room again or the connection is lost."""
        if self.full:
            self.emptied = self.emptied or asyncio.Event()
            await self.emptied.wait()

    def doWrite(self) -> Any:
        result = super().doWrite()
        if not self.dataBuffer and not self._tempDataLen:
            self.make_room()
        return result

    def connectionLost(self, reason: Any) -> None:
        super().connectionLost(reason)
        self.make_room()

    def make_room(self) -> None:
        self.full = False
        if self.emptied:
            self.emptied.set()
            self.emptied = None


class Port(tcp.Port):
    """The listening socket."""

    transport = Transport

    def __init__(self, port: int, factory: Any, interface: str) -> None:
        super().__init__(port, factory, backlog=BACKLOG, interface=interface)

    def connectionLost(self, reason: Any) -> None:
        """Accept pending connections before closing, so no client is left not knowing whether its request was received."""
        self.numberAccepts = BACKLOG
        self.doRead()
        super().connectionLost(reason)

    def createInternetSocket(self) -> socket.socket:
        listening: socket.socket = super().createInternetSocket()
        # Accepted sockets inherit this option. Without it the kernel buffers megabytes for a stalled reader, which then
        # reads through old states; with it the hub soon notices, and sends that reader the newest state instead.
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MAX_UNSENT)
        return listening
