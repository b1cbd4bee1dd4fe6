"""A restaurant's times in a frame on its own site, at the address that its site has had from the beginning."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.restaurants.guests.addresses import restaurant_or_404
from bookings.restaurants.guests.views.search import times_region
from embeds.frames.framing import is_of_another, let_frame
from embeds.origins import valid_origins

log = logging.getLogger("airside.restaurants")


@require_safe
def widget(request: HttpRequest, slug: str) -> HttpResponse:
    """Today's times in a frame of the restaurant's own site. A time opens the restaurant's page here in a new tab."""
    restaurant = restaurant_or_404(slug)
    origins = valid_origins(restaurant.embedded_by)
    if is_of_another(request, origins):
        log.warning("refused a frame: its site is not listed")
        response = HttpResponse(_("This site may not show this page."), status=403, content_type="text/plain")
    else:
        region = times_region(restaurant, request.GET)
        region.form.is_valid()
        context = {"restaurant": restaurant, "form": region.form, "region": region}
        response = render(request, "restaurants/guests/widget.html", context)
    let_frame(response, origins)
    return response
