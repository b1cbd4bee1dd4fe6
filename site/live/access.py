"""Who may look at a region that is not public, asked when a socket opens and again while it is open."""

from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest

from asgi_types import Scope
from live.codes import GONE, NOT_ALLOWED, SIGN_IN
from live.regions import Region


@dataclass(frozen=True)
class Access:
    """What one session wants to see. Two tabs with the same region in one browser are equal, and asked about once."""

    address: str
    session_key: str | None = field(repr=False)
    region: Region = field(compare=False)

    def refusal(self) -> int | None:
        """The close code for a visitor who may not look, or None. Asks the database, with a region of its own each time."""
        user = user_of(self.session_key)
        try:
            if self.region.copy().allows(user):
                return None
        except Http404:
            return GONE
        return NOT_ALLOWED if user.is_authenticated else SIGN_IN


def session_key_of(scope: Scope) -> str | None:
    cookies = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    try:
        found = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    return found.value if found else None


def user_of(session_key: str | None) -> AbstractBaseUser | AnonymousUser:
    """The user of a session, read from the database now: a sign-out, a deactivation or a new password counts at once."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    return get_user(request)
