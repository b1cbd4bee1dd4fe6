"""Waiting for what another thread, process or task does: until it is so, and never for a fixed time."""

import asyncio
import time


def until(condition, seconds=20, why="it never came"):
    """Ask until the condition is true; gives what it answered. Fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, why() if callable(why) else why
        time.sleep(0.05)
    return answer


async def until_async(condition, seconds=20, why="it never came"):
    """The same inside an event loop."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, why
        await asyncio.sleep(0.005)
    return answer
