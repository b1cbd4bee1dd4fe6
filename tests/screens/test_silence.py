"""A screen that says nothing any more is noticed, also where the cache has lost what it said."""

from datetime import timedelta

import pytest
from django.core.cache import cache, caches
from django.utils import timezone

from live.models import Publish
from screens import silence, topics
from screens.kiosk import beats
from screens.models import Glass, Trouble

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(device, hall, time_machine):
    """A screen that has just been heard; gives the function that moves the clock and looks."""
    time_machine.move_to(timezone.now(), tick=False)
    version = beats.board_of(hall).render().version
    device.beat(version=version)

    def after(seconds):
        time_machine.shift(seconds)
        silence.notice(timezone.now())
        return Glass.objects.get(screen=hall).trouble

    after.beat = lambda: device.beat(version=version)
    return after


def test_half_a_minute_without_a_heartbeat(heard):
    assert heard(29) == ""
    Publish.objects.all().delete()
    assert heard(1) == Trouble.SILENT
    assert topics.screens() in Publish.objects.values_list("topic", flat=True)
    Publish.objects.all().delete()
    assert heard(5) == Trouble.SILENT
    assert not Publish.objects.exists(), "told once"
    heard.beat()
    assert Glass.objects.get().trouble == "", "heard again"


def test_heartbeats_that_change_nothing_keep_it_from_being_silent(heard):
    for _beat in range(10):
        assert heard(20) == ""
        heard.beat()


def test_where_the_cache_has_forgotten_it_takes_longer_and_nothing_is_flagged_by_mistake(heard):
    for _beat in range(5):
        heard.beat()
        cache.clear()
        assert heard(10) == "", "the row may be a minute old"
    assert heard(90) == Trouble.SILENT


def test_screens_that_are_not_paired_are_not_expected(heard, hall):
    hall.revoke()
    assert heard(300) == ""


def test_a_trouble_that_lasts_is_told_once(heard, hall, monkeypatch):
    told = []
    monkeypatch.setattr("screens.mail.tell", lambda lasting, now: told.append([glass.screen for glass in lasting]))
    heard(30)
    heard(119)
    assert not any(told)
    heard(1)
    assert told[-1] == [hall]
    Glass.objects.update(told_at=timezone.now())
    heard(60)
    assert told[-1] == []
    heard.beat()
    heard(30)
    heard(120)
    assert told[-1] == [hall], "a new trouble"


def test_two_processes_notice_it_at_once_and_publish_once(heard, time_machine):
    heard(29)
    both = list(Glass.objects.all())
    Publish.objects.all().delete()
    time_machine.shift(1)
    for glass in both * 2:
        silence.mark_silent(glass, timezone.now())
    assert Publish.objects.filter(topic=topics.screens()).count() == 1


def test_a_heartbeat_between_the_look_and_the_mark_counts(heard):
    heard(29)
    glass = Glass.objects.get()
    heard.beat()
    silence.mark_silent(glass, timezone.now() + timedelta(seconds=1))
    assert Glass.objects.get().trouble == ""


def test_a_cache_that_misses_what_another_process_has_heard_flags_nothing_by_mistake(heard, hall, time_machine):
    """Redis is back after some minutes, and still has the heartbeat from before. The row is newer."""
    before = beats.newest(hall.pk)
    time_machine.shift(120)
    heard.beat()
    beats.keep(hall.pk, before)
    assert heard(60) == ""
    assert heard(30) == Trouble.SILENT


def test_while_each_process_has_a_cache_of_its_own_the_row_counts(heard, monkeypatch):
    """Redis is away. This process heard it last half a minute ago, and another one may have heard it since."""
    away = []
    monkeypatch.setattr(type(caches["default"]), "was_away", lambda self, within: bool(away), raising=False)
    away.append(1)
    assert heard(40) == ""
    assert heard(50) == Trouble.SILENT
    heard.beat()
    away.clear()
    assert heard(30) == Trouble.SILENT, "it is back: half a minute again"


def test_a_screen_that_was_paired_and_never_heard(hall, time_machine):
    silence.notice(timezone.now() + timedelta(seconds=89))
    assert not Glass.objects.exists(), "its page may still load"
    Publish.objects.all().delete()
    for _process in range(2):
        silence.notice(timezone.now() + timedelta(seconds=95))
    assert Glass.objects.get().trouble == Trouble.SILENT
    assert Publish.objects.filter(topic=topics.screens()).count() == 1


def test_a_screen_that_waits_for_its_pairing_is_not_expected(make_screen):
    make_screen(paired=False)
    silence.notice(timezone.now() + timedelta(hours=1))
    assert not Glass.objects.exists()


def test_silent_from_is_half_a_minute_after_the_newest_heartbeat(heard, hall):
    glass = Glass.objects.get()
    newest = beats.newest(hall.pk)
    assert beats.silent_from(glass, newest) == glass.seen_at + timedelta(seconds=30)
    assert beats.silent_from(glass, None) == glass.seen_at + timedelta(seconds=90)
