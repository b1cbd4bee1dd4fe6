"""What a serving process does by itself now and then, whoever looks or not: ``@every(seconds)`` in an app's ``chores.py``.

Each process does all of them: a chore does no harm when it is done twice at the same moment.
"""

import asyncio
import logging

from asgiref.sync import sync_to_async

from live.hub import with_database

log = logging.getLogger("airside.live")

CHORES = []


def every(seconds):
    """Have the function called, in a thread, so many seconds after its last call has ended."""

    def register(chore):
        CHORES.append((seconds, chore))
        return chore

    return register


def start(loop):
    """Start all of them on a running or coming event loop. Answers their tasks, which somebody has to keep."""
    return [loop.create_task(for_ever(seconds, chore)) for seconds, chore in CHORES]


async def for_ever(seconds, chore):
    while True:
        await asyncio.sleep(seconds)
        try:
            await sync_to_async(with_database, thread_sensitive=False)(chore)
        except Exception as fault:
            log.warning("%s failed, again in %s s: %r", chore.__name__, seconds, fault)
