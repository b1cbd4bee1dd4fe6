"""Opening a link in a view."""

import logging

from django.db import DatabaseError
from django.http import HttpRequest

from links.devices import device_of
from links.models import LinkedQuerySet, Opening, Thing

log = logging.getLogger("airside.links")


def open_link(request: HttpRequest, things: LinkedQuerySet[Thing], token: str, kind: str = "") -> Thing:
    """The thing among ``things`` that the link opens; records the opening. Raises Http404 as ``from_token`` does."""
    thing = things.from_token(token, kind)
    try:
        Opening.objects.record(thing, request.user.pk, device_of(request.headers.get("User-Agent", "")))
    except DatabaseError:
        log.exception("an opening of %s could not be recorded", thing.link_kind())  # the page itself needs no write
    return thing
