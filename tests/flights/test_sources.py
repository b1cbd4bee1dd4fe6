"""Sources of flight updates: their keys, and how boards show that a source is silent."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from tracking.flights.models import Source
from tracking.flights.travellers.regions import ArrivalsBoard, DeparturesBoard, NextDepartures

NOON = datetime(2026, 7, 10, 16, 0, tzinfo=UTC)  # noon in New York


@pytest.fixture
def clock(airports):
    """A clock that stands still until it is moved."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


# Keys


def test_a_key_is_long_and_new_each_time(db):
    keys = {Source.objects.issue(name)[1] for name in ("tower", "airline", "tower")}
    assert len(keys) == 3
    assert all(len(key) >= 43 for key in keys), "256 bits"


def test_only_a_hash_of_the_key_is_stored(source):
    kept = Source.objects.values().get(pk=source.pk)
    assert source.key not in map(str, kept.values())
    assert Source.objects.holding(source.key) == source
    assert Source.objects.holding(kept["key_hash"]) is None


def test_a_new_key_ends_the_old_one_and_no_others(source, assert_published):
    _other, others_key = Source.objects.issue("airline")
    with assert_published("flight-feeds"):
        same, key = Source.objects.issue("tower")
    assert same == source
    assert Source.objects.holding(source.key) is None
    assert Source.objects.holding(key) == source
    assert Source.objects.holding(others_key).name == "airline"


@pytest.mark.parametrize("key", ["", " ", "wrong", "\x00", "k" * 10_000])
def test_an_unknown_key_finds_no_source(source, key):
    assert Source.objects.holding(key) is None


def test_a_revoked_key_is_not_accepted(source, assert_published):
    with assert_published("flight-feeds"):
        source.revoke()
    assert Source.objects.holding(source.key) is None


def test_revoking_twice_keeps_the_first_time(clock, source, assert_published):
    source.revoke()
    clock.shift(60)
    with assert_published():
        Source.objects.get().revoke()
    assert Source.objects.get().revoked_at == NOON


def test_a_revoked_source_needs_a_new_key(source):
    source.revoke()
    _same, key = Source.objects.issue("tower")
    assert Source.objects.holding(key) == source
    assert Source.objects.holding(source.key) is None


def test_two_sources_never_share_a_name(source):
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.create(name="tower", key_hash="another")


# Silence


def test_a_source_that_never_called_is_not_silent(clock, source):
    clock.shift(timedelta(days=1))
    assert source.silent_from is None
    assert not source.is_silent
    assert not Source.objects.in_use().exists()


@pytest.mark.parametrize("seconds", [300, 60])
def test_a_source_is_silent_after_its_seconds_without_a_call(clock, source, seconds):
    source.allow_silence(seconds)
    source.record_call()
    clock.shift(seconds - 1)
    assert not source.is_silent
    clock.shift(1)
    assert source.is_silent
    source.record_call()
    assert not source.is_silent


def test_each_call_is_recorded_and_published_once_a_minute(clock, source, assert_published):
    with assert_published("flight-feeds"):
        source.record_call()
    for _call in range(3):
        clock.shift(19)
        with assert_published():
            Source.objects.get().record_call()
    assert Source.objects.get().heard_at == NOON + timedelta(seconds=57)
    clock.shift(3)
    with assert_published("flight-feeds"):
        Source.objects.get().record_call()


def test_the_same_minute_of_another_hour_is_published_too(clock, source, assert_published):
    source.record_call()
    clock.shift(timedelta(hours=1))
    with assert_published("flight-feeds"):
        source.record_call()


def test_a_call_does_not_undo_a_change_of_the_source(clock, source):
    heard = Source.objects.get()
    source.allow_silence(60)
    source.revoke()
    heard.record_call()
    assert (Source.objects.get().silent_after, Source.objects.get().revoked_at) == (60, NOON)
    assert Source.objects.holding(source.key) is None


def test_a_new_allowed_silence_is_published_and_does_not_undo_a_call(clock, source, assert_published):
    before = Source.objects.get()
    source.record_call()
    with assert_published("flight-feeds"):
        before.allow_silence(60)
    assert (Source.objects.get().silent_after, Source.objects.get().heard_at) == (60, NOON)


# Boards


@pytest.mark.parametrize("board", [DeparturesBoard, ArrivalsBoard, NextDepartures])
def test_boards_show_the_silence_on_their_own_clock(clock, source, board):
    source.record_call()
    region = board(iata="LHR")
    assert "flight-feeds" in region.topics()
    heard = region.render()
    assert "No feed" not in heard.html
    stale_at = region.stale_at(heard.read_at)
    assert stale_at == source.silent_from
    clock.move_to(stale_at - timedelta(seconds=1))
    assert "No feed" not in region.render().html
    clock.move_to(stale_at)
    assert "No feed since 17:00." in region.render().html
    source.record_call()
    assert "No feed" not in region.render().html


def test_boards_do_not_mention_a_revoked_source(clock, source):
    source.record_call()
    clock.shift(301)
    assert "No feed" in DeparturesBoard(iata="JFK").render().html
    source.revoke()
    assert "No feed" not in DeparturesBoard(iata="JFK").render().html


def test_calls_within_a_minute_do_not_change_a_board(clock, source):
    source.record_call()
    board = DeparturesBoard(iata="JFK")
    before = board.render().version
    clock.shift(59)
    source.record_call()
    assert board.render().version == before
    clock.shift(1)
    source.record_call()
    assert board.render().version != before
