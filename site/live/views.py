from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from live.regions import Region, build


@require_safe
def fragment(request: HttpRequest, region_class: type[Region], **captured: Any) -> HttpResponse:
    """A region as HTML, with its version as ETag: pages poll it where no socket gets through."""
    region = build(request.GET, region_class=region_class, **captured)
    if not region.public and not region.allows(request.user):
        raise Http404
    snapshot = region.render()
    etag = f'"{snapshot.version}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(snapshot.html)
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache" if region.public else "private, no-cache"
    if not region.public:
        patch_vary_headers(response, ["Cookie"])
    return response
