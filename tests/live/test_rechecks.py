"""Asking again who may look: one check for each region and session, in threads of its own, and no job waits for it."""

import threading
import time
from collections import Counter

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.http import Http404

from accounts.models import User
from live import rechecks
from live.access import stamps_of
from live.codes import GONE, NOT_ALLOWED, SIGN_IN
from live.models import Publish
from tests.clients import session_cookie
from tests.live.people import People, rename
from tests.live.private import Private, Visitor, run
from tests.server.test_metrics import counted
from tests.waiting import until_async as until

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_may_no_longer_look_is_closed(checks):
    answers = {"private": True}
    checks["private"] = lambda region, user: answers["private"]

    async def body(hub):
        visitor = Visitor(hub, Private())
        await until(lambda: hub.rechecks.last)
        assert visitor.closed is None
        answers["private"] = False
        await until(lambda: visitor.closed == SIGN_IN)

    run(body)


def test_a_link_that_leads_nowhere_any_more_is_gone(checks):
    def gone(region, user):
        raise Http404

    checks["private"] = gone

    async def body(hub):
        visitor = Visitor(hub, Private())
        await until(lambda: visitor.closed == GONE)

    run(body)


def test_each_region_and_session_is_asked_about_once_a_round(checks, settings):
    settings.LIVE["recheck_every"] = 60
    asked = Counter()

    def count(region, user):
        asked[region.address] += 1
        return True

    checks.update({"private": count, "another": count})

    async def body(hub):
        for address, session_key in [("private", "a"), ("private", "a"), ("private", "b"), ("another", "a")]:
            Visitor(hub, Private(address=address), session_key)
        await until(lambda: len(hub.rechecks.last) == 3 and not hub.rechecks.running)
        assert asked == {"private": 2, "another": 1}

    run(body)


def test_all_sockets_of_a_session_are_closed_and_no_others(checks, client, user_of_session):
    user, session_key = user_of_session
    checks["private"] = lambda region, asking: asking != user

    async def body(hub):
        first, second = (Visitor(hub, Private(), session_key) for _ in range(2))
        other = Visitor(hub, Private())
        await until(lambda: first.closed == second.closed == NOT_ALLOWED)
        assert other.closed is None

    run(body)


@pytest.fixture
def user_of_session(client):
    user = User.objects.create_user("grace@example.org")
    client.force_login(user)
    return user, client.session.session_key


def test_a_check_is_given_a_region_that_nothing_else_uses(checks):
    given = []

    def remember(region, user):
        given.append(region)
        return True

    checks["private"] = remember

    async def body(hub):
        region = Private()
        Visitor(hub, region)
        await until(lambda: len(given) >= 2)
        assert all(one is not region for one in given)
        assert given[0] is not given[1]

    run(body)


def test_a_check_that_hangs_delays_no_heartbeat_no_rendering_and_no_other_check(checks, settings, user):
    settings.LIVE["beat_every"] = 1
    hangs, goes_on = threading.Event(), threading.Event()

    def hang(region, user):
        hangs.set()
        return goes_on.wait(15)

    may_look = [True]
    checks.update({"private": hang, "another": lambda region, user: may_look[0]})

    async def body(hub):
        try:
            waits, watches = Visitor(hub, Private()), Visitor(hub, People())
            other = Visitor(hub, Private(address="another"))
            await hub.listener.listening.wait()
            await until(hangs.is_set)
            before = waits.beats, watches.beats
            await until(lambda: waits.beats >= before[0] + 2 and watches.beats >= before[1] + 2)
            await hub.renders.run(rename, user, "Grace")
            await until(lambda: "Grace" in "".join(watches.texts))
            may_look[0] = False
            await until(lambda: other.closed == SIGN_IN)
            assert not goes_on.is_set() and hub.fault() is None
        finally:
            goes_on.set()

    run(body)


@pytest.fixture
def user(db):
    return User.objects.create_user("ada@example.org", first_name="Ada")


def test_one_check_that_fails_stops_no_other_and_is_logged_and_counted(checks, caplog):
    def fail(region, user):
        raise RuntimeError("no such column")

    checks.update({"private": fail, "another": lambda region, user: False})
    before = counted("airside_hub_failures_total", job="access")

    async def body(hub):
        fails, other = Visitor(hub, Private()), Visitor(hub, Private(address="another"))
        await until(lambda: other.closed == SIGN_IN)
        await until(lambda: counted("airside_hub_failures_total", job="access") >= before + 3)
        assert fails.closed is None, "nobody has said that it may not look"
        assert not any(task.done() for task in hub.tasks)

    run(body)
    (record,) = [record for record in caplog.records if "access check" in record.message]
    assert record.exc_info and record.message == "an access check of Private failed", "and told once, not each time"


def test_checks_that_were_slow_come_last(checks, settings, monkeypatch):
    """So that they delay only each other."""
    settings.LIVE["recheck_every"] = 60
    monkeypatch.setattr(rechecks, "SLOW", 1.5)  # which a quick one does not take on a busy machine either

    def take_long(region, user):
        time.sleep(1.6)
        return True

    checks.update(slow1=take_long, slow2=take_long, slow3=take_long, quick=lambda region, user: True)

    async def body(hub):
        for address in checks:
            Visitor(hub, Private(address=address))
        await until(lambda: len(hub.rechecks.last) == len(checks) and not hub.rechecks.running)
        hub.rechecks.stamps.clear()
        await hub.rechecks.begin_round()
        assert hub.rechecks.waiting[0].address == "quick"

    run(body)


def test_a_thousand_private_pages_cost_a_few_queries_a_round(crowd, django_assert_num_queries):
    with django_assert_num_queries(6):
        stamps = stamps_of(crowd)
    assert set(stamps) == set(crowd)


def test_who_is_the_same_as_before_is_not_asked_about_each_round(checks, settings, crowd, monkeypatch):
    settings.LIVE["recheck_every"] = 60
    monkeypatch.setattr(rechecks, "ROUNDS", 10**6)  # the safety net asks about nobody
    asked = Counter()

    def count(region, user):
        asked[user.is_authenticated] += 1
        return user.is_authenticated

    checks["private"] = count

    async def body(hub):
        visitors = [Visitor(hub, Private(), key) for key in crowd[:100]]
        await until(lambda: len(hub.rechecks.stamps) == 100)
        for _ in range(3):
            await hub.rechecks.begin_round()
        assert not hub.rechecks.waiting and asked == {True: 100}
        await hub.texts.run(Session.objects.filter(session_key=crowd[7]).delete)
        await hub.rechecks.begin_round()
        await until(lambda: visitors[7].closed == SIGN_IN)
        assert asked == {True: 100, False: 1}

    run(body)


def test_roles_that_change_are_published(bob, bistro):
    """One user's for themselves; those of all who are in a group for everybody."""
    group, permission = Group.objects.get_or_create(name="more")[0], Permission.objects.first()
    staff = sorted(bistro.staff.values_list("pk", flat=True))
    bob.groups.clear()
    group.permissions.clear()
    his = rechecks.roles_of(bob.pk)
    changes = [
        (lambda: bob.groups.add(group), [his]),
        (lambda: group.user_set.remove(bob), [his]),
        (lambda: group.permissions.add(permission), [rechecks.ROLES]),
        (lambda: bob.user_permissions.add(permission), [his]),
        (lambda: bistro.staff.remove(*bistro.staff.all()), [rechecks.roles_of(pk) for pk in staff]),
        (lambda: bistro.staff.clear(), [rechecks.ROLES]),
    ]
    for change, topics in changes:
        Publish.objects.all().delete()
        change()
        assert sorted(Publish.objects.values_list("topic", flat=True)) == sorted(topics)
    group.delete()


def test_only_the_one_whose_roles_change_is_asked_about(checks, settings, crowd, bob, monkeypatch):
    """So that it does not take long, however many pages of others are open."""
    settings.LIVE["recheck_every"] = 60
    monkeypatch.setattr(rechecks, "ROUNDS", 10**6)  # the safety net asks about nobody
    may, asked = [True], Counter()

    def count(region, user):
        asked[user.pk] += 1
        return user.pk != bob.pk or may[0]

    checks["private"] = count
    (his,) = session_cookie(bob).values()

    async def body(hub):
        for key in crowd[:50]:
            Visitor(hub, Private(), key)
        visitor = Visitor(hub, Private(), his)
        await until(lambda: len(hub.rechecks.stamps) == 51)
        asked.clear()
        may[0] = False
        await hub.texts.run(bob.groups.clear)
        await until(lambda: visitor.closed == NOT_ALLOWED)
        await until(lambda: not hub.rechecks.waiting and not hub.rechecks.running)
        assert asked == {bob.pk: 1}

    run(body)


def test_everybody_is_asked_about_when_what_a_group_may_do_changes(checks, settings):
    settings.LIVE["recheck_every"] = 60
    may, group = [True], Group.objects.get_or_create(name="more")[0]
    group.permissions.add(Permission.objects.first())
    checks["private"] = lambda region, user: may[0]

    async def body(hub):
        visitor = Visitor(hub, Private())
        await hub.listener.listening.wait()
        await until(lambda: hub.rechecks.stamps)
        may[0] = False
        await hub.texts.run(group.permissions.clear)
        await until(lambda: visitor.closed == SIGN_IN)

    run(body)


def test_who_watches_what_changes_is_asked_about(checks, settings, user):
    settings.LIVE["recheck_every"] = 60
    may = [True]
    checks["private"] = lambda region, user: may[0]

    async def body(hub):
        visitor = Visitor(hub, Private())
        await hub.listener.listening.wait()
        await until(lambda: hub.rechecks.stamps)
        may[0] = False
        await hub.texts.run(rename, user, "Grace")
        await until(lambda: visitor.closed == SIGN_IN)

    run(body)
