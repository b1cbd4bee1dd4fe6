"""The WebSocket side: which address is which socket, who may open it, and what may come up it.

Plain ASGI without a consumer: a watching socket has no channel, no group and no dispatch of its own, and one to a
public region reads no session and asks no database.
"""

import asyncio
import json
import logging
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from itertools import count
from urllib.parse import urlsplit

from channels.routing import URLRouter
from django.conf import settings
from django.contrib.auth import get_user
from django.http import Http404, HttpRequest, QueryDict
from django.http.request import validate_host
from django.urls import path, re_path

from limits import Allowance
from live import metrics
from live.hub import GONE, NOT_ALLOWED, TRY_AGAIN, Socket, hub
from live.regions import Region, build

log = logging.getLogger("airside.live")

SIGN_IN = 4401
UNWANTED = 1008  # the client broke our rules: it sent what this socket does not take
LONGEST_TEXT = 4096
numbers = count()


def sockets():
    """The application for scope type ``websocket``: every region below ``/ws/``, the echo, and 4404 for the rest."""
    regions = [path(f"ws/{cls.path}", region_socket, {"region_class": cls}) for cls in Region.classes]
    return same_origin(URLRouter([path("ws/echo/", echo), *regions, re_path("", no_such_socket)]))


def same_origin(application):
    """Refuse the handshake of pages that are not ours: any site may open a socket to us, with its visitor's cookies."""

    async def checked(scope, receive, send):
        if is_ours(dict(scope["headers"])):
            await application(scope, receive, send)
        else:
            await receive()
            await end(send, NOT_ALLOWED)

    return checked


def is_ours(headers):
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


async def region_socket(scope, receive, send):
    """A socket to one region. Refusals accept first: the client tries a refused handshake again for ever."""
    query = QueryDict(scope["query_string"])
    region = build(query, **scope["url_route"]["kwargs"])
    await receive()
    await send({"type": "websocket.accept"})
    ask = None
    if not region.public:
        cookies = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")

        def ask():
            return refusal(region, user_of(cookies))

        if code := await hub.in_thread(ask):
            await end(send, code)
            return
    if region.address not in hub.watched:
        try:
            await hub.in_thread(region.topics)  # the first time it may look up what it is about, and keeps that
        except Http404:
            await end(send, GONE)
            return
    socket = Socket(send, version=query.get("v", ""), ask=ask, slot=next(numbers))
    if not hub.join(region, socket):
        await end(send, TRY_AGAIN)
        return
    try:
        metrics.ended(await take_texts(region, receive, socket, scope))
    finally:
        hub.leave(region, socket)


async def end(send, code):
    metrics.ended(code)
    await send({"type": "websocket.close", "code": code})


def refusal(region, user):
    """The close code for a user who may not look, or None."""
    if region.allows(user):
        return None
    return NOT_ALLOWED if user.is_authenticated else SIGN_IN


def user_of(cookies):
    """The user of a Cookie header, by a session read anew: signed out, deactivated or changed counts at once."""
    request = HttpRequest()
    try:
        key = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        key = None
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key.value if key else None)
    return get_user(request)


async def take_texts(region, receive, socket, scope):
    """Wait for the end, and return its code.

    A region that takes texts (``receive(user, message)``) answers each with JSON; others take none.
    """
    allowance = Allowance(10, within=10)
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return event.get("code")
        text = event.get("text")
        takes = getattr(region, "receive", None)
        if takes is None or text is None or len(text) > LONGEST_TEXT or not allowance.take():
            log.info("closed a socket to %s that sent what it does not take", region)
            socket.close(UNWANTED)
            return UNWANTED
        cookies = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
        socket.push(json.dumps(await hub.in_thread(answer, takes, cookies, text)))


def answer(takes, cookies, text):
    """The region's answer to a text, a dict; an ``error`` where it is no JSON object."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return {"error": "not JSON"}
    if not isinstance(message, dict):
        return {"error": "not a JSON object"}
    return takes(user_of(cookies), message)


async def echo(scope, receive, send):
    """``ws/echo/``: the same text back, for the connection check page; thirty in ten seconds, then closed."""
    await receive()
    await send({"type": "websocket.accept"})
    with metrics.echoing.track_inprogress():
        await give_back(receive, send)


async def give_back(receive, send):
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


async def no_such_socket(scope, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    await end(send, GONE)
