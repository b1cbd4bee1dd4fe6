"""A network between a browser and the server, that can fall silent: nothing arrives any more, and nobody is told."""

import asyncio
import threading
from concurrent.futures import Future
from contextlib import contextmanager


class Network:
    """Passes TCP on from ``url`` to a server. ``silent = True``: what is open then, or opened, stays mute for ever.

    ``portal = "<p>Sign in</p>"``: every request gets this page from a network that wants a sign-in.
    ``refuses = "503 Service Unavailable"``: POSTs get this answer from a proxy on the way, with the headers of ``headers``.
    """

    refuses = ""
    headers = ""
    portal = ""

    def __init__(self, server):
        self.server = server
        self.silent = False
        self.opened_mute = 0  # how many were opened while it was silent
        self.ended = asyncio.Event()
        self.ready = Future()

    async def carry(self):
        listening = await asyncio.start_server(self.carry_one, "127.0.0.1", 0)
        self.loop = asyncio.get_running_loop()
        self.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        self.ready.set_result(None)
        await self.ended.wait()

    async def carry_one(self, reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", self.server.port)
        mute = self.silent
        self.opened_mute += mute

        async def one_way(source, target):
            nonlocal mute
            while block := await source.read(65536):
                mute = mute or self.silent
                if self.portal and not mute:
                    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(self.portal)}\r\nConnection: close"
                    writer.write(f"{head}\r\n\r\n{self.portal}".encode())
                    await writer.drain()
                    writer.close()
                elif self.refuses and block.startswith(b"POST "):
                    page = f"HTTP/1.1 {self.refuses}\r\nContent-Length: 9\r\n{self.headers}\r\n<p>No</p>"
                    writer.write(page.encode())
                elif not mute:
                    target.write(block)
            if not mute:
                target.close()

        await asyncio.gather(one_way(reader, back), one_way(there, writer), return_exceptions=True)


@contextmanager
def network(server):
    """A Network before a server, in a thread of its own."""
    carrying = Network(server)
    thread = threading.Thread(target=lambda: asyncio.run(carrying.carry()))
    thread.start()
    carrying.ready.result(5)
    try:
        yield carrying
    finally:
        carrying.loop.call_soon_threadsafe(carrying.ended.set)
        thread.join()
