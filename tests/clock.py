"""What time it is in the tests: a Wednesday afternoon in New York, at whatever hour and on whatever day they run.

So no test depends on when it runs: no day, no service and no clock change ends or begins in the middle of one. The clock
runs on. A test about another hour says so (``time_machine.move_to``, ``time_machine.travel``). Where a server or a browser
takes part, which have a clock of their own, the time is the real one, and the cast's airports are in a zone where it is
afternoon: tests/cast/flights.py.
"""

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

AFTERNOON = datetime(2026, 11, 18, 19, tzinfo=UTC)
BEGAN = time.monotonic()


def on_real_time(item):
    """Whether the test runs on the real time, as those with a server do (tests/scheduling.py)."""
    return any(item.get_closest_marker(name) for name in ("served", "alone"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Around all of a test, with the fixtures that are made for it and used by later ones."""
    if on_real_time(item):
        return (yield)
    with time_machine.travel(AFTERNOON + timedelta(seconds=time.monotonic() - BEGAN)):
        return (yield)
