"""The WebSocket side: which address is which socket, who may open it, and which texts it takes.

Plain ASGI without a consumer: a watching socket has no channel, no group and no dispatch of its own, and one to a
public region reads no session and asks no database.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from itertools import count
from typing import Any, cast
from urllib.parse import urlsplit

from channels.routing import URLRouter
from django.conf import settings
from django.http import Http404, QueryDict
from django.http.request import validate_host
from django.urls import path, re_path

from asgi_types import Application, Receive, Scope, Send, client_of
from limits import Allowance
from live import metrics
from live.access import Access, session_key_of, user_of
from live.codes import GONE, NOT_ALLOWED, TRY_AGAIN, UNWANTED
from live.hub import hub
from live.regions import Region, build
from live.tasks import report
from live.writing import Socket, write_of

log = logging.getLogger("airside.live")

MAX_TEXT = 4096  # characters
numbers = count()


def sockets() -> Application:
    """The application for scope type ``websocket``: every region below ``/ws/``, the echo, and 4404 for the rest."""
    regions = [route(f"ws/{cls.path}", region_socket, region_class=cls) for cls in Region.classes]
    return same_origin(
        so_many_of_each(URLRouter([route("ws/echo/", echo), *regions, re_path("", cast(Any, no_such_socket))]))
    )


def route(address: str, socket: Any, **options: Any) -> Any:
    """``django.urls.path``, whose types know views only."""
    return path(address, socket, options)


def same_origin(application: Application) -> Application:
    """Refuse the handshake of other sites' pages: any site may open a socket to us, with its visitor's cookies."""

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if is_own_origin(dict(scope["headers"])):
            await application(scope, receive, send)
        else:
            await receive()
            await end(send, NOT_ALLOWED)

    return checked


def so_many_of_each(application: Application) -> Application:
    """Bound the sockets of one address. One too many is told to try again later."""

    async def bounded(scope: Scope, receive: Receive, send: Send) -> None:
        client = client_of(scope)
        if not hub.bounds.sockets.take(client):
            metrics.dropped.labels("address").inc()
            await receive()
            await send({"type": "websocket.accept"})
            await end(send, TRY_AGAIN)
            return
        try:
            await application(scope, receive, send)
        finally:
            hub.bounds.sockets.give_back(client)

    return bounded


def is_own_origin(headers: Mapping[bytes, bytes]) -> bool:
    """Whether the Origin header is this site's own, scheme and port included. A missing or ``null`` one is not."""
    origin = headers.get(b"origin", b"").decode("latin-1").lower()
    if settings.AIRSIDE_ORIGINS:
        return origin in settings.AIRSIDE_ORIGINS
    host = headers.get(b"host", b"").decode("latin-1").lower()
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    name = f"[{name}]" if ":" in name else name
    return origin == f"http://{host}" and validate_host(name, settings.ALLOWED_HOSTS)


async def region_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """A socket to one region. Refusals accept first, since the client retries a refused handshake for ever."""
    query = QueryDict(scope["query_string"])
    region = build(query, **scope["url_route"]["kwargs"])
    await receive()
    await send({"type": "websocket.accept"})
    session_key = session_key_of(scope)
    access = None if region.public else Access(region.address, session_key, region.copy())
    try:
        if access and (code := await hub.answers.run(access.refusal)):
            await end(send, code)
            return
        topics = await hub.topics_of(region)
    except Http404:
        await end(send, GONE)
        return
    except Exception:
        report("connect", "a socket to %s could not be opened", type(region).__name__)
        await end(send, TRY_AGAIN)
        return
    texts = Texts(region, session_key)
    socket = Socket(send, write_of(scope, send), query.get("v", ""), access, next(numbers), client_of(scope))
    if not hub.join(region, topics, socket):
        await end(send, TRY_AGAIN)
        return
    try:
        metrics.ended(await texts.take(receive, socket))
    finally:
        hub.leave(region.address, socket)


async def end(send: Send, code: int) -> None:
    metrics.ended(code)
    await send({"type": "websocket.close", "code": code})


class Texts:
    """Texts that a client sends up its socket. Most regions take none.

    A region that takes texts has ``receive(user, message)``, which answers each JSON object with one.
    """

    def __init__(self, region: Region, session_key: str | None) -> None:
        self.region = region
        self.session_key = session_key
        self.allowance = Allowance(10, within=10)

    async def take(self, receive: Receive, socket: Socket) -> int | None:
        """Answer texts until the socket ends, and return its close code."""
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return event.get("code")
            text = event.get("text")
            if not hasattr(self.region, "receive") or text is None or len(text) > MAX_TEXT or not self.allowance.take():
                log.info("closed a socket to %s that sent what it does not take", self.region)
                socket.close(UNWANTED)
                return UNWANTED
            socket.push(json.dumps(await hub.texts.run(self.answer, text)))

    def answer(self, text: str) -> dict[str, Any]:
        """The region's answer to a text; an ``error`` where the text is no JSON object."""
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return {"error": "not JSON"}
        if not isinstance(message, dict):
            return {"error": "not a JSON object"}
        answer: dict[str, Any] = self.region.copy().receive(user_of(self.session_key), message)  # type: ignore[attr-defined]
        return answer


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """``ws/echo/``: sends each text back, for the connection check page; at most thirty in ten seconds."""
    await receive()
    await send({"type": "websocket.accept"})
    with metrics.echoing.track_inprogress():
        await echo_texts(receive, send)


async def echo_texts(receive: Receive, send: Send) -> None:
    allowance = Allowance(30, within=10)
    while True:
        try:
            event = await asyncio.wait_for(receive(), 120)
        except TimeoutError:
            event = {"type": "websocket.receive"}
        if event["type"] == "websocket.disconnect":
            metrics.ended(event.get("code"))
            return
        text = event.get("text")
        if text is None or len(text) > 1024 or not allowance.take():
            await end(send, UNWANTED)
            return
        metrics.echoed.inc()
        await send({"type": "websocket.send", "text": text})


async def no_such_socket(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    await end(send, GONE)
