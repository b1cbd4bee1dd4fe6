"""Without Redis pages answer all the same, and each process counts in its own memory."""

import socket
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest
from django.core.cache import cache, caches
from django.core.cache.backends.locmem import LocMemCache

import limits
from server import caching
from tracking.flights.feed import api


@pytest.fixture
def redis_at(settings, monkeypatch):
    """``redis_at(port)``: what the cache uses from now on, as if it had never been asked."""

    def use(port):
        address = f"redis://127.0.0.1:{port}"
        options = {**settings.REDIS, "socket_timeout": 1}
        settings.CACHES = {
            "default": {"BACKEND": "server.caching.RedisOrMemory", "LOCATION": address, "OPTIONS": options}
        }
        monkeypatch.setattr(caching.RedisOrMemory, "away_until", 0)
        monkeypatch.setattr(caching.RedisOrMemory, "is_away", False)
        monkeypatch.setattr(caching.RedisOrMemory, "used_memory_at", float("-inf"))

    return use


@pytest.fixture
def redis_is_away(redis_at):
    """Its address is one that nobody listens on."""
    redis_at(1)
    yield
    cache.clear()


class Hangs:
    """Accepts connections and never answers; ``asked`` counts them."""

    def __init__(self, listening):
        self.listening, self.connections = listening, []
        self.port = listening.getsockname()[1]
        self.thread = Thread(target=self.accept)
        self.thread.start()

    def accept(self):
        while True:
            connection, _ = self.listening.accept()
            self.connections.append(connection)
            if not self.open:
                return

    open = True

    @property
    def asked(self):
        return len(self.connections)

    def close(self):
        self.open = False
        socket.create_connection(("127.0.0.1", self.port)).close()
        self.thread.join()
        for connection in self.connections:
            connection.close()


@pytest.fixture
def redis_hangs(redis_at):
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        hangs = Hangs(listening)
        redis_at(hangs.port)
        yield hangs
        cache.clear()
        hangs.close()


def counts_limits():
    """What a request does that has several limits."""
    return [limits.count(scope, "10.0.0.1", 60) for scope in ("one", "two", "three")]


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


def test_it_is_known_how_long_ago_memory_was_used(redis_is_away, monkeypatch):
    """What was written then is missing in Redis: who counts on all of it waits a while."""
    backend = caches["default"]
    assert not backend.was_away(within=30)
    cache.set("a", 1)
    assert backend.was_away(within=30)
    monkeypatch.setattr(caching.RedisOrMemory, "is_away", False)  # it answers again
    assert backend.was_away(within=30)
    monkeypatch.setattr(caching.RedisOrMemory, "used_memory_at", caching.time.monotonic() - 31)
    assert not backend.was_away(within=30)


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


def test_a_request_waits_for_one_that_hangs_once_at_most(redis_hangs):
    """Each wait is a connection of its own: one that got no answer is closed."""
    assert counts_limits() == [1, 1, 1]
    assert redis_hangs.asked == 1
    assert counts_limits() == [2, 2, 2]
    assert redis_hangs.asked == 1


def test_one_request_tries_it_again_and_the_others_do_not_wait(redis_hangs, caplog):
    cache.get("a")
    caching.RedisOrMemory.away_until -= caching.RETRY_AFTER  # so long later
    with ThreadPoolExecutor(8) as pool:
        for counted in [pool.submit(counts_limits) for _ in range(8)]:
            counted.result()
    assert redis_hangs.asked == 2
    assert len(caplog.records) == 2, "and each time one line"


def test_requests_that_wait_together_say_so_once(redis_hangs, caplog):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: counts_limits(), range(8)))
    assert len(caplog.records) == 1
