"""The TCP side of the server: writes that go out at once, and a bound on what may wait for one reader.

Twisted queues every write for the next turn of its reactor: three system calls for each message, where one does.
"""

import asyncio
import socket

from twisted.internet import tcp

BACKLOG = 4096  # connections that may wait to be accepted: after a restart all clients come at once
MOST_WAITING = 256 * 1024  # bytes that may wait here for one reader
MOST_UNSENT = 64 * 1024  # bytes of them that the kernel takes before it says that it is full


class Transport(tcp.Server):
    """One connection. A write with nothing waiting before it is tried at once; what doesn't fit waits as ever."""

    full = False  # more waits than may: until nothing does
    emptied = None

    def write(self, data):
        if self.dataBuffer or self._tempDataLen or not self.connected:
            super().write(data)
        else:
            try:
                sent = self.socket.send(data)
            except OSError:  # no room, or broken, which shows again in the reactor's turn: there it ends the connection
                sent = 0
            if sent == len(data):
                return
            # All readers of one frame share it: what waits for each is an offset into it, not a copy.
            self.dataBuffer, self.offset = data, sent
            self._maybePauseProducer()
            self.startWriting()
        self.full = self.connected and len(self.dataBuffer) - self.offset + self._tempDataLen > MOST_WAITING

    async def room(self):
        """Return when there is room again, or the connection is lost."""
        if self.full:
            self.emptied = self.emptied or asyncio.Event()
            await self.emptied.wait()

    def doWrite(self):
        result = super().doWrite()
        if not self.dataBuffer and not self._tempDataLen:
            self.make_room()
        return result

    def connectionLost(self, reason):
        super().connectionLost(reason)
        self.make_room()

    def make_room(self):
        self.full = False
        if self.emptied:
            self.emptied.set()
            self.emptied = None


class Port(tcp.Port):
    """The listening socket."""

    transport = Transport

    def __init__(self, port, factory, interface):
        super().__init__(port, factory, backlog=BACKLOG, interface=interface)

    def connectionLost(self, reason):
        """Let in who has come to the door, and close it. Left outside, they would not know whether they were heard."""
        self.numberAccepts = BACKLOG
        self.doRead()
        super().connectionLost(reason)

    def createInternetSocket(self):
        listening = super().createInternetSocket()
        # Accepted sockets inherit it. Without it the kernel takes megabytes for a reader that stalls, who then
        # reads its way through the past; with it the hub soon knows, and keeps the newest state for that reader.
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MOST_UNSENT)
        return listening
