"""Headers that are made of data: nothing leaves that a browser could read in another way.

A value that is not ASCII would be encoded as a whole by Django, or ignored as a whole by browsers. In the content security
policy that would remove the policy, and with it what keeps other sites from showing a page in a frame.
"""

import logging
import re
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import Counter

log = logging.getLogger("airside.headers")

dropped = Counter("airside_headers_dropped", "Headers and sources of the policy that could not be sent.", ["kind"])

SOURCE = re.compile(r"[\x21-\x7e]+")  # one word: no space, and no control character
ENCODED_WORD = "=?utf-8?"  # what Django makes of a value that is not Latin-1


class Headers(CSPMiddleware):
    """Writes the content security policy from sources that can be sent, and removes headers that can't be."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response = super().process_response(request, response)
        for name in [name for name, value in response.items() if not can_be_sent(value)]:
            del response[name]
            drop("header", name)
        return response

    def get_policy_parts(self, *args: Any, **options: Any) -> PolicyParts:
        parts = super().get_policy_parts(*args, **options)
        parts.update, parts.replace = only_sendable(parts.update), only_sendable(parts.replace)
        return parts


def only_sendable(directives: dict[str, Any] | None) -> dict[str, Any]:
    """The directives that a view has set, with the sources that can be sent; ``'none'`` where none is left."""
    return {
        name: sendable(name, sources) or [NONE] if isinstance(sources, list | tuple | set) else sources
        for name, sources in (directives or {}).items()
    }


def can_be_sent(value: str) -> bool:
    return value.isascii() and value.isprintable() and not value.startswith(ENCODED_WORD)


def sendable(directive: str, sources: Any) -> list[str]:
    """The sources in ASCII. One that has no such form is left out, and all others stay."""
    found = []
    for source in sources:
        if (plain := ascii_source(str(source))) is None:
            drop("source", directive)
        else:
            found.append(plain)
    return found


def ascii_source(source: str) -> str | None:
    """A source of the policy, with an international name in the form of the DNS (``xn--…``); None if it has no such form."""
    try:
        if not source.isascii():
            parts = urlsplit(source)
            host = (parts.hostname or "").encode("idna").decode()
            port = f":{parts.port}" if parts.port else ""
            source = f"{parts.scheme}://{host}{port}{parts.path}" if host else source
    except ValueError:
        return None
    return source if SOURCE.fullmatch(source) and not set(source) & set(";,") else None


def drop(kind: str, name: str) -> None:
    """Log and count it, without its value: it may be personal."""
    dropped.labels(kind).inc()
    log.error("left out a %s that can't be sent: %s", kind, name)
