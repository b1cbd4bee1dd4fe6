"""Types of the ASGI interface: https://asgi.readthedocs.io/en/latest/specs/."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def client_of(scope: Scope) -> str:
    """The network address of the client: of the other end of the connection, or the one that a trusted proxy named."""
    return str(scope["client"][0]) if scope.get("client") else ""
