"""Answers of the server itself, to requests that no view sees: a status, a sentence and when to try again.

They ask no database and no session, so they answer whatever is slow. People get a small page in their language, programs
that ask below ``/api/`` get ``{"error": sentence}``.
"""

import json
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.text import format_lazy
from django.utils.translation import get_supported_language_variant, gettext_lazy, override
from django.utils.translation.trans_real import parse_accept_lang_header

from asgi_types import Scope, Send

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

API = "/api/"


class Refusal(NamedTuple):
    """Why a request is refused. ``title`` and ``sentence`` are lazy texts, ``retry_after`` is in seconds."""

    status: int
    title: "StrOrPromise"
    sentence: "StrOrPromise"
    retry_after: int | None = None


TOO_BUSY = Refusal(
    503,
    gettext_lazy("Very busy just now"),
    gettext_lazy(
        "This took too long. Try again in a few seconds. If you sent something, first see whether it was saved."
    ),
    retry_after=5,
)
TOO_MUCH_AT_ONCE = Refusal(
    429,
    gettext_lazy("Too much at once"),
    gettext_lazy("Your network asks for very many things at once. Try again in a few seconds."),
    retry_after=5,
)
TOO_LARGE = Refusal(
    413,
    gettext_lazy("Too large"),
    format_lazy(gettext_lazy("What was sent is too large: the limit is {most} MB."), most=settings.MAX_BODY // 10**6),
)
TOO_SLOW = Refusal(
    408,
    gettext_lazy("Too slow"),
    format_lazy(
        gettext_lazy("The request did not arrive within {seconds} seconds. Try again."), seconds=settings.REQUEST_WITHIN
    ),
)
TOO_LONG = Refusal(
    431, gettext_lazy("Too long"), gettext_lazy("The address or the headers of the request are too long.")
)
MALFORMED = Refusal(400, gettext_lazy("Not understood"), gettext_lazy("The request is malformed."))


@lru_cache(maxsize=64)
def page(refusal: Refusal, language: str) -> str:
    with override(language):
        return render_to_string("refused.html", refusal._asdict())


def answer(refusal: Refusal, path: str, accept_language: str = "") -> tuple[list[tuple[bytes, bytes]], bytes]:
    """The headers and the body of a refusal."""
    language = language_of(accept_language)
    if path.startswith(API):
        with override(language):
            content_type, body = "application/json", json.dumps({"error": str(refusal.sentence)})
    else:
        content_type, body = "text/html; charset=utf-8", page(refusal, language)
    content = body.encode()
    headers = [("Content-Type", content_type), ("Content-Length", str(len(content))), ("Cache-Control", "no-store")]
    if refusal.retry_after:
        headers.append(("Retry-After", str(refusal.retry_after)))
    return [(name.encode(), value.encode()) for name, value in headers], content


@lru_cache(maxsize=256)
def language_of(accept_language: str) -> str:
    """The first language of an Accept-Language header that the site has."""
    for language, _weight in parse_accept_lang_header(accept_language):
        try:
            return get_supported_language_variant(language)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


async def refuse(scope: Scope, send: Send, refusal: Refusal) -> None:
    """Answer an ASGI request with a refusal."""
    accepted = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    headers, body = answer(refusal, scope["path"], accepted)
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
