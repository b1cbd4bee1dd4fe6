"""What proxies say of a connection: who asks, over https or not, for which host.

It counts from those in AIRSIDE_TRUSTED_PROXIES alone. Then it becomes the scope's own client, scheme and Host; the
headers themselves go no further, whoever sent them.
"""

from ipaddress import ip_address

from django.conf import settings

FOR, PROTO, HOST = b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host"
SAID_BY_PROXIES = {FOR, PROTO, HOST, b"x-forwarded-port", b"x-real-ip", b"forwarded"}
SECURE = {"http": "https", "websocket": "wss"}


def behind_proxies(application):
    async def heard(scope, receive, send):
        if "headers" in scope:
            scope = told(scope) if is_trusted(peer(scope)) else scope
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] not in SAID_BY_PROXIES]}
        await application(scope, receive, send)

    return heard


def told(scope):
    """The scope as the proxy tells it."""
    scope = dict(scope)
    if addresses := values(scope, FOR):
        scope["client"] = [client(addresses, scope), 0]
    if values(scope, PROTO)[-1:] == ["https"]:
        scope["scheme"] = SECURE[scope["type"]]
    if hosts := values(scope, HOST):
        others = [pair for pair in scope["headers"] if pair[0] != b"host"]
        scope["headers"] = [*others, (b"host", hosts[-1].encode("latin-1"))]
    return scope


def client(addresses, scope):
    """Who asks: read from the end, where the nearest proxy wrote, the first that is no trusted proxy itself."""
    found = peer(scope)
    for address in reversed(addresses):
        try:
            found = str(ip_address(address))
        except ValueError:
            break
        if not is_trusted(found):
            break
    return found


def values(scope, header):
    said = b",".join(value for name, value in scope["headers"] if name == header).decode("latin-1")
    return [value.strip() for value in said.split(",") if value.strip()]


def peer(scope):
    return scope["client"][0] if scope.get("client") else ""


def is_trusted(address):
    try:
        address = ip_address(address)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in settings.TRUSTED_PROXIES)
