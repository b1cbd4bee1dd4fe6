"""Who may look at a region that is not public, asked when a socket opens and again while it is open."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user, get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.http import Http404, HttpRequest
from django.utils import timezone

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
        return NOT_ALLOWED if user.is_authenticated or self.region.by_link else SIGN_IN


Stamp = tuple[str, tuple[Any, ...] | None]  # of a session: its data, and the state of its user, whose key comes first


def stamps_of(keys: Collection[str]) -> dict[str, Stamp]:
    """What the sessions of these keys are now: their data and the state of their user. One that has ended is missing.

    Two queries for each 500, however many regions they watch.
    """
    found: dict[str, Stamp] = {}
    for some in batched(sorted(keys), 500):
        valid = Session.objects.filter(session_key__in=some, expire_date__gt=timezone.now())
        sessions = dict(valid.values_list("session_key", "session_data"))
        users = get_user_model()._default_manager.filter(pk__in={user_in(data) for data in sessions.values()} - {None})
        people = {
            str(row[0]): row for row in users.values_list("pk", "is_active", "password", "is_superuser", "is_staff")
        }
        found |= {key: (data, people.get(user_in(data) or "")) for key, data in sessions.items()}
    return found


def user_of_stamp(stamp: Stamp) -> str:
    """The key of the user, as text; "" for a session of nobody."""
    _data, person = stamp
    return str(person[0]) if person else ""


@lru_cache(maxsize=8192)
def user_in(session_data: str) -> str | None:
    """The key of the user in the data of a session, as text."""
    user: str | None = session_store().decode(session_data).get(SESSION_KEY)
    return user


def session_store(key: str | None = None) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


def batched(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for begin in range(0, len(items), size):
        yield items[begin : begin + size]


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
    request.session = session_store(session_key)
    return get_user(request)
