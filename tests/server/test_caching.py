"""Without Redis pages answer all the same, and each process counts in its own memory."""

import pytest
from django.core.cache import cache, caches
from django.core.cache.backends.locmem import LocMemCache

from server import caching
from tracking.flights.feed import api


@pytest.fixture
def redis_is_away(settings):
    """Its address is one that nobody listens on."""
    settings.CACHES = {"default": {"BACKEND": "server.caching.RedisOrMemory", "LOCATION": "redis://127.0.0.1:1"}}
    caching.RedisOrMemory.away_until = 0
    yield
    cache.clear()
    caching.RedisOrMemory.away_until = 0


def test_what_is_kept_is_kept_in_memory(redis_is_away):
    assert cache.get("a", "nothing") == "nothing"
    cache.set("a", 1)
    assert cache.incr("a") == cache.get("a") == 2
    assert cache.get_many(["a", "b"]) == {"a": 2}
    assert not cache.add("a", 5)
    assert cache.delete("a") and "a" not in cache


def test_memory_is_that_of_the_process_and_not_of_one_request(redis_is_away):
    """Django makes a cache for each thread."""
    cache.set("a", 1)
    assert caches.create_connection("default").get("a") == 1
    assert not isinstance(cache, LocMemCache)


def test_it_is_told_once_and_asked_again_after_a_while(redis_is_away, caplog):
    cache.get("a")
    cache.get("a")
    assert len(caplog.records) == 1 and "in memory for now" in caplog.text
    caching.RedisOrMemory.away_until -= caching.RETRY_AFTER  # so long later
    cache.get("a")
    assert len(caplog.records) == 2


def test_signing_in_works_and_guessing_is_limited_still(redis_is_away, client, db, django_user_model):
    django_user_model.objects.create_user("alice@example.com", "window-seat-12A")
    answers = [client.post("/accounts/login/", {"login": "bob@example.com", "password": "x"}) for _ in range(8)]
    assert "Too many" in answers[-1].text
    answer = client.post("/accounts/login/", {"login": "alice@example.com", "password": "window-seat-12A"})
    assert answer.status_code == 302 and "_auth_user_id" in client.session


def test_a_feed_is_taken_and_slowed_down_still(redis_is_away, client, source, monkeypatch):
    monkeypatch.setattr(api, "CALLS_A_MINUTE", 3)
    headers = {"Authorization": f"Bearer {source.key}"}
    calls = [client.post("/api/flights/updates", "[]", "application/json", headers=headers) for _ in range(4)]
    assert [call.status_code for call in calls] == [200, 200, 200, 429]
