"""The documents that other sites show in a frame. These views read no session and set no cookie, so visitors need not consent."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import condition, require_safe

from embeds.frames import sightings
from embeds.frames.framing import ANY, let_frame
from embeds.frames.looks import Look, look_of
from embeds.frames.regions import KeyedWidget
from embeds.models import Embed
from embeds.registry import WIDGETS, Widget

MAX_THING = 100  # characters
POWERS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"  # none is ever asked for

View = TypeVar("View", bound=Callable[..., HttpResponse])


def for_frames(view: View) -> View:
    """The headers of what is shown in a frame, also on pages that isolate themselves (COEP)."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        response["Cross-Origin-Embedder-Policy"] = "require-corp"
        response["Permissions-Policy"] = POWERS
        return response

    return cast(View, answer)


@for_frames
@require_safe
def public(request: HttpRequest, widget: str, thing: str) -> HttpResponse:
    """A widget without a key: anybody may see what it shows anyway."""
    kind = WIDGETS.get(widget)
    if kind is None or kind.is_private or len(thing) > MAX_THING:
        raise Http404(f"No widget {widget}")
    look = look_of(request.GET)
    with override(look.language):
        region = kind.region(thing, request.GET.dict())
        response = frame(request, kind, thing, look, region=region, content=region)
    response["Cache-Control"] = "no-cache"
    let_frame(response, settings.EMBED_SITES)
    return response


@for_frames
@require_safe
def keyed(request: HttpRequest, token: str) -> HttpResponse:
    """A widget with a key, on the sites of its list. A key that was revoked says so."""
    if request.headers.get("Origin") == "null":
        return HttpResponse(status=403)  # a sandboxed frame that asks again: nothing with a key is for it
    look = look_of(request.GET)
    region = KeyedWidget(token=token, query=request.GET, language=look.language)
    with override(look.language):
        try:
            embed = region.embed
            if not embed.is_open:
                raise Http404("It is its owner's no more")
            response = frame(request, region.kind, embed.thing, look, region=region, content=region.inner, embed=embed)
            let_frame(response, embed.listed_sites or ([] if region.kind.is_private else [ANY]))
            sightings.record(embed, request)
        except Http404:
            context = {**look._asdict(), "title": _("This widget was withdrawn"), "region": None}
            response = HttpResponse(render_to_string("embeds/frame.html", context), status=410)
            let_frame(response, [])
    response["Cache-Control"] = "no-store, private"
    return response


def frame(
    request: HttpRequest, kind: Widget, thing: str, look: Look, embed: Embed | None = None, **regions: Any
) -> HttpResponse:
    """The document of a widget. Its template gets no request, so that nothing in it can depend on who looks."""
    context = {
        "widget": kind,
        "thing": thing,
        "title": kind.title(thing),
        "url": request.build_absolute_uri(kind.url(thing)),  # where the frame itself was found
        "embed": embed,
        **regions,
        **look._asdict(),
    }
    return HttpResponse(render_to_string(kind.template, context))


# The script


def script_file() -> str:
    found: Any = finders.find("js/embed/airside.js")
    return str(found)


def script_etag(request: HttpRequest) -> str:
    return quote_etag(settings.RELEASE)


def for_all_sites(view: View) -> View:
    """What any page may load; said with a 304 too."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Cache-Control"] = "public, max-age=300"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return cast(View, answer)


@for_all_sites
@require_safe
@condition(etag_func=script_etag)
def script(request: HttpRequest) -> HttpResponse:
    """The script of all widgets, at an address that never changes."""
    with open(script_file(), encoding="utf-8") as file:
        return HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
