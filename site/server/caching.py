"""The cache shared by several processes: Redis, or each process's own memory while Redis is away.

The cache counts attempts, for rate limits. No page may fail because of it, and without Redis each process still counts
for itself.
"""

import logging
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property
from redis.exceptions import RedisError

log = logging.getLogger("airside")

RETRY_AFTER = 5  # seconds until Redis is tried again


@lru_cache
def client(servers: tuple[str, ...], **options: Any) -> RedisCacheClient:
    """One client for all threads, with its connections: Django makes a cache object for each request."""
    return RedisCacheClient(list(servers), **options)


def or_memory(name: str) -> Callable[..., Any]:
    """The cache's method of this name, on Redis, or on memory while Redis does not answer."""

    def call(self: "RedisOrMemory", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= RedisOrMemory.away_until:
            try:
                return getattr(super(RedisOrMemory, self), name)(*args, **kwargs)
            except RedisError as fault:
                RedisOrMemory.away_until = time.monotonic() + RETRY_AFTER
                log.warning("the cache is in memory for now: %s", fault)
        return getattr(self.memory, name)(*args, **kwargs)

    return call


class RedisOrMemory(RedisCache):
    away_until = 0.0  # on the monotonic clock, for the whole process

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.memory = LocMemCache("while Redis is away", params)

    @cached_property
    def _cache(self) -> RedisCacheClient:
        return client(tuple(self._servers), **self._options)  # type: ignore[attr-defined]  # Django's types lack them

    add, get, set, touch, delete, has_key, incr, get_many, set_many, delete_many, clear = map(
        or_memory,
        ["add", "get", "set", "touch", "delete", "has_key", "incr", "get_many", "set_many", "delete_many", "clear"],
    )
