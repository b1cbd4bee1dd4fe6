"""Devices that have signed in before. A signed cookie on the device lists the accounts, as hashes.

It opens nothing. It only gives the device its own counter of wrong passwords (``accounts.tries``).
"""

from hashlib import blake2b
from secrets import token_urlsafe

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

COOKIE, SALT = "device", "accounts.device"
KEPT = 365 * 24 * 3600
ACCOUNTS = 20  # of one device, such as the tablet of a host stand


def known(request: HttpRequest, account: str) -> str | None:
    """The device's own name if it has signed in to the account before, else None."""
    name, accounts = read(request)
    return name if hash_of(account) in accounts else None


def remember(request: HttpRequest, response: HttpResponseBase, account: str) -> None:
    """Write the account into the device's cookie. The account that has signed in least lately goes when there are many."""
    name, accounts = read(request)
    mine = hash_of(account)
    accounts = [*[other for other in accounts if other != mine], mine][-ACCOUNTS:]
    response.set_cookie(
        COOKIE,
        signing.dumps([name, *accounts], salt=SALT),
        max_age=KEPT,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        path="/accounts/",
    )


def read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        name, *accounts = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT)
        return name, accounts
    except (signing.BadSignature, ValueError, TypeError):
        return token_urlsafe(12), []


def hash_of(account: str) -> str:
    return blake2b(account.strip().lower().encode(), key=SALT.encode(), digest_size=9).hexdigest()
