"""The HTTP side of a connection: what it may send, how long it may take, and how many one address may have.

A refused request is answered at once, before it is held, and its connection ends. For a moment the server still reads
and drops what comes: if it closed at once, the kernel would reset the connection, and the client might never see the
answer.
"""

import logging
from http import HTTPStatus
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any

import daphne.server  # noqa: F401  (before anything else of Twisted: it installs the reactor)
from daphne.http_protocol import HTTPFactory, WebRequest
from django.conf import settings
from prometheus_client import Counter, Gauge
from twisted.protocols.basic import LineReceiver
from twisted.web.http import HTTPChannel

from limits import Shares
from live.bounds import handshakes
from server.proxies import is_trusted
from server.refusals import MALFORMED, TOO_LARGE, TOO_LONG, TOO_MUCH_AT_ONCE, TOO_SLOW, Refusal, answer

log = logging.getLogger("airside.requests")

IN_MEMORY = 16 * 1024  # bytes of a body; longer ones are kept in a file until they are complete
LINGER = 2  # seconds in which the client can read why it was refused
DROPPED = 8  # times the largest body: what is read and dropped meanwhile
READS_AT_LEAST = 16 * 1024  # bytes of an answer in REQUEST_WITHIN seconds

HEADERS = [
    (b"Server", b"Airside"),
    (b"Connection", b"close"),
    (b"Content-Security-Policy", b"default-src 'none'; style-src 'self'; font-src 'self'"),
    (b"X-Content-Type-Options", b"nosniff"),
]

connections = Gauge("airside_connections", "Open HTTP connections; a WebSocket is none.")
refused = Counter("airside_refused_early", "Refused before the application saw them, by the status.", ["status"])
stalled = Counter("airside_stalled_answers", "Connections ended as the client did not read its answer.")

for refusal in (MALFORMED, TOO_SLOW, TOO_LARGE, TOO_MUCH_AT_ONCE, TOO_LONG):
    refused.labels(str(refusal.status))

open_connections = Shares("connections", settings.CONNECTIONS_PER_ADDRESS)
large_bodies = Shares("bodies", settings.BODIES_PER_ADDRESS)


class Channel(HTTPChannel):
    """One connection. A whole request has to arrive within REQUEST_WITHIN seconds, from its opening or the last answer."""

    requests: list["Request"]
    refused = False
    counted = False  # among those of its address
    dropped = 0  # bytes, since it was refused
    unread = 0  # bytes that waited for the client when this was last looked at
    end: Any = None  # the call that ends it

    def connectionMade(self) -> None:
        super().connectionMade()
        connections.inc()
        self.factory.silent.add(self)
        self.peer = str(self.transport.getPeer().host)
        self.trusted = is_trusted(self.peer)  # a proxy, which bounds each of its clients itself
        self.counted = not self.trusted and open_connections.take(self.peer)
        if not self.counted and not self.trusted:
            self.refuse(TOO_MUCH_AT_ONCE)

    def connectionLost(self, reason: Any) -> None:
        super().connectionLost(reason)
        self.factory.silent.discard(self)
        self.leave()
        if self.end:
            self.end.cancel()

    def leave(self) -> None:
        """It has ended, or is a WebSocket from now on."""
        connections.dec()
        if self.counted:
            self.counted = False
            open_connections.give_back(self.peer)

    # Refusing

    def refuse(self, refusal: Refusal) -> None:
        """Answer with this status and sentence, take nothing more, and end the connection soon."""
        if self.refused:
            return
        self.refused = True
        self.factory.silent.discard(self)
        self._buffer = b""
        self.setTimeout(None)
        self.transport.write(self.written(refusal))
        self._networkProducer.unregisterProducer()
        self.transport.loseWriteConnection()
        self.transport.resumeProducing()
        self.end = self.callLater(LINGER, self.abort)
        refused.labels(str(refusal.status)).inc()
        log.info("refused a request with %d", refusal.status)

    def written(self, refusal: Refusal) -> bytes:
        """The whole answer. The application, which adds such headers to all others, never sees the request."""
        languages = self.requests[-1].requestHeaders.getRawHeaders(b"Accept-Language") if self.requests else None
        path: bytes = getattr(self, "_path", b"")
        headers, content = answer(refusal, path.decode("latin-1"), (languages or [b""])[0].decode("latin-1"))
        first = f"HTTP/1.1 {refusal.status} {HTTPStatus(refusal.status).phrase}".encode()
        lines = [first, *(b"%b: %b" % header for header in [*headers, *HEADERS])]
        return b"\r\n".join([*lines, b"", content])

    def abort(self) -> None:
        self.end = None
        self.transport.abortConnection()

    def dataReceived(self, data: bytes) -> None:
        if not self.refused:
            LineReceiver.dataReceived(self, data)
            return
        self.dropped += len(data)
        if self.dropped > DROPPED * settings.MAX_BODY:
            self.transport.pauseProducing()

    # Twisted goes on with the rest of what it has read.

    def lineReceived(self, line: bytes) -> None:
        self.factory.silent.discard(self)
        if not self.refused:
            super().lineReceived(line)

    def rawDataReceived(self, data: bytes) -> None:
        if not self.refused:
            super().rawDataReceived(data)

    def allContentReceived(self) -> None:
        if not self.refused:
            super().allContentReceived()

    def _send100Continue(self) -> None:
        if not self.refused:
            super()._send100Continue()

    # What Twisted refuses

    def headerReceived(self, line: bytes) -> bool:
        try:
            return bool(super().headerReceived(line)) and not self.refused
        except ValueError:  # a Content-Length with more digits than int takes
            self.refuse(MALFORMED)
            return False

    def lineLengthExceeded(self, line: bytes) -> None:
        self.refuse(TOO_LONG)

    def _respondToBadRequestAndDisconnect(self) -> None:
        is_long = self._receivedHeaderSize > self.totalHeadersSize or self._receivedHeaderCount > self.maxHeaders
        self.refuse(TOO_LONG if is_long else MALFORMED)

    # Time

    def resetTimeout(self) -> None:
        """Twisted starts anew at each byte, so that a client could drip a request for ever."""

    def requestDone(self, request: Any) -> None:
        self.unread = self.transport.unsent
        super().requestDone(request)

    def loseConnection(self) -> None:
        super().loseConnection()
        if self.transport.connected:
            self.setTimeout(settings.REQUEST_WITHIN)  # a client that does not read the last answer

    def timeoutConnection(self) -> None:
        unread, self.unread = self.unread, self.transport.unsent
        if unread - self.unread >= READS_AT_LEAST and self.unread:
            self.setTimeout(settings.REQUEST_WITHIN)
        elif self.unread or self.transport.disconnecting:
            self.stall()
        elif self.requests or self._buffer:
            self.refuse(TOO_SLOW)
        else:
            self.loseConnection()

    def stall(self) -> None:
        """The client does not read its answer."""
        stalled.inc()
        self.transport.abortConnection()


class Request(WebRequest):
    channel: Channel | None
    large = False  # counted among the large bodies of its address

    def __init__(self, *args: Any, **options: Any) -> None:
        # Twisted would parse forms on the event loop, for nobody: Django does it in the request's thread.
        super().__init__(*args, **options, parsePOSTFormSubmission=False)

    def gotLength(self, length: int | None) -> None:
        """The headers have arrived. ``length`` is None for a body in chunks."""
        self.arrived = 0
        is_small = length is not None and length <= IN_MEMORY
        self.content: Any = BytesIO() if is_small else SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        self.expect(length or 0)

    def handleContentChunk(self, data: bytes) -> None:
        self.arrived += len(data)
        if self.expect(self.arrived):
            super().handleContentChunk(data)

    def expect(self, length: int) -> bool:
        """Whether a body of so many bytes is taken; refuses it otherwise."""
        assert self.channel
        if self.channel.refused:
            return False
        if length > settings.MAX_BODY:
            self.channel.refuse(TOO_LARGE)
        elif length > IN_MEMORY and not self.large and not self.channel.trusted:
            self.large = large_bodies.take(self.channel.peer)
            if not self.large:
                self.channel.refuse(TOO_MUCH_AT_ONCE)
        return not self.channel.refused

    def process(self) -> Any:
        channel = self.channel
        assert channel
        self.requestHeaders.removeHeader(b"Daphne-Root-Path")  # Daphne would trust it from any client
        if self.requestHeaders.hasHeader(b"Upgrade") and not channel.trusted and not handshakes.take(channel.peer):
            channel.refuse(TOO_MUCH_AT_ONCE)
            return None
        processed = super().process()
        if self.transport is None:  # it is a WebSocket's from now on
            channel.leave()
        return processed

    def check_timeouts(self) -> None:
        """Called every few seconds."""
        if self._response_started and self.duration() > self.server.http_timeout and self.channel:
            self.channel.stall()  # an end of the answer would make it look complete
        else:
            super().check_timeouts()

    def finish(self) -> None:
        self.give_back()
        super().finish()

    def connectionLost(self, reason: Any) -> None:
        self.give_back()
        if self.application_queue:
            while not self.application_queue.empty():
                self.application_queue.get_nowait()  # a body that waits for its turn, and has no sender any more
        super().connectionLost(reason)

    def give_back(self) -> None:
        if self.large and self.channel:
            self.large = False
            large_bodies.give_back(self.channel.peer)


class RequestFactory(HTTPFactory):
    protocol = Channel

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        self.silent: set[Channel] = set()  # connections that have asked nothing yet
        self.timeOut = settings.REQUEST_WITHIN

    def buildProtocol(self, addr: Any) -> Any:
        channel = super().buildProtocol(addr)
        channel.requestFactory = Request
        return channel
