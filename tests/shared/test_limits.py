"""One counter for pages, the API and sockets."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpResponse
from prometheus_client import REGISTRY

import limits
from limits import Allowance, Rate, Shares, TooMany, check, count, limited, neighbourhood


@pytest.fixture(autouse=True)
def nobody_has_asked(settings):
    """A cache that goes by the clock of these tests: Redis has its own."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def clock():
    """A clock that stands still until it is moved."""
    with time_machine.travel("2026-11-21T18:30:00Z", tick=False) as traveller:
        yield traveller


# The counter


def test_each_scope_and_each_person_has_a_count(clock):
    assert [count("find", "alice", 60) for _time in range(3)] == [1, 2, 3]
    assert count("find", "bob", 60) == 1
    assert count("book", "alice", 60) == 1


def test_a_window_begins_with_the_first_and_ends_after_so_long(clock):
    count("find", "alice", 60)
    clock.shift(59)
    assert count("find", "alice", 60) == 2
    clock.shift(2)
    assert count("find", "alice", 60) == 1


def test_more_than_the_bound_is_refused_and_told_when_to_come_back(clock):
    for _time in range(2):
        check("find", "alice", 2, 60)
    clock.shift(45)
    with pytest.raises(TooMany) as fault:
        check("find", "alice", 2, 60)
    assert fault.value.retry_after == 15
    clock.shift(16)
    check("find", "alice", 2, 60)


def test_the_cache_has_nobodys_address(clock):
    count("find", "203.0.113.77", 60)
    assert "203.0.113.77" not in str(list(cache._cache)), "the in-memory cache, and its names"


def test_any_text_is_a_name(clock):
    """Caches refuse names with spaces, or of more than 250 characters."""
    assert [count("find", "ä b\n" * 200, 60) for _time in range(2)] == [1, 2]


# Who asks


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.77", "203.0.113.77"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.77", "203.0.113.77"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_an_ipv6_address_stands_for_its_network(address, counted_as):
    assert neighbourhood(address) == counted_as


def test_a_session_is_told_apart_behind_one_address(rf):
    class Session:
        session_key = None

    request = rf.post("/", REMOTE_ADDR="203.0.113.77")
    request.session = Session()
    assert limits.session(request) == "203.0.113.77"
    request.session.session_key = "abc"
    assert limits.session(request) == "abc"


# Pages


@limited("find", 2, 60)
def find(request):
    return HttpResponse("found")


@limited("find", 2, 60)
def find_more(request):
    return HttpResponse("found")


@pytest.fixture
def ask(rf, db):
    def ask(view=find, method="POST", address="203.0.113.77"):
        request = rf.generic(method, "/", REMOTE_ADDR=address)
        request.user = AnonymousUser()
        return view(request)

    return ask


def test_a_page_answers_429_with_a_sentence_and_when_to_retry(ask, clock):
    assert [ask().status_code for _time in range(2)] == [200, 200]
    clock.shift(timedelta(seconds=20))
    answer = ask()
    assert (answer.status_code, answer["Retry-After"]) == (429, "40")
    assert "Wait a minute, then try again." in answer.content.decode()


def test_what_is_only_read_is_not_counted(ask, clock):
    assert {ask(method="GET").status_code for _time in range(5)} == {200}
    assert ask().status_code == 200


def test_views_of_one_scope_are_counted_together(ask, clock):
    assert [ask(view).status_code for view in (find, find_more, find)] == [200, 200, 429]


def test_others_are_not_refused(ask, clock):
    assert [ask().status_code for _time in range(3)] == [200, 200, 429]
    assert ask(address="203.0.113.78").status_code == 200


def test_a_whole_ipv6_network_is_one(ask, clock):
    asked = [ask(address=f"2001:db8::{host:x}").status_code for host in range(3)]
    assert asked == [200, 200, 429]


def test_other_methods_and_other_names_can_be_counted(ask, clock):
    @limited("search", 1, 60, who=lambda request: "everybody", methods=("GET",))
    def search(request):
        return HttpResponse("found")

    assert [ask(search, "GET", f"203.0.113.{host}").status_code for host in range(2)] == [200, 429]
    assert ask(search, "POST").status_code == 200


def test_without_a_bound_of_its_own_a_page_has_that_of_the_settings(ask, clock, settings):
    @limited("tables")
    def tables(request):
        return HttpResponse("held")

    settings.POSTS_PER_ADDRESS = 3
    assert [ask(tables).status_code for _time in range(4)] == [200, 200, 200, 429]
    clock.shift(timedelta(minutes=4))
    assert "Wait 6 minutes, then try again." in ask(tables).content.decode()


# Sockets


def test_an_allowance_is_so_many_in_any_so_many_seconds(monkeypatch):
    seconds = iter([0, 0, 1, 5, 9, 10, 10, 10.5, 11])
    monkeypatch.setattr(limits.time, "monotonic", lambda: next(seconds))
    allowance = Allowance(3, within=10)
    assert [allowance.take() for _time in range(5)] == [True, True, True, False, False]
    assert [allowance.take() for _time in range(4)] == [True, True, False, True]


def test_an_address_has_so_many_open_at_once_and_others_theirs():
    shares = Shares("test", 2)
    assert shares.take("10.0.0.1") and shares.take("10.0.0.1") and not shares.take("10.0.0.1")
    assert shares.take("10.0.0.2")
    shares.give_back("10.0.0.1")
    assert shares.take("10.0.0.1")
    assert REGISTRY.get_sample_value("airside_refused_total", {"kind": "test"}) == 1


def test_nothing_is_kept_of_who_has_nothing_open():
    shares = Shares("test", 2)
    shares.take("2001:db8::1")
    shares.give_back("2001:db8::2")  # of the same network
    assert not shares.open


def test_a_rate_is_a_burst_and_then_so_many_a_second(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    rate = Rate("test-rate", 2, burst=3)
    assert [rate.take("10.0.0.1") for _ in range(4)] == [True, True, True, False]
    assert rate.take("10.0.0.2")
    now[0] += 1
    assert [rate.take("10.0.0.1") for _ in range(3)] == [True, True, False]
    now[0] += 10
    assert rate.take("10.0.0.1", cost=20) and not rate.take("10.0.0.1"), "what costs more is paid for later"
    now[0] += 10
    assert rate.take("10.0.0.1")
