"""What scans add up to, and when a queued one was made: without the database, with known right answers."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from bookings.events.models.door_rules import Passage, Sync, Way, count, moment_of

IN, OUT = Way.ENTRY, Way.EXIT


def passages(*ways, allows_reentry=True):
    return [Passage(number, way, 1, allows_reentry) for number, way in enumerate(ways)]


@pytest.mark.parametrize(
    ("ways", "people", "twice"),
    [
        ([], 0, set()),
        ([IN], 1, set()),
        ([IN, OUT], 0, set()),
        ([IN, OUT, IN], 1, set()),
        ([OUT, OUT, IN], 1, set()),  # fewer than nobody are never inside
        ([IN, IN], 2, {0, 1}),
        ([IN, IN, OUT], 1, {0, 1}),
        ([IN, OUT, IN, IN], 2, {2, 3}),
    ],
)
def test_entries_and_exits_add_up(ways, people, twice):
    found = count(passages(*ways))
    assert (found.people, found.twice) == (people, twice)


def test_a_list_that_lets_nobody_back_in(settings):
    assert count(passages(IN, OUT, IN, allows_reentry=False)).returned == {2}
    assert not count(passages(IN, OUT, IN)).returned


def test_an_exit_of_nobody_is_told_apart():
    assert count(passages(OUT, IN, OUT, OUT)).of_nobody == {0, 3}


SERVER = datetime(2026, 7, 18, 17, 0, tzinfo=UTC)
FAST = timedelta(seconds=90)
SECOND = timedelta(seconds=1)


def test_the_offset_known_from_the_last_sync_corrects_the_device():
    """Research 5.3: 18:00:05 of a clock that runs 90 s fast is 17:58:35."""
    device_at = SERVER.replace(hour=18, second=5)
    received = SERVER.replace(hour=18, minute=5)
    sync = Sync(SERVER, SERVER + FAST)
    since = device_at - FAST - SERVER
    assert moment_of(device_at, received + FAST, received, sync, since) == SERVER.replace(hour=17, minute=58, second=35)
    assert moment_of(device_at, received + FAST, received, sync, None) == SERVER.replace(hour=17, minute=58, second=35)
    assert moment_of(device_at, received + FAST, received) == SERVER.replace(hour=17, minute=58, second=35)


def test_a_clock_that_somebody_has_set_is_not_believed():
    """An hour back after the sync: the clock that nobody can set says how long ago it was."""
    sync, scanned = Sync(SERVER, SERVER), SERVER + timedelta(minutes=10)
    received, back = SERVER + timedelta(minutes=20), timedelta(hours=1)
    assert moment_of(scanned - back, received - back, received, sync, timedelta(minutes=10)) == scanned
    assert moment_of(scanned, received - back, received, sync, timedelta(minutes=10)) == scanned  # set after the scan


def test_a_device_that_slept_is_believed_by_its_right_clock():
    """The clock that nobody can set stands still while a phone sleeps."""
    sync, scanned = Sync(SERVER, SERVER + FAST), SERVER + timedelta(minutes=30)
    received = SERVER + timedelta(minutes=40)
    assert moment_of(scanned + FAST, received + FAST, received, sync, timedelta(minutes=3)) == scanned


@pytest.mark.parametrize("wrong", [timedelta(days=400), -timedelta(days=400)])
def test_nothing_was_scanned_in_the_future_or_before_the_device_was_heard_of(wrong):
    sync, received = Sync(SERVER, SERVER), SERVER + timedelta(minutes=1)
    assert SERVER <= moment_of(SERVER + wrong, received, received, sync, None) <= received


def test_the_order_of_sending_is_nothing():
    """``count`` is given what was made in order of time, whatever order it came in: so all orders give one answer."""
    made = sorted(passages(IN, IN, OUT, IN))
    assert len({count(sorted(order)) for order in permutations(made)}) == 1
