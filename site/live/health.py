"""Whether this process can do its work, for /readyz: named checks, each with a time limit.

An app adds its own in its health.py, with ``@check("name")``: a function, run in a thread, or a coroutine function.
It returns when all is well. Otherwise it raises ``Trouble`` with words that anybody may read, or any other exception.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from inspect import iscoroutinefunction
from typing import Any, TypeVar

from django.db import connection

from live import outbox
from live.hub import hub
from live.threads import with_database

Job = Callable[[], Any]
J = TypeVar("J", bound=Job)

WITHIN = 2  # seconds; a check that takes longer has failed
checks: list["Check"] = []
threads = ThreadPoolExecutor(8, thread_name_prefix="health")


class Trouble(Exception):
    """What is wrong, without names or addresses, since anybody may ask /readyz."""


class Check:
    def __init__(self, name: str, vital: bool, job: Job) -> None:
        self.name, self.vital, self.job = name, vital, job
        self.running: Future[Any] | None = None

    async def ask(self) -> dict[str, Any]:
        """Its result: ``ok``, ``vital``, ``ms``, and its ``problem`` where it is not ok."""
        began = time.monotonic()
        problem: str | None = None
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

    async def run(self) -> None:
        if iscoroutinefunction(self.job):
            await self.job()
            return
        if (
            self.running is None or self.running.done()
        ):  # a check that hangs holds one thread, however often /readyz is asked
            self.running = threads.submit(with_database, self.job)
        await asyncio.shield(asyncio.wrap_future(self.running))


def check(name: str, vital: bool = True) -> Callable[[J], J]:
    """Add a check. Only the failure of a vital one makes the process not ready; others are just listed."""

    def add(job: J) -> J:
        checks.append(Check(name, vital, job))
        return job

    return add


async def ask() -> tuple[bool, dict[str, dict[str, Any]]]:
    """Run all checks at once: ``(ready, {name: result})``. Ready means that all vital ones pass."""
    results = await asyncio.gather(*(one.ask() for one in checks))
    ready = all(result["ok"] for result in results if result["vital"])
    return ready, {one.name: result for one, result in zip(checks, results, strict=True)}


@check("database")
def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@check("hub")
async def hub_runs() -> None:
    if fault := hub.fault():
        raise Trouble(fault)


@check("layer", vital=False)
async def layer() -> None:
    """Whether a hint reaches this process's hub: an empty one, sent to all.

    Not vital: without hints changes come two seconds later, from the outbox, and since all processes share the layer,
    all would be taken out at once.
    """
    hub.listener.hinted.clear()
    await outbox.send({"type": "live.hint", "rows": []})
    if hub.tasks:
        await hub.listener.hinted.wait()
