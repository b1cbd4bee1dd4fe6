"""Applies the X-Forwarded-* headers of trusted proxies: client address, scheme and Host.

Only proxies in AIRSIDE_TRUSTED_PROXIES are believed. The headers themselves are always removed from the scope.
"""

from ipaddress import ip_address
from typing import Any

from django.conf import settings

FOR, PROTO, HOST = b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host"
FORWARDED = {FOR, PROTO, HOST, b"x-forwarded-port", b"x-real-ip", b"forwarded"}
SECURE = {"http": "https", "websocket": "wss"}


def behind_proxies(application: Any) -> Any:
    """Wrap an ASGI application: its scope has the client, the scheme and the Host that a trusted proxy forwards."""

    async def forwarded(scope, receive, send):
        if "headers" in scope:
            scope = apply_forwarded(scope) if is_trusted(peer(scope)) else scope
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] not in FORWARDED]}
        await application(scope, receive, send)

    return forwarded


def apply_forwarded(scope: Any) -> Any:
    """The scope with what the proxy's headers say."""
    scope = dict(scope)
    if addresses := values(scope, FOR):
        scope["client"] = [client(addresses, scope), 0]
    if values(scope, PROTO)[-1:] == ["https"]:
        scope["scheme"] = SECURE[scope["type"]]
    if hosts := values(scope, HOST):
        others = [pair for pair in scope["headers"] if pair[0] != b"host"]
        scope["headers"] = [*others, (b"host", hosts[-1].encode("latin-1"))]
    return scope


def client(addresses: list[str], scope: Any) -> str:
    """The client's address. The nearest proxy wrote last, so it is the last address that is not a trusted proxy."""
    found = peer(scope)
    for address in reversed(addresses):
        try:
            found = str(ip_address(address))
        except ValueError:
            break
        if not is_trusted(found):
            break
    return found


def values(scope: Any, header: bytes) -> list[str]:
    """The comma-separated values of a header."""
    text = b",".join(value for name, value in scope["headers"] if name == header).decode("latin-1")
    return [value.strip() for value in text.split(",") if value.strip()]


def peer(scope: Any) -> str:
    """The address at the other end of the TCP connection."""
    return scope["client"][0] if scope.get("client") else ""


def is_trusted(address: str) -> bool:
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return any(ip in network for network in settings.TRUSTED_PROXIES)
