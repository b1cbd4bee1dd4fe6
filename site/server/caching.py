"""The cache of several processes: Redis, or while it is away, each process's own memory.

What is cached here counts how often somebody has tried something. A page must not fail for it, and without Redis each
process still counts by itself.
"""

import logging
import time
from functools import lru_cache

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property
from redis.exceptions import RedisError

log = logging.getLogger("airside")

AWAY = 5  # seconds until it is asked again


@lru_cache
def client(servers, **options):
    """One for all threads, with its connections: Django makes a cache for each request."""
    return RedisCacheClient(list(servers), **options)


def or_memory(name):
    def ask(self, *args, **kwargs):
        if time.monotonic() >= RedisOrMemory.away_until:
            try:
                return getattr(super(RedisOrMemory, self), name)(*args, **kwargs)
            except RedisError as fault:
                RedisOrMemory.away_until = time.monotonic() + AWAY
                log.warning("the cache is in memory for now: %s", fault)
        return getattr(self.memory, name)(*args, **kwargs)

    return ask


class RedisOrMemory(RedisCache):
    away_until = 0  # of the whole process

    def __init__(self, server, params):
        super().__init__(server, params)
        self.memory = LocMemCache("while Redis is away", params)

    @cached_property
    def _cache(self):
        return client(tuple(self._servers), **self._options)

    add, get, set, touch, delete, has_key, incr, get_many, set_many, delete_many, clear = map(
        or_memory,
        ["add", "get", "set", "touch", "delete", "has_key", "incr", "get_many", "set_many", "delete_many", "clear"],
    )
