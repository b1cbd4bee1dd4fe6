"""What a process does by itself: again and again, whatever happens in between."""

import asyncio
import threading

import pytest

from live import periodic

pytestmark = pytest.mark.django_db(transaction=True)  # a chore has the database


def do_until(done):
    """Run the chores until this is set."""

    async def serve():
        tasks = periodic.start(asyncio.get_running_loop())
        assert await asyncio.to_thread(done.wait, 20)
        for task in tasks:
            task.cancel()

    asyncio.run(serve())


def test_a_chore_that_fails_is_done_again(monkeypatch):
    times, done = [], threading.Event()

    def chore():
        times.append(len(times))
        if len(times) < 3:
            raise OSError("the database is away")
        done.set()

    monkeypatch.setattr(periodic, "JOBS", [(0.01, chore)])
    do_until(done)
    assert times[:3] == [0, 1, 2]


def test_one_that_takes_long_keeps_no_other_from_its_turn(monkeypatch):
    free, quick = threading.Event(), threading.Event()

    def other():
        quick.set()
        free.set()

    monkeypatch.setattr(periodic, "JOBS", [(0, lambda: free.wait(20)), (0.01, other)])
    do_until(quick)
