"""Badges: the state of one thing as a small image, for READMEs, chats and mail: ``/badge/flight/B6-1010.svg`` and ``.png``.

An app registers what its badges show in ``badges.py``, which is imported when the site starts::

    def order_badge(thing, query):
        order = Order.objects.filter(number=thing).first()
        if order is None:
            return Badge(_("Order"), _("unknown order"), "calm")
        return Badge(order.number, order.state_word, order.tone)

    register_badge("order", order_badge)

A badge is public, has no key, and sets no cookie. Whatever happens its answer is an image: what shows it in somebody's
page keeps a failure for a day. So a thing that nobody knows has a badge too, and so has one that is asked for too often.
"""

import logging
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import NamedTuple

from csp.constants import NONE
from csp.decorators import csp
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import re_path
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import limits
from embeds.badge_images import THEMES, badge_png, badge_svg
from embeds.frames.looks import language_of

log = logging.getLogger("airside.embeds")

A_MINUTE = 3000  # of one address: a proxy for images asks for all readers of a page


class Badge(NamedTuple):
    """What a badge shows: ``label`` says what it is about, ``word`` its state, ``title`` both in full, for readers.

    ``tone`` is that of a state: good, warn, bad, go, calm, or "".
    """

    label: str
    word: str
    tone: str = ""
    title: str = ""


Lookup = Callable[[str, Mapping[str, str]], Badge]  # by the thing in the address, and its query; any text may be there

BADGES: dict[str, Lookup] = {}


def register_badge(kind: str, look_up: Lookup) -> None:
    BADGES[kind] = look_up


@require_safe
@csp({"default-src": [NONE], "frame-ancestors": [NONE]})  # type: ignore[arg-type]  # its types know no view with arguments
def badge(request: HttpRequest, kind: str, thing: str, suffix: str) -> HttpResponseBase:
    """``?theme=dark`` and ``?lang=de`` are of the page that shows it, and not of who reads that. Further ones are its kind's."""
    if kind not in BADGES:
        raise Http404(f"No badges of {kind}")
    theme = request.GET.get("theme", "")
    language = language_of(request.GET.get("lang", ""))
    with translation.override(language):
        shown = shown_badge(request, kind, thing)
    parts = shown.label, shown.word, shown.tone, theme if theme in THEMES else "light"
    svg = badge_svg(*parts, language, shown.title)
    etag = f'"{blake2b(f"{suffix} {svg}".encode(), digest_size=12).hexdigest()}"'
    response = HttpResponse(content_type="image/png" if suffix == "png" else "image/svg+xml")
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache, max-age=0"  # GitHub's proxy wants both, and the ETag
    response["Content-Language"] = language
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    unchanged = get_conditional_response(request, etag, response=response)
    if unchanged is not response and unchanged is not None:
        return unchanged
    response.content = badge_png(*parts) if suffix == "png" else svg
    return response


def shown_badge(request: HttpRequest, kind: str, thing: str) -> Badge:
    if limits.count("badges", limits.address(request), limits.MINUTE) > A_MINUTE:
        return Badge("Airside", _("asked too often"), "calm")
    try:
        return BADGES[kind](thing, request.GET.dict())
    except DatabaseError:
        log.exception("could not look up a badge: %s", kind)
        return Badge("Airside", _("not known now"), "calm")


urls = [re_path(r"^badge/(?P<kind>[a-z]+)/(?P<thing>(?s:.+))\.(?P<suffix>svg|png)$", badge, name="badge")]
