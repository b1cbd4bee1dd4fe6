"""A restaurant's times in a frame on its own site."""

import logging
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from bookings.restaurants.guests.views.addresses import restaurant_of
from bookings.restaurants.guests.views.search import times_of
from bookings.restaurants.models.embed_origins import valid_origins

log = logging.getLogger("airside.restaurants")


@require_safe
@xframe_options_exempt
def widget(request, slug):
    """Today's times for a frame on the restaurant's own site; a time opens its page here, in a tab of its own."""
    place = restaurant_of(slug)
    origins = valid_origins(place.embedded_by)
    if is_framed_by_another(request, origins):
        log.warning("refused a frame: its site is not listed")
        response = HttpResponse(_("This site may not show this page."), status=403, content_type="text/plain")
    else:
        region = times_of(place, request.GET)
        region.form.is_valid()
        context = {"restaurant": place, "form": region.form, "region": region}
        response = render(request, "restaurants/guests/widget.html", context)
    response._csp_replace = {"frame-ancestors": origins or ["'none'"]}  # what django-csp's decorator sets
    return response


def is_framed_by_another(request, origins):
    """As far as a browser says so; the policy holds in any case."""
    if request.headers.get("Sec-Fetch-Dest") not in ("iframe", "frame"):
        return False
    referrer = urlsplit(request.headers.get("Referer", ""))
    return bool(referrer.netloc) and f"{referrer.scheme}://{referrer.netloc}" not in [*origins, own_origin(request)]


def own_origin(request):
    return f"{request.scheme}://{request.get_host()}"
