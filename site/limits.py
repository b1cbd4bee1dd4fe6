"""Rate limits: how often one address, session or key may ask for something.

One counter serves pages, the API and sockets, and all processes share it through the cache::

    @limited("tables")                                    # POSTs of one address: settings.POSTS_PER_ADDRESS in 10 minutes
    @limited("search", 60, MINUTE, methods=("GET",))      # other bounds; answered with 429.html and Retry-After
    check("feed", source.pk, 240, MINUTE)                 # anywhere else: raises TooMany
    if count("quotes", address, HOUR) > 20: ...           # or count, and decide
    allowance = Allowance(10, within=10)                  # for one socket, in memory: allowance.take()
    shares = Shares("sockets", 5000)                      # what one address may have open at once in this process
    rate = Rate("handshakes", 50, burst=5000)             # or may begin in a second

Bounds are generous, since a whole airport may share one address, and still far below what a script would need. A
window begins with the first request that is counted, so a burst across its end gets at most twice the bound.
"""

import time
from collections import deque
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import lru_cache, wraps
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from prometheus_client import Counter

MINUTE = 60
TEN_MINUTES = 10 * MINUTE
HOUR = 60 * MINUTE

refused = Counter("airside_refused", "Refused because one address has too much open at once: what.", ["kind"])

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class TooMany(Exception):
    """Asked too often. ``retry_after``: seconds until the next try counts anew."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


def count(scope: str, who: object, within: int) -> int:
    """How often ``who`` has asked for ``scope`` in this window of ``within`` seconds, this time included."""
    key = key_of(scope, who)
    if cache.add(key, 1, within):
        cache.set(f"{key}-until", time.time() + within, within)
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it has just expired
        return 1


def now(scope: str, who: object) -> int:
    """How often it was counted in this window so far."""
    return int(cache.get(key_of(scope, who), 0))


def give_back(scope: str, who: object) -> None:
    """Take one request out of the count again, as it should not have been counted."""
    with suppress(ValueError):  # its window has ended
        cache.decr(key_of(scope, who))


def forget(scope: str, who: object) -> None:
    """Count anew."""
    cache.delete(key_of(scope, who))


def check(scope: str, who: object, most: int, within: int) -> None:
    """Count, and raise TooMany where it is more than ``most``."""
    if count(scope, who, within) > most:
        until = cache.get(f"{key_of(scope, who)}-until", time.time() + within)
        raise TooMany(max(1, ceil(until - time.time())))


def key_of(scope: str, who: object) -> str:
    """Its name in the cache, which has no addresses and sessions to read."""
    return f"limit-{scope}-{blake2b(str(who).encode(), digest_size=12).hexdigest()}"


def address(request: HttpRequest) -> str:
    """Whom to count a request for: its network address, or its /64 network for IPv6."""
    return neighbourhood(request.META["REMOTE_ADDR"])


def session(request: HttpRequest) -> str:
    """Whom to count a request for: its session, or its address where it has none."""
    return request.session.session_key or address(request)


@lru_cache(maxsize=4096)
def neighbourhood(text: str) -> str:
    """The address; for IPv6 the /64 network, since whoever has one of its addresses has all; ``unknown`` for no address."""
    try:
        found = ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((int(found), 64), strict=False))
    return str(found)


def posts_per_address() -> int:
    """The bound for forms that everybody may send."""
    return int(settings.POSTS_PER_ADDRESS)


def limited(
    scope: str,
    most: int | Callable[[], int] = posts_per_address,
    within: int = TEN_MINUTES,
    *,
    who: Callable[[HttpRequest], object] = address,
    methods: Collection[str] = ("POST",),
) -> Callable[[View], View]:
    """A decorator for views that answers 429 to more than ``most`` requests by ``methods`` within ``within`` seconds.

    All views of one scope are counted together.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in methods:
                try:
                    check(scope, who(request), most() if callable(most) else most, within)
                except TooMany as fault:
                    return too_many(request, fault)
            return view(request, *args, **kwargs)

        return cast(View, counted)

    return decorate


def too_many(request: HttpRequest, fault: TooMany) -> HttpResponseBase:
    """The page that says when to try again."""
    response = render(request, "429.html", {"minutes": -(-fault.retry_after // MINUTE)}, status=429)
    response["Retry-After"] = str(fault.retry_after)
    return response


class Allowance:
    """At most so many within so many seconds, counted in memory: ``take()`` says whether one more is allowed now."""

    def __init__(self, most: int, within: float) -> None:
        self.within = within
        self.taken: deque[float] = deque([float("-inf")] * most, maxlen=most)

    def take(self) -> bool:
        moment = time.monotonic()
        if moment - self.taken[0] < self.within:
            return False
        self.taken.append(moment)
        return True


class Shares:
    """What each address may have open at once: at most so many of one kind, counted in the memory of this process.

    ``take(address)`` says whether one more is allowed, and counts it; ``give_back(address)`` once it has ended. Refusals
    are counted in the metrics, by the kind. For the event loop: it takes no lock.
    """

    def __init__(self, kind: str, most: int) -> None:
        self.most = most
        self.open: dict[str, int] = {}  # by neighbourhood
        self.refused = refused.labels(kind)

    def of(self, address: str) -> int:
        """How many this address has open."""
        return self.open.get(neighbourhood(address), 0)

    def take(self, address: str) -> bool:
        who = neighbourhood(address)
        has = self.open.get(who, 0)
        if has >= self.most:
            self.refused.inc()
            return False
        self.open[who] = has + 1
        return True

    def give_back(self, address: str) -> None:
        who = neighbourhood(address)
        if self.open[who] > 1:
            self.open[who] -= 1
        else:
            del self.open[who]


class Rate:
    """How often an address may do something: ``burst`` times at once, and ``a_second`` times a second from then on.

    Counted in the memory of this process, for the event loop. ``take(address)`` says whether it is allowed now.
    """

    def __init__(self, kind: str, a_second: float, burst: int) -> None:
        self.a_second = a_second
        self.burst = burst
        self.left: dict[str, tuple[float, float]] = {}  # by neighbourhood: how many, and when that was
        self.refused = refused.labels(kind)

    def take(self, address: str, cost: float = 1) -> bool:
        who, now = neighbourhood(address), time.monotonic()
        left, then = self.left.get(who, (self.burst, now))
        left = min(self.burst, left + (now - then) * self.a_second)
        if left < 1:
            self.left[who] = left, now
            self.refused.inc()
            return False
        self.left[who] = left - cost, now
        if len(self.left) > 10_000:  # forget the addresses whose burst is whole again
            self.left = {who: (left, then) for who, (left, then) in self.left.items() if self.has_used(left, then, now)}
        return True

    def has_used(self, left: float, then: float, now: float) -> bool:
        return left + (now - then) * self.a_second < self.burst
