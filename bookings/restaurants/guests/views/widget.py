"""A restaurant's times in a frame on its own site."""

import logging
from collections.abc import Collection
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from bookings.restaurants.guests.addresses import restaurant_or_404
from bookings.restaurants.guests.views.search import times_region
from bookings.restaurants.models.embed_origins import valid_origins

log = logging.getLogger("airside.restaurants")


@require_safe
@xframe_options_exempt
def widget(request: HttpRequest, slug: str) -> HttpResponse:
    """Today's times in a frame of the restaurant's own site. A time opens the restaurant's page here in a new tab."""
    restaurant = restaurant_or_404(slug)
    origins = valid_origins(restaurant.embedded_by)
    if is_framed_by_another(request, origins):
        log.warning("refused a frame: its site is not listed")
        response = HttpResponse(_("This site may not show this page."), status=403, content_type="text/plain")
    else:
        region = times_region(restaurant, request.GET)
        region.form.is_valid()
        context = {"restaurant": restaurant, "form": region.form, "region": region}
        response = render(request, "restaurants/guests/widget.html", context)
    response._csp_replace = {"frame-ancestors": origins or ["'none'"]}  # what django-csp's decorator sets
    return response


def is_framed_by_another(request: HttpRequest, origins: Collection[str]) -> bool:
    """Whether a site that is not listed frames it, as the browser says; the content security policy holds in any case."""
    if request.headers.get("Sec-Fetch-Dest") not in ("iframe", "frame"):
        return False
    referrer = urlsplit(request.headers.get("Referer", ""))
    return bool(referrer.netloc) and f"{referrer.scheme}://{referrer.netloc}" not in [*origins, own_origin(request)]


def own_origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
