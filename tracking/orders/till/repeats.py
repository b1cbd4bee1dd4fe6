"""Idempotency-Key, by the draft of the IETF: a request that is sent again gets the answer that it had, and does nothing.

The same key with another request is 422; while the first one is in progress it is 409. Only what was done is kept: after a
refusal nothing has happened, and the key may be used again.
"""

import re
from collections.abc import Callable
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tracking.orders.models import TillKey, TillRequest
from tracking.orders.models.tills import LONGEST_KEY
from tracking.orders.till.problems import Problem

KEPT_HEADERS = ("ETag", "Location")


def once(request: HttpRequest, till: TillKey, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer by ``act``, or as it was answered before. Not inside a transaction: others must see that it is in progress."""
    key = key_of(request)
    if not key:
        return act()
    digest = digest_of(request)
    claimed, is_ours = TillRequest.objects.claim(till, key, digest, timezone.now())
    if not is_ours:
        return repeated(claimed, digest)
    try:
        answer = act()
    except BaseException:
        claimed.delete()
        raise
    headers = {name: answer[name] for name in KEPT_HEADERS if name in answer}
    TillRequest.objects.filter(pk=claimed.pk).update(
        status=answer.status_code, body=answer.content.decode(), headers=headers
    )
    return answer


def repeated(claimed: TillRequest, digest: str) -> HttpResponse:
    if claimed.digest != digest:
        raise Problem(422, "key", _("This Idempotency-Key was sent with another request."))
    if claimed.status is None:
        words = _("The first request with this Idempotency-Key is in progress.")
        raise Problem(409, "in-progress", words, headers={"Retry-After": "1"})
    return HttpResponse(claimed.body, "application/json", claimed.status, headers=claimed.headers)


def key_of(request: HttpRequest) -> str:
    """The key, with or without the quotes that the draft wants. Raises Problem for one that is none."""
    found = request.headers.get("Idempotency-Key")
    if found is None:
        return ""
    key = found[1:-1] if len(found) > 1 and found[0] == found[-1] == '"' else found
    if not re.fullmatch(rf"[!-~]{{1,{LONGEST_KEY}}}", key):
        raise Problem(
            400, "key", _("An Idempotency-Key has up to %(most)s visible characters.") % {"most": LONGEST_KEY}
        )
    return key


def digest_of(request: HttpRequest) -> str:
    parts = [str(request.method), request.get_full_path(), request.headers.get("If-Match", "")]
    return sha256("\n".join(parts).encode() + b"\n" + request.body).hexdigest()
