"""The key of a screen, and the secret of a device that has none yet, as cookies below /kiosk/.

They are read by these pages alone: no session is made, so that a page may live for months.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from screens.models import Screen, ScreenQuerySet, State

KEY, SECRET = "airside_screen", "airside_pairing"  # names of cookies
PATH = "/kiosk/"
KEPT = 400 * 24 * 3600  # seconds: browsers keep none for longer


def paired() -> ScreenQuerySet:
    """The screens that have a device. No key opens another one."""
    return Screen.objects.filter(state=State.PAIRED)


def screen_of(request: HttpRequest) -> Screen | None:
    """The screen whose key the device has; None without a key, or with one that was revoked."""
    token = request.COOKIES.get(KEY, "")
    try:
        return paired().select_related("glass").prefetch_related("hours").from_token(token) if token else None
    except Http404:
        return None


def give_key(response: HttpResponse, screen: Screen) -> None:
    put(response, KEY, screen.token, KEPT)
    response.delete_cookie(SECRET, path=PATH)


def give_secret(response: HttpResponse, secret: str) -> None:
    put(response, SECRET, secret, 24 * 3600)


def put(response: HttpResponse, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, path=PATH, secure=settings.HTTPS, httponly=True, samesite="Lax")
