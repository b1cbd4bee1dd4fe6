"""Quarters of an hour as whole numbers since 1970, and sets of them as the bits of an integer.

A table that is taken for two hours is eight numbers; a day of it is one integer. So whether a party fits is arithmetic
on integers, and what makes selling twice impossible is a unique constraint on a table and a number.
"""

from datetime import UTC, datetime, timedelta

QUARTER = timedelta(minutes=15)
SECONDS = 15 * 60
LONGEST = 48  # slots that no reservation exceeds: twelve hours


def slot_of(moment):
    """The quarter of an hour that a moment is in, an int."""
    return int(moment.timestamp()) // SECONDS


def moment_of(slot):
    """When a quarter begins, in UTC."""
    return datetime.fromtimestamp(slot * SECONDS, UTC)


def slots_for(minutes):
    """How many quarters so many minutes take: 100 minutes take seven."""
    return -(-int(minutes) // 15)


def mask(first, count):
    """The bits of ``count`` slots from ``first`` on; none where that is before the set begins."""
    if first < 0:
        first, count = 0, count + first
    return ((1 << count) - 1) << first if count > 0 else 0


def starts(free, count):
    """Of a set of free slots, those from which ``count`` in a row are free."""
    run = 1
    while run < count:
        step = min(run, count - run)
        free &= free >> step
        run += step
    return free


def members(bits):
    """The numbers of a set, smallest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
