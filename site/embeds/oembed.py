"""oEmbed 1.0 (https://oembed.com): the address of a page of this site is pasted into a chat or a post, and its widget is shown.

``/oembed?url=https://airside.example/flights/JFK/departures/`` answers with the widget that has this page among its
``pages``, as a frame. Nothing is fetched: the address is looked up among those of this site. The pages themselves name
their answer: ``{% oembed_links %}`` in templates/base.html.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote, urlencode, urlsplit
from xml.etree import ElementTree

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import Resolver404, path, resolve, reverse
from django.utils.html import format_html
from django.utils.translation import override
from django.views.decorators.http import require_safe

import limits
from embeds.badge_images import LONGEST_TITLE, clean
from embeds.frames.framing import own_origin
from embeds.frames.looks import language_of
from embeds.origins import origin_of_address
from embeds.registry import WIDGETS, Widget

FORMATS = ("json", "xml")
WIDTH = 600  # pixels; less where the page that shows it wants less
KEPT = 3600  # seconds that an answer may be kept: what is shown in the frame is live all the same
A_MINUTE = 600  # of one address: a consumer asks for all of its readers


class Private(Exception):
    """What is there needs a key, or an account."""


class Shown(NamedTuple):
    """A page's widget, with what it shows and the query of the page."""

    widget: Widget
    thing: str
    query: QueryDict


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    answer = answer_to(request)
    answer["Access-Control-Allow-Origin"] = "*"  # it is the same for everybody
    if answer.status_code == 200:
        answer["Cache-Control"] = f"public, max-age={KEPT}"
    return answer


def answer_to(request: HttpRequest) -> HttpResponse:
    try:
        limits.check("oembed", limits.address(request), A_MINUTE, limits.MINUTE)
    except limits.TooMany as fault:
        return refusal(429, "Too many requests.", {"Retry-After": str(fault.retry_after)})
    form = request.GET.get("format", "json")
    if form not in FORMATS:
        return refusal(501, "This format is not supported; json and xml are.")
    if not (url := request.GET.get("url", "")):
        return refusal(400, "The parameter url is missing.")
    try:
        found = shown_at(request, url)
        with override(language_of(found.query.get("lang", ""))):
            fields = rich(request, found)
    except Private:
        return refusal(401, "This page is private.")
    except Http404:
        return refusal(404, "There is nothing to embed at this address.")
    return JsonResponse(fields) if form == "json" else HttpResponse(xml(fields), content_type="text/xml; charset=utf-8")


def refusal(status: int, text: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, headers=headers, content_type="text/plain; charset=utf-8")


def shown_at(request: HttpRequest, url: str) -> Shown:
    """The widget of the page at this address. Raises Private, and Http404 where there is none."""
    try:
        parts = urlsplit(url)
        is_ours = origin_of_address(url) in {origin_of_address(origin) for origin in origins(request)}
        match = resolve(unquote(parts.path, errors="strict")) if is_ours else None
    except (ValueError, Resolver404):
        match = None
    if match is None:
        raise Http404(f"No page of this site: {url}")
    if match.view_name == "embeds:keyed":
        raise Private
    if match.view_name == "embeds:frame":
        widget, thing = WIDGETS.get(match.kwargs["widget"]), match.kwargs["thing"]
    else:
        widget = widget_of(match.view_name)
        thing = widget.pages[match.view_name].format(**match.kwargs) if widget else ""
    if widget is None:
        raise Http404(f"No widget of {match.view_name}")
    if widget.is_private:
        raise Private
    return Shown(widget, thing, QueryDict(parts.query[:2000]))


def widget_of(view_name: str) -> Widget | None:
    """The widget that shows what the page of this view shows."""
    return next((widget for widget in WIDGETS.values() if view_name in widget.pages), None)


def origins(request: HttpRequest) -> list[str]:
    """The origins of this site: those that are set, and the one that it was asked at."""
    return [*settings.AIRSIDE_ORIGINS, own_origin(request)]


def rich(request: HttpRequest, shown: Shown) -> dict[str, Any]:
    """The fields of the answer. Raises Http404 where there is no such thing."""
    widget, thing, query = shown
    region = widget.region(thing, {name: str(value) for name, value in query.items()})
    title = clean(widget.title(thing), LONGEST_TITLE)
    chosen = {**region.filters, **({"lang": query["lang"]} if "lang" in query else {})}
    address = reverse("embeds:frame", args=[widget.name, thing]) + (f"?{urlencode(chosen)}" if chosen else "")
    width = within(request.GET.get("maxwidth"), WIDTH)
    height = within(request.GET.get("maxheight"), widget.height)
    frame = '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy" frameborder="0" referrerpolicy="strict-origin"></iframe>'
    return {
        "type": "rich",
        "version": "1.0",
        "title": title,
        "provider_name": f"Airside {settings.HOME_AIRPORT}",
        "provider_url": request.build_absolute_uri("/"),
        "cache_age": KEPT,
        "html": format_html(frame, request.build_absolute_uri(address), width, height, title),
        "width": width,
        "height": height,
    }


def within(most: str | None, usual: int) -> int:
    """The usual size in pixels, or the most that is asked for; what is no size is not asked for."""
    asked = int(most) if most and most.isascii() and most.isdecimal() and len(most) < 9 else 0
    return min(asked or usual, usual)


def xml(fields: Mapping[str, Any]) -> str:
    root = ElementTree.Element("oembed")
    for name, value in fields.items():
        ElementTree.SubElement(root, name).text = str(value)
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n{ElementTree.tostring(root, "unicode")}\n'


urls = [path("oembed", oembed, name="oembed")]
