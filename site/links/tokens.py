"""Signed tokens of links. Making one needs a kind, a key and a version, and no model.

A token of one kind does not open a thing of another kind. A number in an address never grants anything.
"""

from django.conf import settings
from django.core import signing


def token(kind: str, key: int, version: int = 1) -> str:
    """The token of a link to the thing of this kind (``restaurants.reservation``) with this key and link version."""
    return signer(kind).sign_object([key, version])


def read(token: str, kind: str) -> tuple[int, int] | None:
    """``(key, version)`` of a token of this kind; None if it is altered or of another kind."""
    try:
        key, version = signer(kind).unsign_object(token)
        return int(key), int(version)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def signer(kind: str) -> signing.Signer:
    return signing.Signer(salt=f"links.{kind}")


def absolute(path: str) -> str:
    """The path with the site's origin, for mail, where no request says under which name the site is reached."""
    origin = settings.AIRSIDE_ORIGINS[0] if settings.AIRSIDE_ORIGINS else f"http://{settings.HOST}:{settings.PORT}"
    return f"{origin}{path}"
