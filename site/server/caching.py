"""The cache shared by several processes: Redis, or each process's own memory while Redis is away.

The cache counts attempts, for rate limits. No page may fail because of it, and without Redis each process still counts
for itself.
"""

import logging
import time
from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError
from redis.retry import Retry

log = logging.getLogger("airside")

RETRY_AFTER = 5  # seconds until Redis is tried again


@lru_cache
def client(servers: tuple[str, ...], **options: Any) -> RedisCacheClient:
    """One client for all threads, with its connections: Django makes a cache object for each request."""
    # A connection that a restart cut is tried again, but not one that got no answer: that would be a second wait.
    once_more = Retry(NoBackoff(), 1, supported_errors=(ConnectionError,))
    return RedisCacheClient(list(servers), **{**options, "retry_on_error": [ConnectionError], "retry": once_more})


def or_memory(name: str) -> Callable[..., Any]:
    """The cache's method of this name, on Redis, or on memory while Redis does not answer."""

    def call(self: "RedisOrMemory", *args: Any, **kwargs: Any) -> Any:
        shared = RedisOrMemory
        tries = shared.is_away and time.monotonic() >= shared.away_until and shared.trying.acquire(blocking=False)
        try:
            if tries or not shared.is_away:
                answer = getattr(super(RedisOrMemory, self), name)(*args, **kwargs)
                shared.is_away = False
                return answer
        except RedisError as fault:
            is_known = shared.is_away and not tries  # by a request that failed at the same time
            shared.is_away, shared.away_until = True, time.monotonic() + RETRY_AFTER
            if not is_known:
                log.warning("the cache is in memory for now: %s", fault)
        finally:
            if tries:
                shared.trying.release()
        shared.used_memory_at = time.monotonic()
        return getattr(self.memory, name)(*args, **kwargs)

    return call


class RedisOrMemory(RedisCache):
    """After a failure nobody asks Redis for RETRY_AFTER seconds; then one request tries it, and the others do not wait."""

    # Of the whole process
    is_away = False
    away_until = 0.0  # on the monotonic clock
    used_memory_at = float("-inf")
    trying = Lock()

    def was_away(self, within: float) -> bool:
        """Whether this process has used its own memory in the last ``within`` seconds: Redis lacks what was written then."""
        return self.is_away or time.monotonic() < self.used_memory_at + within

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.memory = LocMemCache("while Redis is away", {**params, "OPTIONS": {"MAX_ENTRIES": settings.CACHE_ENTRIES}})

    @cached_property
    def _cache(self) -> RedisCacheClient:
        return client(tuple(self._servers), **self._options)  # type: ignore[attr-defined]  # Django's types lack them

    add, get, set, touch, delete, has_key, incr, get_many, set_many, delete_many, clear = map(
        or_memory,
        ["add", "get", "set", "touch", "delete", "has_key", "incr", "get_many", "set_many", "delete_many", "clear"],
    )
