"""Whether this process can do its work, for /readyz: named checks, each with a limit of time.

An app adds its own in its health.py, with ``@check("name")``: a function, run in a thread, or a coroutine function.
It returns when all is well, and otherwise raises: ``Trouble`` with words that anybody may read, or whatever it met.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from inspect import iscoroutinefunction

from django.db import connection

from live import outbox
from live.hub import hub
from live.threads import with_database

WITHIN = 2  # seconds; what answers later doesn't answer
checks = []
threads = ThreadPoolExecutor(8, thread_name_prefix="health")


class Trouble(Exception):
    """What is wrong, without a word on whom or where: everybody may ask /readyz."""


class Check:
    def __init__(self, name, vital, job):
        self.name, self.vital, self.job = name, vital, job
        self.running = None

    async def ask(self):
        """What became of it: ``ok``, ``vital``, ``ms``, and where it is not ok its ``problem``."""
        began, problem = time.monotonic(), None
        try:
            async with asyncio.timeout(WITHIN):
                await self.run()
        except TimeoutError:
            problem = f"no answer in {WITHIN} seconds"
        except Trouble as trouble:
            problem = str(trouble)
        except Exception as fault:
            problem = type(fault).__name__
        result = {"ok": problem is None, "vital": self.vital, "ms": round((time.monotonic() - began) * 1000)}
        return result | ({"problem": problem} if problem else {})

    async def run(self):
        if iscoroutinefunction(self.job):
            await self.job()
            return
        if self.running is None or self.running.done():  # one that hangs holds one thread, however often we are asked
            self.running = threads.submit(with_database, self.job)
        await asyncio.shield(asyncio.wrap_future(self.running))


def check(name, vital=True):
    """Add a check. One that is not vital is only told of: the process serves as well as any other without it."""

    def add(job):
        checks.append(Check(name, vital, job))
        return job

    return add


async def ask():
    """``(ready, {name: result})``: all checks at once. Ready is who passes those that are vital."""
    results = await asyncio.gather(*(one.ask() for one in checks))
    ready = all(result["ok"] for result in results if result["vital"])
    return ready, {one.name: result for one, result in zip(checks, results, strict=True)}


@check("database")
def database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@check("hub")
async def hub_runs():
    if fault := hub.fault():
        raise Trouble(fault)


@check("layer", vital=False)
async def layer():
    """Whether a hint comes through to this process's hub: an empty one, to all.

    Without it changes come by the outbox, two seconds later. All processes share the layer, and would all go at once.
    """
    hub.hinted.clear()
    await outbox.send({"type": "live.hint", "rows": []})
    if hub.tasks:
        await hub.hinted.wait()
