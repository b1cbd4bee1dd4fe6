"""Reads what proxies say about a connection: the client's address, the scheme and the host.

Only the proxies in AIRSIDE_TRUSTED_PROXIES are believed. Their X-Forwarded-* headers become the scope's own client,
scheme and Host. The headers themselves are always removed, whoever sent them.
"""

from collections.abc import Sequence
from ipaddress import ip_address

from django.conf import settings

from asgi_types import Application, Receive, Scope, Send, client_of

FOR, PROTO, HOST = b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host"
PROXY_HEADERS = {FOR, PROTO, HOST, b"x-forwarded-port", b"x-real-ip", b"forwarded"}
SECURE = {"http": "https", "websocket": "wss"}


def behind_proxies(application: Application) -> Application:
    """Wrap an ASGI application so that it sees the client, scheme and host that a trusted proxy names."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if "headers" in scope:
            scope = apply_forwarded(scope) if is_trusted(client_of(scope)) else scope
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] not in PROXY_HEADERS]}
        await application(scope, receive, send)

    return wrapped


def apply_forwarded(scope: Scope) -> Scope:
    """A copy of the scope, with the client, scheme and Host of its X-Forwarded-* headers."""
    scope = dict(scope)
    if addresses := values(scope, FOR):
        scope["client"] = [client_address(addresses, scope), 0]
    if values(scope, PROTO)[-1:] == ["https"]:
        scope["scheme"] = SECURE[scope["type"]]
    if hosts := values(scope, HOST):
        others = [pair for pair in scope["headers"] if pair[0] != b"host"]
        scope["headers"] = [*others, (b"host", hosts[-1].encode("latin-1"))]
    return scope


def client_address(addresses: Sequence[str], scope: Scope) -> str:
    """The client's address: read from the end, where the nearest proxy wrote, the first one that is not a trusted proxy."""
    found = client_of(scope)
    for address in reversed(addresses):
        try:
            found = str(ip_address(address))
        except ValueError:
            break
        if not is_trusted(found):
            break
    return found


def values(scope: Scope, header: bytes) -> list[str]:
    """The values of a header that may be repeated and may hold several, separated by commas."""
    joined = b",".join(value for name, value in scope["headers"] if name == header).decode("latin-1")
    return [value.strip() for value in joined.split(",") if value.strip()]


def is_trusted(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in settings.TRUSTED_PROXIES)
