"""Bounds on what an unknown person can hold, book or wait for at one time.

A row that a guest makes keeps who asked for it: hashes of a network address and of a browser. The bounds count such rows,
under the lock of what is scarce, so that they hold however requests come::

    class Reservation(Asked): ...
    asker = asker_of(request)                       # in a view
    row.set_asker(asker)                            # unsaved
    check_bound("holds", rows.filter(asked_from=asker.address).count(), settings.HOLDS_PER_ADDRESS, WORDS)

What staff do has no asker, and no bound. A hash is only good for comparing: it tells no address to who reads the database.
"""

from typing import Any, NamedTuple

from django.db import models
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from prometheus_client import Counter

import limits
from verbs.refusals import Refused

refused = Counter("airside_bookings_refused", "Requests of strangers beyond a bound, by the bound.", ["bound"])

LENGTH = 24


class TooMany(Refused):
    """One address, browser or contact has as much as it may have at one time."""


class Asker(NamedTuple):
    """Who asks: hashes of the network address and of the browser; both are "" for staff and for the site itself."""

    address: str = ""
    browser: str = ""


NOBODY = Asker()


def asker_of(request: HttpRequest) -> Asker:
    """Who asks, for a form that makes something. A browser without a session gets one: it remembers what it holds."""
    if not request.session.session_key:
        request.session.create()
    return Asker(hashed("address", limits.address(request)), hashed("browser", str(request.session.session_key)))


def hashed(kind: str, text: str) -> str:
    return salted_hmac(f"strangers.{kind}", text).hexdigest()[:LENGTH]


def contact_of(email: str) -> str:
    """A mail address as it is compared: nobody is two people by writing it in capitals."""
    return email.strip().casefold()


class Asked(models.Model):
    """A model whose rows guests make by themselves."""

    asked_from = models.CharField(max_length=LENGTH, blank=True, editable=False)
    asked_by = models.CharField(max_length=LENGTH, blank=True, editable=False)

    class Meta:
        abstract = True

    def set_asker(self, asker: Asker) -> None:
        self.asked_from, self.asked_by = asker


def check_bound(bound: str, count: int, most: int, words: Any) -> None:
    """Raise TooMany with these words where there are ``most`` already; ``bound`` is its name in the metrics."""
    if count >= most:
        refused.labels(bound).inc()
        raise TooMany(str(words))


def bounds(*names: str) -> None:
    """The bounds that an app has. They are in the metrics from the start, so that the first refusal is an increase."""
    for name in names:
        refused.labels(name)
