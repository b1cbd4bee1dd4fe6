"""Asking again who may look, as soon as a change is heard of: at any moment, at a bounded pace, and with a crowd."""

import threading
import time
from collections import Counter

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session

from accounts import roles
from accounts.models import User
from live.access import stamps_of
from live.codes import NOT_ALLOWED, SIGN_IN
from live.hub import Hub
from live.models import Publish
from live.outbox import publish
from live.rechecks import ROLES, ROUNDS
from tests.live.people import TOPIC
from tests.live.private import CROWD, Private, Visitor, run
from tests.waiting import until_async as until
from tracking.flights.apps import make_desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard_during_a_check(checks, settings):
    """``heard_during_a_check(topic)``: a permission ends while its check runs, and that is heard of. Is it closed?"""
    settings.LIVE["recheck_every"] = 60

    def heard_during_a_check(topic):
        may, reads, goes_on = [True], threading.Event(), threading.Event()
        closed = []

        def slow(region, user):
            answer = may[0]
            reads.set()
            goes_on.wait(15)
            return answer

        checks["private"] = slow

        async def body(hub):
            try:
                visitor = Visitor(hub, Private())
                await until(reads.is_set)
                may[0] = False
                hub.mark_stale(topic, time.monotonic())
                goes_on.set()
                await until(lambda: visitor.closed or (hub.rechecks.stamps and not hub.rechecks.waiting))
                closed.append(visitor.closed)
            finally:
                goes_on.set()

        run(body)
        return closed == [SIGN_IN]

    return heard_during_a_check


@pytest.mark.parametrize("topic", [TOPIC, ROLES])
def test_what_is_heard_during_a_check_counts(heard_during_a_check, topic):
    assert heard_during_a_check(topic)


def test_without_asking_once_more_it_would_not(heard_during_a_check, monkeypatch):
    class Deaf(set):
        def add(self, access):
            pass

    begin = Hub.start

    def start(hub):
        hub.rechecks.outdated = Deaf()
        begin(hub)

    monkeypatch.setattr(Hub, "start", start)
    assert not heard_during_a_check(TOPIC)


def test_a_region_that_changes_all_the_time_is_asked_about_twice_a_round_at_most(checks, settings):
    """Once at once, and once in the next round."""
    settings.LIVE["recheck_every"] = 60
    asked = Counter()

    def count(region, user):
        asked["checks"] += 1
        return True

    checks["private"] = count

    async def body(hub):
        for number in range(20):
            Visitor(hub, Private(), f"session{number}")
        await until(lambda: len(hub.rechecks.stamps) == 20)
        assert asked.pop("checks") == 20
        for _ in range(50):
            hub.mark_stale(TOPIC, time.monotonic())
            await until(lambda: not hub.rechecks.waiting and not hub.rechecks.running)
        assert asked.pop("checks") == 20
        await hub.rechecks.begin_round()
        await until(lambda: len(hub.rechecks.stamps) == 20)
        assert asked.pop("checks") == 20

    run(body)


def test_the_safety_net_asks_about_an_equal_part_each_round_and_about_all_in_time(checks, settings):
    settings.LIVE["recheck_every"] = 60
    asked = Counter()

    def count(region, user):
        asked[region.address] += 1
        return True

    checks.update({f"private{number}": count for number in range(45)})

    async def body(hub):
        for address in list(checks):
            Visitor(hub, Private(address=address))
        await until(lambda: len(hub.rechecks.stamps) == 45)
        asked.clear()
        for _ in range(ROUNDS):
            before = asked.total()
            await hub.rechecks.begin_round()
            await until(lambda: not hub.rechecks.waiting and not hub.rechecks.running)
            assert asked.total() - before in (4, 5)
        assert asked == dict.fromkeys(checks, 1)

    run(body)


@pytest.fixture
def guests(crowd, checks, settings):
    """``guests(hub)``: 1,500 visitors, each with a session and a private region of its own."""
    settings.LIVE |= {"recheck_every": 1, "beat_every": 1}
    may = {"guest": True}
    checks.update(
        {f"guest{number}": lambda region, user: user.is_authenticated and may["guest"] for number in range(CROWD)}
    )

    def guests(hub):
        return [Visitor(hub, Private(address=f"guest{number}"), key) for number, key in enumerate(crowd)]

    guests.may = may
    guests.keys = crowd
    return guests


def test_a_crowd_is_pushed_to_and_one_whose_session_ends_is_closed(guests):
    async def body(hub):
        visitors = guests(hub)
        await until(lambda: len(hub.rechecks.stamps) == CROWD, 15)
        before = min(visitor.beats for visitor in visitors)
        await hub.texts.run(Session.objects.filter(session_key=guests.keys[700]).delete)
        await until(lambda: visitors[700].closed == SIGN_IN, 15)
        others = visitors[:700] + visitors[701:]
        await until(lambda: min(visitor.beats for visitor in others) > before, 15)
        assert hub.fault() is None
        assert not any(visitor.closed for visitor in others)

    run(body)


def test_all_of_a_crowd_are_closed_when_what_a_group_may_do_ends(guests, settings):
    settings.LIVE["recheck_every"] = 60
    group = Group.objects.get_or_create(name="more")[0]
    group.permissions.add(Permission.objects.first())

    async def body(hub):
        visitors = guests(hub)
        await hub.listener.listening.wait()
        await until(lambda: len(hub.rechecks.stamps) == CROWD, 15)
        guests.may["guest"] = False
        await hub.texts.run(group.permissions.clear)
        await until(lambda: all(visitor.closed == NOT_ALLOWED for visitor in visitors), 15)

    run(body)


@pytest.fixture
def ends_with_a_role(checks, settings):
    """``ends_with_a_role()``: the group is deleted by which somebody watches. Is the socket closed once all is heard?"""
    settings.LIVE["recheck_every"] = 60
    checks["private"] = lambda region, asking: Group.objects.filter(name="watchers").exists()

    def ends_with_a_role():
        group = Group.objects.create(name="watchers")
        found, heard = [], []

        async def body(hub):
            changed = hub.listener.changed

            def hear(topic, when):
                heard.append(topic)
                changed(topic, when)

            hub.listener.changed = hear
            visitor = Visitor(hub, Private())
            rounds = hub.rechecks
            await hub.listener.listening.wait()
            await until(lambda: rounds.stamps)
            await hub.texts.run(group.delete)
            await hub.texts.run(publish, "later")
            await until(lambda: "later" in heard)
            await until(lambda: visitor.closed or (rounds.stamps and not rounds.waiting and not rounds.running))
            found.append(visitor.closed)

        run(body)
        return found == [SIGN_IN]

    return ends_with_a_role


def test_a_group_that_is_deleted_ends_what_it_allowed(ends_with_a_role):
    assert ends_with_a_role()


def test_without_publishing_roles_it_would_take_the_safety_net(ends_with_a_role, monkeypatch):
    monkeypatch.setattr(roles, "publish", lambda *topics: None)
    assert not ends_with_a_role()


@pytest.mark.parametrize("end", ["group", "restaurant"])
def test_the_end_of_what_gives_roles_is_published_and_no_change_is_not(end, bob, bistro):
    group, _made = Group.objects.get_or_create(name="more")  # groups outlive a test
    bob.groups.add(group)
    Publish.objects.all().delete()
    bob.groups.add(group)
    assert not Publish.objects.exists()
    if end == "restaurant":
        type(bistro)._default_manager.filter(pk=bistro.pk).delete()
        assert ROLES in Publish.objects.values_list("topic", flat=True)
        Publish.objects.all().delete()
    group.delete()
    assert ROLES in Publish.objects.values_list("topic", flat=True)


def test_migrating_publishes_nothing(db):
    """The outbox may not be there yet, as after ``manage.py migrate auth`` on an empty database."""
    Group.objects.filter(name="flight desk").delete()
    Publish.objects.all().delete()
    make_desk(apps.get_app_config("flights"), using="default")
    assert Group.objects.get(name="flight desk").permissions.exists() and not Publish.objects.exists()


def test_users_are_missed_without_a_word(crowd):
    before = stamps_of(crowd[:1])
    User.objects.get(email="grace@example.org").delete()
    assert before != stamps_of(crowd[:1])
