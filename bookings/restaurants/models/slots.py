"""Slots: quarters of an hour, numbered since 1970. A set of slots is an integer with one bit for each.

Whether a party fits is then arithmetic on integers, and a unique constraint on a table and a slot makes it impossible to
give a table to two parties.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

QUARTER = timedelta(minutes=15)
SECONDS = 15 * 60
LONGEST = 48  # slots that no reservation exceeds: twelve hours


def slot_of(moment: datetime) -> int:
    """The slot that a moment is in."""
    return int(moment.timestamp()) // SECONDS


def moment_of(slot: int) -> datetime:
    """When a slot begins, in UTC."""
    return datetime.fromtimestamp(slot * SECONDS, UTC)


def slots_for(minutes: float) -> int:
    """How many slots cover this many minutes: seven for 100."""
    return -(-int(minutes) // 15)


def mask(first: int, count: int) -> int:
    """The set of ``count`` slots from ``first`` on, without those before 0."""
    if first < 0:
        first, count = 0, count + first
    return ((1 << count) - 1) << first if count > 0 else 0


def starts(free: int, count: int) -> int:
    """The slots of a set from which ``count`` slots in a row are in the set."""
    run = 1
    while run < count:
        step = min(run, count - run)
        free &= free >> step
        run += step
    return free


def members(bits: int) -> Iterator[int]:
    """The slots of a set, the earliest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
