"""Which sites may show a document in a frame: its own list in the content security policy, and no other document's."""

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse

from embeds.origins import origin_of_address

ANY = "*"


def let_frame(response: HttpResponse, sites: Collection[str]) -> None:
    """Let these origins show the answer in a frame, beside this site itself; none at all if there are none.

    Where any may, the policy does not name them: ``*`` would refuse pages without an origin, such as the sandboxed blocks
    of site builders. ``X-Frame-Options`` can't name sites, so it is left out: browsers that know the policy ignore it anyway.
    """
    sources = None if ANY in sites else ["'self'", *sites] if sites else ["'none'"]
    response._csp_replace = {"frame-ancestors": sources}  # type: ignore[attr-defined]  # what django-csp's decorator sets
    response.xframe_options_exempt = True  # and Django's


def site_of(request: HttpRequest) -> str:
    """The origin of the page that asked for this document, as its browser says; "" if it does not."""
    return origin_of_address(request.headers.get("Referer", ""))


def is_in_a_frame(request: HttpRequest) -> bool:
    return request.headers.get("Sec-Fetch-Dest") in ("iframe", "frame")


def is_of_another(request: HttpRequest, sites: Collection[str]) -> bool:
    """Whether a site that is not listed shows it, as the browser says; the content security policy holds in any case."""
    if ANY in sites or not is_in_a_frame(request):
        return False
    site = site_of(request)
    return bool(site) and site not in [*sites, own_origin(request)]


def own_origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
