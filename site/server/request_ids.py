"""An id for each request and each socket, which every log line written for it carries."""

import re
import secrets
from contextvars import ContextVar

from asgi_types import Application, Message, Receive, Scope, Send, client_of
from server.proxies import is_trusted

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
HEADER = b"x-request-id"
ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def with_request_ids(application: Application) -> Application:
    """Wrap an ASGI application: each request and socket gets an id, a trusted proxy's or a new one.

    The answer to a request carries it as ``X-Request-ID``.
    """

    async def identified(scope: Scope, receive: Receive, send: Send) -> None:
        if "headers" in scope:
            own = id_from_proxy(scope) or secrets.token_hex(8)
            request_id.set(own)
            # Not for sockets: each frame would pass through the wrapper.
            send = adding_header(send, own) if scope["type"] == "http" else send
        await application(scope, receive, send)

    return identified


def id_from_proxy(scope: Scope) -> str | None:
    """The id that a trusted proxy gave, or None. Any other client could write arbitrary text into the log with it."""
    given = dict(scope["headers"]).get(HEADER, b"").decode("latin-1")
    return given if ACCEPTABLE.fullmatch(given) and is_trusted(client_of(scope)) else None


def adding_header(send: Send, own: str) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), (HEADER, own.encode())]}
        await send(message)

    return wrapped
