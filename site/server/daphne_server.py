"""Daphne, adapted for production; ``manage.py serve`` runs it. The application stays plain ASGI.

Besides the ASGI ``send``, which waits while its reader does not keep up, the scope of a WebSocket has the extension
``airside.write``: a function that writes a text at once (live/writing.py).
"""

import asyncio
import gc
import logging
import random
import resource
import signal
from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache
from typing import Any

import daphne.server  # before anything else of Twisted: it installs the reactor
from autobahn.twisted import websocket as autobahn_twisted
from autobahn.websocket import protocol as autobahn_protocol
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from django.conf import settings
from twisted.internet import reactor
from twisted.logger import globalLogBeginner

from asgi_types import Application, Message, Scope
from live import periodic
from live.codes import NORMAL, RESTARTING, UNWANTED
from live.writing import EXTENSION
from server.connections import RequestFactory
from server.transport import Port

log = logging.getLogger("airside.live")

MAX_MESSAGE = 64 * 1024  # bytes in one message from a client
MAX_UNREAD = 64  # messages from one client that the application has not received yet
PING_EVERY, PONG_WITHIN = 20, 30  # seconds
CHECKS = 20  # timeouts and pings are checked for a twentieth of all connections at a time, never for thousands
GRACE = 2  # seconds for connections accepted just before shutdown to send their request
FINISH_WITHIN = 5  # seconds for running requests to finish after SIGTERM
LEAVE_WITHIN = 1  # seconds for applications to end after that, and again after they are cancelled
CONNECTING, OPEN = WebSocketProtocol.STATE_CONNECTING, WebSocketProtocol.STATE_OPEN


# Autobahn colours the texts of its debug log even when the log is off: a tenth of the cost of a connection.
for module in (autobahn_twisted, autobahn_protocol):
    vars(module).update(hltype=lambda value: "", hlval=lambda value: "")


@lru_cache(maxsize=8)
def framed(text: str) -> bytes:
    """The WebSocket frame of a text: the same bytes object for each of the thousands of sockets that get it."""
    message = autobahn_protocol.PreparedMessage(text.encode(), isBinary=False, applyMask=False, doNotCompress=True)
    frame: bytes = message.payloadHybi
    return frame


class Socket(WebSocketProtocol):
    # Autobahn copies each option to each socket and formats all for its debug log: a third of the cost of opening.
    CONFIG_ATTRS: list[str] = []

    def connectionMade(self) -> None:
        self.transport.unregisterProducer()  # the HTTP side of this connection
        super().connectionMade()

    def onConnect(self, request: Any) -> Any:
        accepted = super().onConnect(request)
        self.last_ping -= random.random() * PING_EVERY  # noqa: S311  (sockets that connect together are not pinged together)
        return accepted

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        if self.application_queue.qsize() < MAX_UNREAD:
            super().onMessage(payload, isBinary)
        else:
            self._fail_connection(UNWANTED, "too many messages")

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        super().onClose(wasClean, code, reason)
        if self.failedByMe:
            kind = self.request.path.split("/")[:3]  # the rest may be a key, which must not be logged
            log.info("closed a socket to %s/: %s", "/".join(kind), (self.localCloseReason or b"").decode())

    def write(self, text: str) -> Awaitable[None] | None:
        """Send a text. Returns None while the reader keeps up, else what to await until there is room again."""
        if self.state == OPEN:  # a text for a socket that is closing is no error; it is dropped
            self.transport.write(framed(text))
        return self.transport.room() if self.transport.full else None

    def serverClose(self, code: int | None = None) -> None:
        self.sendCloseFrame(code or NORMAL)  # Daphne's own method refuses 1008, 1012 and 1013


class SocketFactory(WebSocketFactory):
    protocol = Socket

    def setProtocolOptions(self, **options: Any) -> None:
        super().setProtocolOptions(**options)
        for name in WebSocketProtocol.CONFIG_ATTRS:
            option = getattr(self, name)
            setattr(Socket, name, staticmethod(option) if callable(option) else option)


class Server(daphne.server.Server):
    """Serves an ASGI application at one address.

    ``on_ready`` is called once the server listens, with the address (which has ``host`` and ``port``).
    """

    def __init__(self, application: Application, host: str, port: int, on_ready: Callable[[Any], object]) -> None:
        super().__init__(
            application,
            endpoints=[f"tcp:{port}:interface={host}"],
            http_timeout=60,
            websocket_timeout=-1,
            ping_interval=PING_EVERY,
            server_name="Airside",
        )
        self.host, self.port, self.on_ready = host, port, on_ready
        self.connections: dict[Any, dict[str, Any]] = {}
        self.checked = 0

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT. Raises twisted's CannotListenError where the address is taken."""
        globalLogBeginner.beginLoggingTo([lambda event: None], redirectStandardIO=False, discardBuffer=True)
        self.loop = reactor._asyncioEventloop
        asyncio.set_event_loop(self.loop)
        self.http_factory = RequestFactory(self)
        self.ws_factory = SocketFactory(self, server=self.server_name)
        self.ws_factory.setProtocolOptions(
            autoPingTimeout=PONG_WITHIN,
            openHandshakeTimeout=self.websocket_handshake_timeout,
            maxMessagePayloadSize=MAX_MESSAGE,
            maxFramePayloadSize=MAX_MESSAGE,
            failByDrop=False,  # a client that sends too much gets a close code
        )
        self.listening = Port(self.port, self.http_factory, self.host)
        self.listening.startListening()
        reactor.callLater(1, self.application_checker)
        reactor.callLater(1, self.timeout_checker)
        for number in (signal.SIGTERM, signal.SIGINT):
            self.loop.add_signal_handler(number, self.stop)
        allow_many_files()
        rest_the_collector()
        self.periodic = periodic.start(self.loop) if settings.LIVE["periodic"] else []
        self.on_ready(self.listening.getHost())
        reactor.run(installSignalHandlers=False)

    def create_application(self, protocol: Any, scope: Scope) -> Any:
        if isinstance(protocol, Socket):
            scope["extensions"] = {EXTENSION: protocol.write}
        return super().create_application(protocol, scope)

    async def handle_reply(self, protocol: Any, message: Message) -> None:
        """The applications' ``send``."""
        text = message.get("text")  # only websocket.send has one
        if text and protocol.state != CONNECTING:
            protocol.write(text)
        else:
            await super().handle_reply(protocol, message)
        await protocol.transport.room()

    def timeout_checker(self) -> None:
        self.checked = (self.checked + 1) % CHECKS
        for protocol in list(self.connections)[self.checked :: CHECKS]:
            protocol.check_timeouts()
        reactor.callLater(2 / CHECKS, self.timeout_checker)

    def stop(self) -> None:
        """Finish running requests and close all sockets with 1012. A second signal ends the process at once."""
        for number in (signal.SIGTERM, signal.SIGINT):
            self.loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        self.end = self.loop.create_task(self.finish())

    async def finish(self) -> None:
        self.listening.stopListening()
        await asyncio.sleep(0.05)
        begun = self.loop.time()
        while (running := self.running()) or self.http_factory.silent:
            if self.loop.time() > begun + (FINISH_WITHIN if running else GRACE):
                break
            for protocol in running:
                if isinstance(protocol, Socket):
                    protocol.handle_reply({"type": "websocket.close", "code": RESTARTING})
            await asyncio.sleep(0.05)
        applications = [details.get("application_instance") for details in self.connections.values()]
        await self.wait_for(filter(None, applications))
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await self.wait_for(others)
        reactor.stop()

    def running(self) -> list[Any]:
        """The requests that are not answered yet, and the open sockets."""
        return [protocol for protocol, details in self.connections.items() if "disconnected" not in details]

    async def wait_for(self, tasks: Iterable[asyncio.Future[Any]]) -> None:
        if pending := [task for task in tasks if not task.done()]:
            await asyncio.wait(pending, timeout=LEAVE_WITHIN)


def allow_many_files() -> None:
    """Raise the limit of open files: each socket is one, and the default limit is 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def rest_the_collector() -> None:
    """Run the cyclic garbage collector rarely, and never over the objects that exist at the start.

    It stops the process while it walks every object of thousands of sockets, and hardly any of ours are in cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
