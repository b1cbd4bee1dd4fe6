"""Opening a link in a view."""

from django.http import HttpRequest

from links.devices import device_of
from links.models import LinkedQuerySet, Thing
from links.recording import record


def open_link(request: HttpRequest, things: LinkedQuerySet[Thing], token: str, kind: str = "") -> Thing:
    """The thing among ``things`` that the link opens; records the opening. Raises Http404 as ``from_token`` does."""
    thing = things.from_token(token, kind)
    record(thing, request.user.pk, device_of(request.headers.get("User-Agent", "")))
    return thing
