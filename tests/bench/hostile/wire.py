"""Clients as small as they can be, over real sockets and from an address of their choice: a request, a WebSocket."""

import asyncio
import json
import re
import socket
from contextlib import suppress
from typing import NamedTuple

TEXT, CLOSE, PING, BEAT = 0x81, 0x88, 0x89, b'{"beat"'
VERSION = re.compile(rb'"v":"(\w+)"')
STATUS = re.compile(rb"HTTP/1\.\d (\d+)")
HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{further}\r\n"
)
CHUNKED = {"Transfer-Encoding": "chunked"}
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
COOKIE = re.compile(rb"(?i)^set-cookie: ([^;\r]+)", re.MULTILINE)


class Site(NamedTuple):
    """Where the site listens."""

    host: str
    port: int

    def __str__(self):
        return f"{self.host}:{self.port}"


class Answer(NamedTuple):
    status: int
    head: bytes
    body: bytes

    @property
    def cookie(self):
        return b"; ".join(COOKIE.findall(self.head)).decode()


async def connect(site, source, receive_buffer=None):
    """A connected socket that does not block, from this address."""
    one = socket.socket()
    one.setblocking(False)
    try:
        if receive_buffer:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        one.bind((source, 0))
        await asyncio.get_running_loop().sock_connect(one, site)
    except BaseException:
        one.close()
        raise
    return one


def request(site, path, method="GET", body=b"", cookie="", length=None):
    """The bytes of a request after whose answer the connection ends. ``length`` may be told wrong, or be CHUNKED."""
    headers = {"Host": site, "Connection": "close"}
    if cookie:
        headers["Cookie"] = cookie
    if method == "POST":
        headers |= {"Origin": f"http://{site}", "Content-Type": "application/x-www-form-urlencoded"}
        headers |= length if isinstance(length, dict) else {"Content-Length": len(body) if length is None else length}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


async def ask(site, source, path, method="GET", body=b"", cookie="", within=60):
    """The answer to one request over a connection of its own. Raises OSError, or TimeoutError after so many seconds."""
    async with asyncio.timeout(within):
        one = await connect(site, source)
        try:
            loop = asyncio.get_running_loop()
            await loop.sock_sendall(one, request(site, path, method, body, cookie))
            parts = []
            while part := await loop.sock_recv(one, 262144):
                parts.append(part)
        finally:
            one.close()
    head, _, rest = b"".join(parts).partition(b"\r\n\r\n")
    if not (status := STATUS.match(head)):
        raise ConnectionError("the connection ended without an answer")
    return Answer(int(status[1]), head, rest)


async def form(site, source, path):
    """The token of a page's form, and the cookies that belong to it."""
    answer = await ask(site, source, path)
    found = TOKEN.search(answer.body)
    return (found[1].decode() if found else ""), answer.cookie


def bench(port, what, within=120):
    """What a serving process answers below /bench/, asked past every proxy."""

    async def asked():
        answer = await ask(Site("127.0.0.1", port), "127.0.0.1", f"/bench/{what}", within=within)
        return json.loads(answer.body)

    return asked()


class WebSocket(asyncio.Protocol):
    """A socket that reads frames and answers pings. ``hear(kind, frame)``: "open", "beat" or "content"; ``end(why)`` once."""

    def __init__(self, site, path, cookie, hear, end):
        further = f"Cookie: {cookie}\r\n" if cookie else ""
        self.handshake = HANDSHAKE.format(path=path, host=site, further=further).encode()
        self.hear, self.end = hear, end
        self.unread, self.is_open, self.why = b"", False, None

    def connection_made(self, transport):
        self.transport = transport
        transport.write(self.handshake)

    def connection_lost(self, fault):
        end, self.end = self.end, lambda why: None
        end(self.why or "lost")

    def data_received(self, data):
        data, self.unread = self.unread + data, b""
        if not self.is_open:
            head, found, rest = data.partition(b"\r\n\r\n")
            if not found:
                self.unread = data
                return
            status = STATUS.match(head)
            if not status or status[1] != b"101":
                self.close(status[1].decode() if status else "no HTTP")
                return
            self.is_open, data = True, rest
            self.hear("open", head)
        self.frames(data)

    def frames(self, data):
        while len(data) > 1:
            begin, length = 2, data[1]
            if length > 125:
                begin = 4 if length == 126 else 10
                length = int.from_bytes(data[2:begin], "big")
            if len(data) < begin + length:
                break
            content, kind, data = data[begin : begin + length], data[0], data[begin + length :]
            if kind == TEXT:
                self.hear("beat" if content.startswith(BEAT) else "content", content)
            elif kind == PING:
                self.transport.write(bytes((0x8A, 0x80 | length, 0, 0, 0, 0)) + content)
            elif kind == CLOSE:
                self.close(str(int.from_bytes(content[:2], "big")))
                return
        self.unread = data

    def close(self, why):
        self.why = self.why or why
        self.transport.abort()


async def open_socket(site, source, path, cookie, hear, end):
    """Open a WebSocket; who opens it hears what comes. Raises OSError where there is no connection."""
    one = await connect(site, source)
    try:
        loop = asyncio.get_running_loop()
        _, socket_ = await loop.create_connection(lambda: WebSocket(site, path, cookie, hear, end), sock=one)
    except BaseException:
        with suppress(OSError):
            one.close()
        raise
    return socket_
