"""Places are never lost, whenever somebody who waits gives up; tests/server/test_concurrency.py has who is next."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from places import Places


def run(body):
    with ThreadPoolExecutor(1) as thread:  # in this one the browsers' tests may have left a loop that runs
        thread.submit(asyncio.run, asyncio.wait_for(body(), 10)).result()


def test_a_place_that_comes_free_as_its_next_one_gives_up_stays_free():
    async def body():
        places = Places(1)
        await places.take("a")
        waits = asyncio.create_task(places.take("b", within=10))
        await asyncio.sleep(0)
        waits.cancel()  # its future is cancelled now, and its task runs in the next turn of the loop
        places.give_back("a")
        with pytest.raises(asyncio.CancelledError):
            await waits
        assert (places.free, places.waiting, +places.taken) == (1, {}, {})

    run(body)


STEPS = st.lists(st.tuples(st.sampled_from(["take", "cancel", "give back"]), st.integers(0, 9)), max_size=40)


@given(STEPS, st.lists(st.booleans(), min_size=40, max_size=40))
def test_after_any_order_of_events_all_places_are_free(steps, turns):
    async def body():
        places, tasks = Places(3, for_minor=1), []

        async def hold(who, minor, ends):
            await places.take(who, minor)
            try:
                await ends.wait()
            finally:
                places.give_back(who, minor)

        for (step, number), turn in zip(steps, turns, strict=False):
            if step == "take":
                ends = asyncio.Event()
                tasks.append((asyncio.create_task(hold("abc"[number % 3], number % 2 == 0, ends)), ends))
            elif tasks:
                task, ends = tasks[number % len(tasks)]
                task.cancel() if step == "cancel" else ends.set()
            if turn:
                await asyncio.sleep(0)
        for _task, ends in tasks:
            ends.set()
        await asyncio.gather(*(task for task, _ends in tasks), return_exceptions=True)
        assert all(isinstance(task.exception(), type(None)) for task, _ in tasks if not task.cancelled())
        assert (places.free, places.waiting, +places.taken) == (3, {}, {})

    run(body)
